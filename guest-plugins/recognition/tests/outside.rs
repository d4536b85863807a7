//! What is read of a message outside its ciphertext.

use prosody_stanza::edit::Edit;
use prosody_stanza::{Limits, Stanza, xml};
use recognition::Scheme;
use recognition::outside::{self, Context, Judgement};

const KEYS: &str = "<header sid='27183'>\
    <key rid='31415'>0aWsmgFfrC73s0FnNjVRKhUR9B/jfREbJn8DnuxdT1hqufHrj30ziPT51Yb2bpn9</key><iv>pOFnp2oFrdioZUwW</iv></header>";
const PAYLOAD: &str = "<payload>Fptbgjxitkyn5fhFahPI1dBvTs5SKli8K4p4Tc82CQ==</payload>";
const FALLBACK: &str = "<body>[This message is OMEMO encrypted]</body>";

fn message(inside: &str) -> Stanza {
    let text = format!("<message to='b@x'>{inside}</message>");
    xml::parse(&text, "jabber:client", &Limits::default()).expect("a message")
}

fn omemo(inside: &str) -> String {
    format!("<encrypted xmlns='eu.siacs.conversations.axolotl'>{inside}</encrypted>")
}

/// Scheme, key transport, and how many readable things there are.
fn check(inside: &str, expected: (Option<Scheme>, bool, Result<usize, &str>)) {
    let message = message(inside);
    let context = Context { strict: true, ..Context::default() };
    let reading = outside::read(message.root(), &context);
    let found = (reading.scheme(), reading.is_key_transport(), reading.readable().map(<[Edit]>::len));
    assert_eq!(found, expected, "{inside}");
}

#[test]
fn says_how_it_is_encrypted_and_what_is_readable() {
    let encrypted = omemo(&format!("{KEYS}{PAYLOAD}"));
    check(&encrypted, (Some(Scheme::Omemo), false, Ok(0)));
    check(&format!("{encrypted}{FALLBACK}"), (Some(Scheme::Omemo), false, Ok(0)));
    check(&format!("{encrypted}<body>Lunch?</body><subject>Today</subject>"), (Some(Scheme::Omemo), false, Ok(2)));
    check(&omemo(KEYS), (None, true, Ok(0)));
    check("<body>Lunch?</body>", (None, false, Ok(1)));
    check("<active xmlns='http://jabber.org/protocol/chatstates'/>", (None, false, Ok(0)));
    check(&omemo("Lunch?"), (None, false, Err("malformed-ciphertext")));
}

#[test]
fn keeps_no_body() {
    let message = message(&format!("{}{FALLBACK}<body xml:lang='de'/>", omemo(&format!("{KEYS}{PAYLOAD}"))));
    let context = Context { kept: true, ..Context::default() };
    let Judgement::Pass(reason, edits) = outside::read(message.root(), &context).judgement() else { panic!("refused") };
    assert_eq!(reason, "text-removed");
    assert!(!message.edited(&edits, &Limits::default()).unwrap().to_xml().contains("body"));
}
