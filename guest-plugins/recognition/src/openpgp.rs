//! OpenPGP in messages: XEP-0373 and XEP-0027.

use prosody_stanza::Element;

use crate::Container;
use crate::opaque::Opaque;
use crate::packets::{Packet, Packets};
use crate::shape::is_leaf;

const PUBLIC_KEY_SESSION: u8 = 1;
const SIGNATURE: u8 = 2;
const PASSWORD_SESSION: u8 = 3;
const ENCRYPTED_WITH_INTEGRITY: u8 = 18;
const ENCRYPTED_WITH_AEAD: u8 = 20;

/// The prefix, the shortest literal packet and the integrity code.
const SHORTEST: usize = 32;

/// More sessions than people write to at once.
const MOST_PACKETS: usize = 1024;

/// `<openpgp>` of XEP-0373: base64 of binary packets.
pub fn content(openpgp: Element<'_>) -> Option<Container> {
    let leaf = is_leaf(openpgp, &[]).then(|| openpgp.text())?;
    is_encrypted(&Opaque::parse(&leaf)?).then_some(Container::Ciphertext)
}

/// `<x>` of XEP-0027: the inside of an armor, without its first and last line and its headers.
pub fn armored(x: Element<'_>) -> Option<Container> {
    let leaf = is_leaf(x, &[]).then(|| x.text())?;
    is_encrypted(&unarmored(&leaf)?).then_some(Container::Ciphertext)
}

/// Is this the inside of an armor around signatures and nothing else (XEP-0027 §4.1)?
pub fn is_signature(text: &str) -> bool {
    let Some(bytes) = unarmored(text).filter(|bytes| !bytes.is_empty()) else { return false };
    let mut packets = Packets::of(&bytes);
    for _ in 0..MOST_PACKETS {
        if packets.is_done() {
            return true;
        }
        if !packets.next().is_some_and(|packet| packet.tag == SIGNATURE && !is_text(&bytes, packet)) {
            return false;
        }
    }
    false
}

/// Takes off the checksum: a last line of `=` and four digits of base64.
fn unarmored(text: &str) -> Option<Opaque<'_>> {
    let text = text.trim_ascii();
    match text.rsplit_once('\n') {
        Some((inside, last)) if last.starts_with('=') => {
            Opaque::parse(&last[1..]).filter(|checksum| checksum.len() == 3)?;
            Opaque::parse(inside)
        }
        _ => Opaque::parse(text),
    }
}

/// Session keys, then one encrypted packet, then nothing (RFC 9580 §10.3).
fn is_encrypted(bytes: &Opaque<'_>) -> bool {
    let mut packets = Packets::of(bytes);
    for sessions in 0..MOST_PACKETS {
        let Some(packet) = packets.next().filter(|packet| !is_text(bytes, *packet)) else { return false };
        let version = bytes.read(packet.start, packet.part.min(1)).and_then(|bytes| bytes.first().copied());
        match (packet.tag, version) {
            (PUBLIC_KEY_SESSION, Some(3 | 6)) if packet.length > 10 => {}
            (PASSWORD_SESSION, Some(4..=6)) if packet.length >= 4 => {}
            (ENCRYPTED_WITH_INTEGRITY | ENCRYPTED_WITH_AEAD, Some(1 | 2)) => {
                return sessions > 0 && packet.length >= SHORTEST && packets.is_done();
            }
            _ => return false,
        }
    }
    false
}

/// Behind the version, is it readable?
fn is_text(bytes: &Opaque<'_>, packet: Packet) -> bool {
    packet.part > 0 && bytes.is_readable(packet.start + 1, packet.part - 1)
}
