//! What real clients sent (`tests/corpus/captures.json`): what of it is kept, and that nothing of it can be read.

mod common;

use common::{keep, keeping, word};
use golden::{Capture, captures};
use prosody_stanza::{Limits, Stanza, xml};
use recognition::Scheme;
use recognition::outside::{self, Context, Judgement};

/// What a label means: in an archive or a room, and for somebody who is offline.
fn expected(label: &str) -> (&str, &[&str]) {
    match label {
        "omemo1" | "omemo2" | "ox-xep0373" | "pgp-xep0027" => ("keep", &["keep"]),
        "omemo1-keytransport" => ("skip", &["keep"]),
        "no-body" => ("skip", &["skip", "keep"]),
        label if label.starts_with("plain") || label.starts_with("otr") => ("skip", &["refuse"]),
        label => panic!("a label of which nothing is known: {label}"),
    }
}

fn parse(text: &str) -> Stanza {
    xml::parse(text, "jabber:client", &Limits::default()).expect(text)
}

#[test]
fn only_ciphertext_is_kept() {
    for Capture { id, label, xml } in &captures() {
        let (for_long, until_online) = expected(label);
        for place in ["archive", "archive-in", "room"] {
            let outcome = keep("{}", keeping(place, true), xml);
            assert_eq!(word(&outcome.decision.verdict), for_long, "{id} in {place}");
        }
        let outcome = keep("{}", keeping("offline", true), xml);
        assert!(until_online.contains(&word(&outcome.decision.verdict)), "{id}: {:?}", outcome.decision);
    }
}

#[test]
fn nothing_readable_is_kept() {
    let mut kept = 0;
    for Capture { id, xml, .. } in &captures() {
        for place in ["archive", "archive-in", "room", "offline"] {
            let outcome = keep("{}", keeping(place, true), xml);
            if word(&outcome.decision.verdict) == "keep" {
                kept += 1;
                check_stored(id, &parse(xml), &outcome.xml);
            }
        }
    }
    assert!(kept > 20, "{kept}");
}

fn check_stored(id: &str, sent: &Stanza, stored: &str) {
    let body = sent.root().child("body", "jabber:client").map(|body| body.text().into_owned()).unwrap_or_default();
    assert!(!stored.contains("<body"), "{id}: {stored}");
    assert!(body.is_empty() || !stored.contains(&body), "{id}: {stored}");
    let stored = parse(stored);
    let context = Context { strict: true, kept: true, ..Context::default() };
    let reading = outside::read(stored.root(), &context);
    assert_eq!(reading.readable(), Ok([].as_slice()), "{id}");
    assert_eq!(reading.scheme(), recognition::scheme(sent.root()), "{id}");
    assert!(matches!(reading.judgement(), Judgement::Pass(_, edits) if edits.is_empty()), "{id}");
}

#[test]
fn ciphertext_is_kept_whole() {
    for Capture { id, xml, .. } in &captures() {
        let sent = parse(xml);
        let Some(scheme) = recognition::scheme(sent.root()).filter(|scheme| *scheme != Scheme::Otr) else { continue };
        let stored = parse(&keep("{}", keeping("archive", true), xml).xml);
        let texts = |stanza: &Stanza| -> Vec<String> {
            let containers = stanza.root().child_elements().filter(|child| Scheme::claimed(*child) == Some(scheme));
            containers.flat_map(|container| container.subtree()).map(|inside| inside.text().into_owned()).collect()
        };
        assert_eq!(texts(&stored), texts(&sent), "{id}");
    }
}
