//! What is denied while a policy is not there, and nobody knows what it would judge.
//!
//! Every message, and whatever else could carry something from one person to another: any text, and any attribute
//! that is not known to hold a token. Addresses are let through as they are: a stanza goes by them.
//! The shim's gate (`gate.lib.lua`) says the same for when the library itself is missing; `tests/closed.txt` holds
//! them together.

use prosody_stanza::{Element, Stanza};

use crate::bindings::StanzaKind;

/// An element that passes; its attributes hold tokens.
struct Shape {
    name: &'static str,
    namespace: &'static str,
    attributes: &'static [&'static str],
    children: &'static [Shape],
}

const fn shape(name: &'static str, namespace: &'static str, attributes: &'static [&'static str]) -> Shape {
    Shape { name, namespace, attributes, children: &[] }
}

const MUC: &str = "http://jabber.org/protocol/muc";
/// XEP-0115, and the wish to enter a room (XEP-0045).
const IN_PRESENCE: &[Shape] = &[
    shape("c", "http://jabber.org/protocol/caps", &["ext", "hash", "node", "ver"]),
    Shape {
        name: "x",
        namespace: MUC,
        attributes: &[],
        children: &[shape("history", MUC, &["maxchars", "maxstanzas", "seconds", "since"])],
    },
];
const TO_PEOPLE: &[Shape] = &[shape("ping", "urn:xmpp:ping", &[])];
const TO_SERVICES: &[Shape] = &[
    shape("ping", "urn:xmpp:ping", &[]),
    shape("query", "http://jabber.org/protocol/disco#info", &["node"]),
    shape("query", "http://jabber.org/protocol/disco#items", &["node"]),
];
/// What a user may change in their own account: nobody else can read it there. All that is published is not here.
const OWN_ORDERS: [&str; 4] =
    ["jabber:iq:roster", "urn:ietf:params:xml:ns:xmpp-session", "urn:xmpp:carbons:2", "urn:xmpp:mam:2"];
/// Of presence and IQs (RFC 6120 §8.2.3, RFC 6121 §4.7.1).
const TYPES: [&str; 10] =
    ["error", "get", "probe", "result", "set", "subscribe", "subscribed", "unavailable", "unsubscribe", "unsubscribed"];
const LONGEST_TOKEN: usize = 256;

/// Is a stanza denied?
pub fn denies(kind: StanzaKind, stanza: &Stanza) -> bool {
    let root = stanza.root();
    match kind {
        StanzaKind::Message => true,
        _ if root.carries_text() => true,
        StanzaKind::Iq => !passes_iq(root),
        StanzaKind::Presence => !passes(root, IN_PRESENCE),
    }
}

fn passes_iq(root: Element<'_>) -> bool {
    let bare = |name| root.attribute(name).and_then(|address: &str| address.split('/').next());
    let from = bare("from");
    let Some(to) = bare("to").filter(|to| from != Some(to)) else {
        return passes_at_home(root);
    };
    match from.and_then(|from| from.split_once('@')) {
        Some((_, server)) if server == to => passes_at_home(root),
        _ if to.contains('@') => passes(root, TO_PEOPLE),
        _ => passes(root, TO_SERVICES),
    }
}

/// To the sender's own account or server, which tells nobody what it was asked, nor how.
fn passes_at_home(root: Element<'_>) -> bool {
    root.attribute("type") != Some("set") || root.child_elements().all(|child| OWN_ORDERS.contains(&child.namespace()))
}

fn passes(root: Element<'_>, shapes: &[Shape]) -> bool {
    is_plain(root) && all_fit(root, shapes)
}

/// Does the stanza itself say no more than where it goes and what it is?
fn is_plain(root: Element<'_>) -> bool {
    root.attributes().all(|(name, value)| match name {
        "to" | "from" => true,
        "type" => TYPES.contains(&value),
        "id" => is_token(value),
        "xml:lang" => is_language(value),
        _ => false,
    })
}

fn all_fit(element: Element<'_>, shapes: &[Shape]) -> bool {
    element.child_elements().all(|child| shapes.iter().any(|shape| fits(child, shape)))
}

fn fits(element: Element<'_>, shape: &Shape) -> bool {
    element.is(shape.name, shape.namespace)
        && element.attributes().all(|(name, value)| shape.attributes.contains(&name) && is_token(value))
        && all_fit(element, shape.children)
}

/// Printable ASCII without a space, as software makes it: identifiers, URIs, Base64, times.
fn is_token(text: &str) -> bool {
    text.len() <= LONGEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// `de`, `pt-BR`, `zh-Hans-CN`: more would be room for a word. Prosody gives each stanza the language of its stream.
fn is_language(tag: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let without_region = without_end(tag, |part| part.len() == 2 && letters(part) || part.len() == 3 && digits(part));
    let language = without_end(without_region, |part| part.len() == 4 && letters(part));
    tag.is_empty() || (2..=3).contains(&language.len()) && letters(language)
}

fn without_end(tag: &str, is_such: impl Fn(&str) -> bool) -> &str {
    tag.rsplit_once('-').filter(|(_, part)| is_such(part)).map_or(tag, |(rest, _)| rest)
}

#[cfg(test)]
mod tests {
    use prosody_stanza::{Limits, xml};

    use super::*;

    fn kind_of(stanza: &Stanza) -> StanzaKind {
        match stanza.root().name() {
            "message" => StanzaKind::Message,
            "presence" => StanzaKind::Presence,
            name => {
                assert_eq!(name, "iq");
                StanzaKind::Iq
            }
        }
    }

    fn check(text: &str, expected: bool) {
        let stanza = xml::parse(text, "jabber:client", &Limits::default()).unwrap();
        assert_eq!(denies(kind_of(&stanza), &stanza), expected, "{text}");
    }

    #[test]
    fn denials() {
        for row in include_str!("../../../tests/closed.txt").lines().filter(|row| row.contains('<')) {
            let (verdict, text) = row.split_once(' ').unwrap();
            assert!(["passes", "denied"].contains(&verdict), "{row}");
            check(text, verdict == "denied");
        }
    }

    #[test]
    fn tokens_have_an_end() {
        check(&format!("<presence id='{}'/>", "x".repeat(256)), false);
        check(&format!("<presence id='{}'/>", "x".repeat(257)), true);
    }
}
