//! Looks at a stanza as often as its settings say, and passes everything: for measuring what a look costs.

use prosody_policy::{Decision, MessagePolicy, Passage, Policy, StanzaKind, Want};

/// All of it optional.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// How many look-ups, 20 at most; each is a call of the host.
    lookups: usize,
    /// Read every name, namespace, attribute and text, from the snapshot.
    whole: bool,
    /// Want only these namespaces.
    namespaces: Vec<String>,
}

struct Looking {
    settings: Settings,
}

impl Policy for Looking {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        match settings.lookups <= LOOK_UPS.len() {
            true => Ok(Self { settings }),
            false => Err(format!("lookups is at most {}", LOOK_UPS.len())),
        }
    }
}

impl MessagePolicy for Looking {
    fn wants(&self) -> Vec<Want> {
        let kinds = [StanzaKind::Message, StanzaKind::Presence, StanzaKind::Iq];
        kinds.map(|kind| Want { kind, direction: None, namespaces: self.settings.namespaces.clone() }).into()
    }

    /// What was seen is in the answer, so that no compiler leaves the looking out.
    fn decide(&mut self, _: Passage) -> Decision {
        let seen: usize = LOOK_UPS[..self.settings.lookups].iter().map(LookUp::seen).sum();
        let read = if self.settings.whole { read_all() } else { 0 };
        Decision::pass(if seen + read == usize::MAX { "impossible" } else { "looked" })
    }
}

/// A question about the stanza.
enum LookUp {
    Attribute(&'static str),
    Child(&'static str, &'static str),
    ChildText(&'static str, &'static str),
}

use LookUp::{Attribute, Child, ChildText};

/// The same, in the same order, as in tests/bench/looking.lua.
const LOOK_UPS: [LookUp; 20] = [
    Child("encrypted", "eu.siacs.conversations.axolotl"),
    Attribute("type"),
    Attribute("from"),
    Child("store", "urn:xmpp:hints"),
    ChildText("body", "jabber:client"),
    Attribute("to"),
    Attribute("id"),
    Attribute("xml:lang"),
    Child("encrypted", "urn:xmpp:omemo:2"),
    Child("encryption", "urn:xmpp:eme:0"),
    Child("openpgp", "urn:xmpp:openpgp:0"),
    Child("x", "jabber:x:encrypted"),
    Child("x", "jabber:x:oob"),
    Child("request", "urn:xmpp:receipts"),
    Child("received", "urn:xmpp:receipts"),
    Child("markable", "urn:xmpp:chat-markers:0"),
    Child("active", "http://jabber.org/protocol/chatstates"),
    Child("replace", "urn:xmpp:message-correct:0"),
    ChildText("subject", "jabber:client"),
    ChildText("thread", "jabber:client"),
];

#[cfg(target_arch = "wasm32")]
impl LookUp {
    /// The bytes that came back, or 1 for an element.
    fn seen(&self) -> usize {
        use prosody_policy::bindings::prosody::policy::{content, envelope};
        match *self {
            Attribute(name) => envelope::attribute(name).map_or(0, |value| value.len()),
            Child(name, namespace) => content::child(0, name, namespace).map_or(0, |_| 1),
            ChildText(name, namespace) => {
                content::child(0, name, namespace).map_or(0, |child| content::text(child).len())
            }
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl LookUp {
    /// Natively there is no host to call.
    fn seen(&self) -> usize {
        let stanza = prosody_policy::stanza();
        let root = stanza.root();
        match *self {
            Attribute(name) => root.attribute(name).map_or(0, str::len),
            Child(name, namespace) => root.child(name, namespace).map_or(0, |_| 1),
            ChildText(name, namespace) => root.child(name, namespace).map_or(0, |child| child.text().len()),
        }
    }
}

/// Every name, namespace, attribute and text.
fn read_all() -> usize {
    let stanza = prosody_policy::stanza();
    let nodes = (0..stanza.len() as u32).map(|number| match stanza.element(number) {
        Some(element) => {
            let attributes = element.attributes().map(|(name, value)| sum(name) + sum(value));
            sum(element.name()) + sum(element.namespace()) + attributes.sum::<usize>()
        }
        None => stanza.text_node(number).map_or(0, sum),
    });
    nodes.sum()
}

/// Reads the first byte and the length of a string: who looks at a text does at least that.
fn sum(text: &str) -> usize {
    text.len() + usize::from(text.as_bytes().first().copied().unwrap_or_default())
}

prosody_policy::policy!(Looking: message);
