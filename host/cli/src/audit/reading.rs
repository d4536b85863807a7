//! What of a stored stanza can be read: the one place that asks what counts as ciphertext.

use prosody_stanza::{Element, STREAM_NAMESPACE};
use recognition::{Container, otr, outside};

use super::{address, human};

/// What a person would find in a stanza.
#[derive(Debug, Default)]
pub struct Reading<'a> {
    /// Ciphertext of OMEMO or OpenPGP.
    pub is_encrypted: bool,
    /// Something of OTR.
    pub has_otr: bool,
    /// Text that people wrote, outside all ciphertext.
    pub has_text: bool,
    /// What clients say beside ciphertext to those who cannot read it, in words that are known to be theirs.
    pub has_fallback: bool,
    /// Every element outside all ciphertext.
    pub elements: Vec<Element<'a>>,
}

/// Texts that no person writes.
const MACHINE_TEXTS: [(&str, &str); 2] = [("thread", STREAM_NAMESPACE), ("delay", "urn:xmpp:delay")];

/// Attributes that hold addresses.
pub const ADDRESS_ATTRIBUTES: [&str; 7] = ["to", "from", "jid", "by", "publisher", "initiator", "responder"];
/// Attributes that hold what people wrote, were it one word. Elsewhere one word is a machine's.
const HUMAN_ATTRIBUTES: [&str; 10] =
    ["reason", "text", "body", "subject", "message", "note", "comment", "description", "title", "content"];
/// Names of encryption (XEP-0380) that would be taken for what people wrote.
const MACHINE_ATTRIBUTES: [&str; 2] = ["Legacy OMEMO", "OpenPGP for XMPP"];
/// What servers have written into a delay.
const OFFLINE: &str = "Offline Storage";

/// Reads a stanza, or an item that stands alone.
pub fn read(stanza: Element<'_>) -> Reading<'_> {
    let mut reading = Reading::default();
    let mut rest = vec![stanza];
    while let Some(element) = rest.pop() {
        match recognition::container(element) {
            Some((_, Container::Ciphertext)) => reading.is_encrypted = true,
            Some((_, Container::KeyTransport)) => {}
            Some((_, Container::Malformed)) | None => {
                reading.look_at(element);
                reading.elements.push(element);
                rest.extend(element.child_elements());
            }
        }
    }
    reading
}

impl Reading<'_> {
    fn look_at(&mut self, element: Element<'_>) {
        let text = element.text();
        self.has_text |= speaks_in_its_tag(element);
        let is_body = element.is("body", STREAM_NAMESPACE);
        match otr::read(&text).filter(|_| is_body) {
            Some(body) => {
                self.has_otr = true;
                self.has_text |= !matches!(body, otr::Body::Encrypted | otr::Body::Query { rest: "", .. });
            }
            None if is_body && outside::is_known_fallback(&text) => self.has_fallback = true,
            None => self.has_text |= speaks(element, &text),
        }
    }
}

fn speaks(element: Element<'_>, text: &str) -> bool {
    match MACHINE_TEXTS.iter().any(|(name, namespace)| element.is(name, namespace)) {
        true => human::is_sentence(text) && !text.trim().eq_ignore_ascii_case(OFFLINE),
        false => !text.trim().is_empty(),
    }
}

/// Is there what a person wrote in its attributes or its namespace?
fn speaks_in_its_tag(element: Element<'_>) -> bool {
    let speaks = |(name, value): (&str, &str)| match name {
        name if HUMAN_ATTRIBUTES.contains(&name) => !value.trim().is_empty(),
        name if ADDRESS_ATTRIBUTES.contains(&name) && address::is_jid(value) => false,
        _ => human::is_sentence(value) && !MACHINE_ATTRIBUTES.contains(&value),
    };
    human::is_sentence(element.namespace()) || element.attributes().any(speaks)
}

/// Is this text, which stands alone, one that people can read?
pub fn is_readable(text: &str) -> bool {
    !text.trim().is_empty() && !matches!(otr::read(text), Some(otr::Body::Encrypted))
}

#[cfg(test)]
mod tests {
    use super::super::stored::from_xml;
    use super::*;

    #[test]
    fn reads_messages() {
        let pgp = "<x xmlns='jabber:x:encrypted'>";
        for (inside, expected) in [
            ("<body>hello</body>", "text"),
            ("<subject>hello</subject>", "text"),
            ("<html xmlns='http://jabber.org/protocol/xhtml-im'><body><p>hello</p></body></html>", "text"),
            ("<reactions xmlns='urn:xmpp:reactions:0'><reaction>+</reaction></reactions>", "text"),
            ("<x xmlns='jabber:x:conference' jid='a@b' reason='come'/>", "text"),
            ("<forwarded xmlns='urn:xmpp:forward:0'><message><body>x</body></message></forwarded>", "text"),
            ("<body>?OTRv23?</body>", "otr"),
            ("<body>?OTRv23? Alice wants a private chat</body>", "otr text"),
            ("<body>?OTR: not one.</body>", "otr text"),
            ("<active xmlns='http://jabber.org/protocol/chatstates'/><thread>abc</thread>", ""),
            ("<body> \n</body>", ""),
            ("<delay xmlns='urn:xmpp:delay'>Offline storage</delay>", ""),
            ("<delay xmlns='urn:xmpp:delay'>see you at noon</delay>", "text"),
            ("<thread>see you at noon</thread>", "text"),
            ("<x xmlns='urn:unknown' text='noon'/>", "text"),
            ("<x xmlns='urn:unknown' y='see you'/>", "text"),
            ("<x xmlns='urn:unknown' y='a@b/see you then'/>", "text"),
            ("<x xmlns='see you at noon'/>", "text"),
            ("<x xmlns='urn:unknown' id='see you at noon'/>", "text"),
            ("<x xmlns='urn:unknown'><y z='see you at noon'/></x>", "text"),
            ("<x xmlns='http://jabber.org/protocol/muc#user'><item nick='see you at noon'/></x>", "text"),
            ("<x xmlns='http://jabber.org/protocol/muc#user'><item jid='a@b/My phone' role='moderator'/></x>", ""),
            ("<x xmlns='urn:unknown' type='submit' hash='d0e1 b2c3' stamp='2026-11-25T14:40:00Z'/>", ""),
            ("<encryption xmlns='urn:xmpp:eme:0' name='OpenPGP for XMPP'/>", ""),
            (&format!("{pgp}not ciphertext</x>"), "text"),
            ("<body>[This message is OMEMO encrypted]</body>", "fallback"),
            ("<body>[This message is OMEMO encrypted], see you at noon</body>", "text"),
        ] {
            let stanza = from_xml(&format!("<message>{inside}</message>")).unwrap();
            assert_eq!(words(&read(stanza.root())), expected, "{inside}");
        }
    }

    /// What real clients sent, as they sent it.
    #[test]
    fn reads_captures() {
        let captures = include_str!("../../../../tests/corpus/captures.json");
        let captures: Vec<serde_json::Value> = serde_json::from_str(captures).unwrap();
        let mut seen = std::collections::BTreeMap::<String, usize>::new();
        for capture in &captures {
            let stanza = from_xml(capture["xml"].as_str().unwrap()).unwrap();
            let reading = read(stanza.root());
            let family = capture["id"].as_str().unwrap().split('-').next().unwrap_or_default();
            *seen.entry(format!("{family}: {}", words(&reading))).or_default() += 1;
        }
        for expected in
            ["omemo: encrypted fallback", "otr: otr", "otr: otr text", "ox: encrypted fallback", "features: text"]
        {
            assert!(seen.contains_key(expected), "{expected} is not in {seen:?}");
        }
        assert!(!seen.keys().any(|key| key.starts_with("omemo: otr") || key == "otr: encrypted"), "{seen:?}");
    }

    fn words(reading: &Reading<'_>) -> String {
        let words = [
            (reading.is_encrypted, "encrypted"),
            (reading.has_otr, "otr"),
            (reading.has_text, "text"),
            (reading.has_fallback, "fallback"),
        ];
        words.into_iter().filter(|(is_so, _)| *is_so).map(|(_, word)| word).collect::<Vec<_>>().join(" ")
    }
}
