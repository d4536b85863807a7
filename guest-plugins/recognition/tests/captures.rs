//! What real clients sent (`tests/corpus/captures.json`).

use prosody_stanza::{Limits, xml};
use recognition::{Scheme, scheme};
use serde::Deserialize;

#[derive(Deserialize)]
struct Capture {
    id: String,
    label: String,
    xml: String,
}

fn expected(label: &str) -> Option<Scheme> {
    match label {
        "omemo1" => Some(Scheme::Omemo),
        "omemo2" => Some(Scheme::Omemo2),
        "ox-xep0373" => Some(Scheme::OpenPgp),
        "pgp-xep0027" => Some(Scheme::Pgp),
        label if label.starts_with("otr-") && label != "otr-query" => Some(Scheme::Otr),
        _ => None,
    }
}

#[test]
fn names_the_scheme() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/captures.json");
    let captures: Vec<Capture> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for Capture { id, label, xml } in captures {
        let message = xml::parse(&xml, "jabber:client", &Limits::default()).unwrap();
        assert_eq!(scheme(message.root()), expected(&label), "{id}");
    }
}

#[test]
fn takes_no_name_for_a_proof() {
    for inside in [
        "<encrypted xmlns='eu.siacs.conversations.axolotl'/>",
        "<encrypted xmlns='urn:xmpp:omemo:2'><header sid='1'/></encrypted>",
        "<openpgp xmlns='urn:xmpp:openpgp:0'>U0VDUkVU</openpgp>",
        "<x xmlns='jabber:x:encrypted'/>",
        "<x xmlns='urn:x'><encrypted xmlns='eu.siacs.conversations.axolotl'/></x>",
        "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>",
        "<body>?OTR:AAMD.</body>",
        "<body>?OTRv23?</body>",
    ] {
        let text = format!("<message>{inside}</message>");
        let message = xml::parse(&text, "jabber:client", &Limits::default()).unwrap();
        assert_eq!(scheme(message.root()), None, "{inside}");
    }
}
