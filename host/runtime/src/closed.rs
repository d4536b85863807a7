//! What is denied while a policy is not there, and nobody knows what it would judge.
//!
//! Every message, and whatever else could carry something from one person to another. The shim's gate
//! (`gate.lib.lua`) says the same for when the library itself is missing.

use prosody_stanza::{Element, Stanza};

use crate::bindings::StanzaKind;

/// What presence may carry besides: attributes of anything else could be text.
const HARMLESS: [&str; 2] = ["http://jabber.org/protocol/caps", "http://jabber.org/protocol/muc"];
const PING: &str = "urn:xmpp:ping";

/// Is a stanza denied?
pub fn denies(kind: StanzaKind, stanza: &Stanza) -> bool {
    let root = stanza.root();
    match kind {
        StanzaKind::Message => true,
        StanzaKind::Iq => root.carries_text() || is_to_another(root) && !is_ping(root),
        StanzaKind::Presence => {
            root.carries_text() || root.child_elements().any(|child| !HARMLESS.contains(&child.namespace()))
        }
    }
}

/// Does it go to an account that is not the sender's?
fn is_to_another(root: Element<'_>) -> bool {
    let bare = |name| root.attribute(name).and_then(|address: &str| address.split('/').next());
    bare("to").is_some_and(|to| to.contains('@') && bare("from") != Some(to))
}

fn is_ping(root: Element<'_>) -> bool {
    root.child_elements().all(|child| child.namespace() == PING)
}

#[cfg(test)]
mod tests {
    use prosody_stanza::{Limits, xml};

    use super::*;

    #[test]
    fn denials() {
        for (kind, text, expected) in [
            (StanzaKind::Message, "<message/>", true),
            (StanzaKind::Message, "<message type='error'/>", true),
            (StanzaKind::Iq, "<iq type='get' from='a@x/1'><query xmlns='jabber:iq:roster'/></iq>", false),
            (StanzaKind::Iq, "<iq type='get' from='a@x/1' to='a@x'><query xmlns='urn:q'/></iq>", false),
            (StanzaKind::Iq, "<iq type='get' from='a@x/1' to='x'><query xmlns='urn:q' node='n'/></iq>", false),
            (StanzaKind::Iq, "<iq type='get' from='a@x/1' to='b@x/2'><ping xmlns='urn:xmpp:ping'/></iq>", false),
            (StanzaKind::Iq, "<iq type='result' from='a@x/1' to='b@x/2'/>", false),
            (StanzaKind::Iq, "<iq type='set' from='a@x/1' to='b@x/2'><x xmlns='urn:x' a='text'/></iq>", true),
            (StanzaKind::Iq, "<iq type='result' from='a@x/1' to='b@x/2'><x xmlns='urn:x'>text</x></iq>", true),
            (StanzaKind::Iq, "<iq type='set' from='a@x/1'><data xmlns='urn:d'>text</data></iq>", true),
            (StanzaKind::Presence, "<presence/>", false),
            (StanzaKind::Presence, "<presence><c xmlns='http://jabber.org/protocol/caps' node='n'/></presence>", false),
            (StanzaKind::Presence, "<presence><x xmlns='urn:x' a='text'/></presence>", true),
            (StanzaKind::Presence, "<presence><status>text</status></presence>", true),
            (StanzaKind::Presence, "<presence>\n</presence>", false),
        ] {
            let stanza = xml::parse(text, "jabber:client", &Limits::default()).unwrap();
            assert_eq!(denies(kind, &stanza), expected, "{text}");
        }
    }
}
