//! OMEMO (XEP-0384), the deployed format and the current one.

use prosody_stanza::Element;

use crate::Container;
use crate::opaque::Opaque;
use crate::shape::{is_bare, is_boolean, is_leaf, is_number};

/// The smallest thing that OMEMO calls a key: a ratchet message around 16 bytes of key.
const KEY_LENGTH: usize = 32;

/// More devices than fit into a message that Prosody takes from a client (256 KiB). There are a few
/// milliseconds to look at them.
const MOST_KEYS: usize = 1_250;

/// `<header sid><key rid prekey?/>…<iv/></header><payload/>?`
pub fn legacy(encrypted: Element<'_>) -> Option<Container> {
    let (header, payload) = parts(encrypted)?;
    let (mut keys, mut ivs) = (0, 0);
    for child in children(header)? {
        match child.name() {
            "key" if keys < MOST_KEYS && is_key(child, "prekey") => keys += 1,
            "iv" if is_leaf(child, &[]) && matches!(Opaque::parse(&child.text())?.len(), 12 | 16) => ivs += 1,
            _ => return None,
        }
    }
    content(keys > 0 && ivs == 1, payload, |length| length > 0)
}

/// `<header sid><keys jid><key rid kex?/>…</keys>…</header><payload/>?`; the payload is AES-CBC.
pub fn current(encrypted: Element<'_>) -> Option<Container> {
    let (header, payload) = parts(encrypted)?;
    let mut keys = 0;
    for recipient in children(header)? {
        let named = recipient.name() == "keys" && is_bare(recipient, &["jid"]);
        if !named || !recipient.attribute("jid").is_some_and(is_address) {
            return None;
        }
        for key in children(recipient)? {
            if keys == MOST_KEYS || key.name() != "key" || !is_key(key, "kex") {
                return None;
            }
            keys += 1;
        }
    }
    content(keys > 0, payload, |length| length > 0 && length % 16 == 0)
}

/// The one header and the payload, if there is nothing else.
fn parts(encrypted: Element<'_>) -> Option<(Element<'_>, Option<Element<'_>>)> {
    let mut header = None;
    let mut payload = None;
    for child in children(encrypted).filter(|_| is_bare(encrypted, &[]))? {
        let place = match child.name() {
            "header" => &mut header,
            "payload" if is_leaf(child, &[]) => &mut payload,
            _ => return None,
        };
        if place.replace(child).is_some() {
            return None;
        }
    }
    let header: Element<'_> = header?;
    (is_bare(header, &["sid"]) && is_number(header, "sid")).then_some((header, payload))
}

/// The children, if all of them are in the namespace of their parent.
fn children<'a>(parent: Element<'a>) -> Option<impl Iterator<Item = Element<'a>>> {
    if parent.children().nth(2 * MOST_KEYS).is_some() {
        return None;
    }
    parent.child_elements().all(|child| child.is_in_namespace_of(parent)).then(|| parent.child_elements())
}

fn content(keys: bool, payload: Option<Element<'_>>, fits: impl Fn(usize) -> bool) -> Option<Container> {
    if !keys {
        return None;
    }
    let Some(payload) = payload else { return Some(Container::KeyTransport) };
    fits(Opaque::parse(&payload.text())?.len()).then_some(Container::Ciphertext)
}

fn is_key(key: Element<'_>, flag: &str) -> bool {
    is_leaf(key, &["rid", flag])
        && is_number(key, "rid")
        && is_boolean(key, flag)
        && Opaque::parse(&key.text()).is_some_and(|bytes| bytes.len() >= KEY_LENGTH)
}

fn is_address(jid: &str) -> bool {
    (1..=2047).contains(&jid.len()) && !jid.contains(|character: char| character.is_whitespace() || character == '/')
}
