//! Says what it sees: appends an element with the stanza as XML, as the host wrote it.

use prosody_policy::edits::{self, NewElement};
use prosody_policy::{Decision, MessagePolicy, Passage, Policy, StanzaKind, Want};

struct Echoing;

#[derive(serde::Deserialize)]
struct Settings {}

impl Policy for Echoing {
    type Settings = Settings;

    fn configure(_: Settings) -> Result<Self, String> {
        Ok(Self)
    }
}

impl MessagePolicy for Echoing {
    fn wants(&self) -> Vec<Want> {
        [StanzaKind::Message, StanzaKind::Presence, StanzaKind::Iq].map(Want::all).into()
    }

    fn decide(&mut self, _: Passage) -> Decision {
        let stanza = prosody_policy::stanza();
        edits::append(0, NewElement { name: "echo".into(), text: described(&stanza), ..NewElement::default() });
        Decision::pass("echoed")
    }
}

/// One line a node: its number, then `{"namespace"}"name"` with its attributes, or the text. All quoted, since in a table of
/// Lua's each of them can be anything, and not all of that can be written in an edit.
fn described(stanza: &prosody_policy::Stanza) -> String {
    let mut lines = Vec::new();
    for number in 0..stanza.len() as u32 {
        let Some(element) = stanza.element(number) else {
            lines.push(format!("{number} {:?}", stanza.text_node(number).unwrap_or_default()));
            continue;
        };
        let attributes: String = element.attributes().map(|(name, value)| format!(" {name:?}={value:?}")).collect();
        lines.push(format!("{number} {{{:?}}}{:?}{attributes}", element.namespace(), element.name()));
    }
    lines.join("\n")
}

prosody_policy::policy!(Echoing: message);
