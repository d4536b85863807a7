//! A stanza without what people wrote and who they are.
//!
//! Names, namespaces and the order of elements stay: they are what protocols are made of. Every text and every value
//! becomes a hash under a key that is thrown away, in a form like the one it had where policies look at the form:
//! ciphertext stays base64 of the same length, a number a number, an address an address. Equal values stay equal.

use std::hash::{BuildHasher, RandomState};

use prosody_stanza::{Builder, Element, Excess, Limits, Node, Stanza};
use sha2::{Digest, Sha256};

/// Values that say what a stanza is. None of them can carry more than that.
const KEPT: [&str; 28] = [
    "",
    "chat",
    "normal",
    "headline",
    "groupchat",
    "error",
    "get",
    "set",
    "result",
    "unavailable",
    "subscribe",
    "subscribed",
    "unsubscribe",
    "unsubscribed",
    "probe",
    "true",
    "false",
    "0",
    "1",
    "form",
    "submit",
    "cancel",
    "text",
    "text-single",
    "auth",
    "wait",
    "modify",
    "continue",
];
/// Nodes and keys of protocols, by how they begin.
const PROTOCOLS: [&str; 4] = ["urn:xmpp:", "http://jabber.org/", "eu.siacs.conversations.axolotl", "storage:"];
/// Bytes of a name or namespace that is kept. Those of protocols are shorter.
const NAME: usize = 64;
/// Characters from which a text in the alphabet of base64 is taken for ciphertext.
const CIPHERTEXT: usize = 12;
/// Digits of a number that is taken for one.
const DIGITS: usize = 10;

/// Replaces texts, addresses and ids. Another one replaces them by others.
#[derive(Default)]
pub struct Redaction {
    key: RandomState,
}

impl Redaction {
    /// The stanza with its structure and without its content. `None` when it has become too large: what replaces a
    /// value of one character is longer.
    pub fn redacted(&self, stanza: &Stanza) -> Option<Stanza> {
        let mut builder = Builder::new(Limits::default());
        self.copy(stanza.root(), &mut builder).and_then(|()| builder.finish()).ok()
    }

    /// Anything else that somebody wrote, or that names somebody.
    pub fn text(&self, text: &str) -> String {
        self.value(text)
    }

    /// At most as deep as a stanza may be.
    fn copy(&self, element: Element<'_>, builder: &mut Builder) -> Result<(), Excess> {
        builder.open(self.name(element.name()).as_bytes(), Some(self.name(element.namespace()).as_bytes()))?;
        for (name, value) in element.attributes() {
            match name {
                "xmlns" => builder.attribute(name.as_bytes(), self.name(value).as_bytes())?,
                _ => builder.attribute(self.name(name).as_bytes(), self.value(value).as_bytes())?,
            }
        }
        for child in element.children() {
            match child {
                Node::Text(_, text) if text.trim().is_empty() => builder.text(text.as_bytes())?,
                Node::Text(_, text) => builder.text(self.value(text).as_bytes())?,
                Node::Element(child) => self.copy(child, builder)?,
            }
        }
        builder.close()
    }

    fn name(&self, name: &str) -> String {
        if name.len() <= NAME { name.to_owned() } else { format!("hash-{}", self.word(name)) }
    }

    fn value(&self, value: &str) -> String {
        let is_protocol = value.len() <= NAME && PROTOCOLS.iter().any(|protocol| value.starts_with(protocol));
        if KEPT.contains(&value) || is_protocol {
            return value.to_owned();
        }
        if value.len() <= DIGITS && value.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.like(value, |random| char::from(b'1' + random % 9));
        }
        if is_base64(value) {
            return self.base64(value);
        }
        if value.contains('@') && !value.contains(char::is_whitespace) {
            return self.address(value);
        }
        self.word(value)
    }

    /// As long as it was, padding included.
    fn base64(&self, value: &str) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let digits = value.trim_end_matches('=');
        // The last digit before padding has bits that must be zero: the first of the alphabet has no others.
        let whole = digits.len() - usize::from(digits.len() < value.len());
        let mut text = self.like(&digits[..whole], |random| char::from(ALPHABET[usize::from(random % 64)]));
        text.extend(std::iter::repeat_n('A', digits.len() - whole));
        text.push_str(&value[digits.len()..]);
        text
    }

    fn address(&self, address: &str) -> String {
        let (bare, resource) = address.split_once('/').unwrap_or((address, ""));
        let (node, host) = bare.split_once('@').unwrap_or((bare, ""));
        let resource = if resource.is_empty() { String::new() } else { format!("/{}", self.word(resource)) };
        format!("{}@{}.invalid{resource}", self.word(node), self.word(host))
    }

    /// Eight letters.
    fn word(&self, value: &str) -> String {
        self.stream(value).take(8).map(|random| char::from(b'a' + random % 26)).collect()
    }

    fn like(&self, value: &str, character: impl Fn(u8) -> char) -> String {
        self.stream(value).take(value.len()).map(character).collect()
    }

    /// Bytes without end that depend on the value and the key alone.
    fn stream(&self, value: &str) -> impl Iterator<Item = u8> {
        let key = [self.key.hash_one(0_u8), self.key.hash_one(1_u8)].map(u64::to_be_bytes).concat();
        let seed = Sha256::new().chain_update(key).chain_update(value).finalize();
        (0_u64..).flat_map(move |block| Sha256::new().chain_update(seed).chain_update(block.to_be_bytes()).finalize())
    }
}

fn is_base64(value: &str) -> bool {
    let digits = value.trim_end_matches('=');
    value.len() >= CIPHERTEXT
        && value.len().is_multiple_of(4)
        && value.len() - digits.len() <= 2
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}

#[cfg(test)]
mod tests {
    use prosody_stanza::xml;

    use super::*;

    fn redacted(text: &str) -> String {
        let stanza = xml::parse(text, "jabber:client", &Limits::default()).unwrap();
        Redaction::default().redacted(&stanza).unwrap().to_xml()
    }

    #[test]
    fn nothing_readable_is_left() {
        let text = "<message to='bob@example.org/phone' from='alice@example.net' id='q1w2' type='chat' xml:lang='en'>\
            <body>meetings this afternoon</body><encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='2054878932'>\
            <key rid='9173482' prekey='true'>MwohBcoAJ2Xe/9c=</key></header><payload>c2VjcmV0LXNlY3JldA==</payload></encrypted>\
            <x xmlns='urn:example:x' secret='meetings'>Straßenecke</x></message>";
        // What stands in its place is random: looked for is nothing so short that it could come by chance.
        let shown = redacted(text);
        for secret in [
            "bob@",
            "alice",
            "example.org",
            "example.net",
            "phone",
            "q1w2",
            "meetings",
            "afternoon",
            "2054878932",
            "9173482",
            "Mwoh",
            "c2Vj",
            "Straß",
        ] {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
        for kept in [
            "type=\"chat\"",
            "eu.siacs.conversations.axolotl",
            "prekey=\"true\"",
            "urn:example:x",
            "<body>",
            ".invalid/",
        ] {
            assert!(shown.contains(kept) || shown.contains(&kept.replace('"', "'")), "{kept}: {shown}");
        }
    }

    #[test]
    fn forms_stay() {
        let redaction = Redaction::default();
        let check = |value: &str, form: fn(&str, &str) -> bool| {
            let redacted = redaction.value(value);
            assert!(form(value, &redacted) && redacted != value, "{value}: {redacted}");
            assert_eq!(redacted, redaction.value(value), "equal values stay equal");
        };
        check("2054878932", |value, redacted| redacted.len() == value.len() && redacted.parse::<u64>().is_ok());
        check("MwohBcoAJ2Xe/9c=", |value, redacted| redacted.len() == value.len() && is_base64(redacted));
        check("bob@example.org/phone", |_, redacted| redacted.contains('@') && redacted.contains('/'));
        check("some words", |_, redacted| redacted.len() == 8);
        assert_ne!(redaction.value("one word"), Redaction::default().value("one word"));
    }

    #[test]
    fn many_short_values_are_too_much() {
        let texts = "<x a='b@c' d='e@f'>g@h</x>".repeat(2_400);
        let stanza = xml::parse(&format!("<message>{texts}</message>"), "jabber:client", &Limits::default()).unwrap();
        assert!(Redaction::default().redacted(&stanza).is_none_or(|redacted| redacted.len() == stanza.len()));
    }

    #[test]
    fn a_long_name_is_no_place_for_a_message() {
        let name = "a".repeat(65);
        assert!(!redacted(&format!("<message><{name} xmlns='urn:{name}'/></message>")).contains(&name));
    }
}
