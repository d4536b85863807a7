//! OpenPGP in messages: XEP-0373 and XEP-0027.

use prosody_stanza::Element;

use crate::Container;
use crate::opaque::{decode, is_readable};
use crate::packets::{self, Packet};
use crate::shape::is_leaf;

const PUBLIC_KEY_SESSION: u8 = 1;
const SIGNATURE: u8 = 2;
const PASSWORD_SESSION: u8 = 3;
const ENCRYPTED_WITH_INTEGRITY: u8 = 18;
const ENCRYPTED_WITH_AEAD: u8 = 20;

/// The prefix, the shortest literal packet and the integrity code.
const SHORTEST: usize = 32;

/// `<openpgp>` of XEP-0373: base64 of binary packets.
pub fn content(openpgp: Element<'_>) -> Option<Container> {
    let leaf = is_leaf(openpgp, &[]).then(|| openpgp.text())?;
    is_encrypted(&decode(&leaf)?).then_some(Container::Ciphertext)
}

/// `<x>` of XEP-0027: the inside of an armor, without its first and last line and its headers.
pub fn armored(x: Element<'_>) -> Option<Container> {
    let leaf = is_leaf(x, &[]).then(|| x.text())?;
    is_encrypted(&unarmored(&leaf)?).then_some(Container::Ciphertext)
}

/// Is this the inside of an armor around signatures and nothing else (XEP-0027 §4.1)?
pub fn is_signature(text: &str) -> bool {
    let Some(bytes) = unarmored(text) else { return false };
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        if !packets::next(&mut rest).is_some_and(|packet| packet.tag == SIGNATURE && !is_text(&packet)) {
            return false;
        }
    }
    !bytes.is_empty()
}

/// Takes off the checksum: a last line of `=` and four digits of base64.
fn unarmored(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    let checksum = text.len().checked_sub(5).filter(|at| text.as_bytes()[*at] == b'=' && *at > 0);
    match checksum {
        Some(at) if text.as_bytes()[at - 1] == b'\n' => {
            decode(&text[at + 1..])?;
            decode(&text[..at])
        }
        _ => decode(text),
    }
}

/// Session keys, then one encrypted packet, then nothing (RFC 9580 §10.3).
fn is_encrypted(mut bytes: &[u8]) -> bool {
    let mut sessions = 0;
    while let Some(packet) = packets::next(&mut bytes) {
        if is_text(&packet) {
            return false;
        }
        match packet.tag {
            PUBLIC_KEY_SESSION | PASSWORD_SESSION if is_session(&packet) => sessions += 1,
            ENCRYPTED_WITH_INTEGRITY | ENCRYPTED_WITH_AEAD => {
                let versioned = matches!(packet.body.first(), Some(1 | 2));
                return sessions > 0 && versioned && packet.length >= SHORTEST && bytes.is_empty();
            }
            _ => return false,
        }
    }
    false
}

fn is_session(packet: &Packet<'_>) -> bool {
    match packet.tag {
        PUBLIC_KEY_SESSION => matches!(packet.body.first(), Some(3 | 6)) && packet.length > 10,
        _ => matches!(packet.body.first(), Some(4..=6)) && packet.length >= 4,
    }
}

fn is_text(packet: &Packet<'_>) -> bool {
    packet.body.get(1..).is_some_and(is_readable)
}
