//! Every rule, by example; and what real clients sent.

mod common;

use common::{Case, cases, key, plain, word};

#[test]
fn every_rule() {
    for case in cases() {
        let ruling = case.ruling(&case.xml);
        let Case { id, verdict, reason, .. } = &case;
        assert_eq!((word(&ruling.verdict), &ruling.reason), (verdict.as_str(), reason), "{id}");
        if case.key.is_some() {
            assert_eq!(key(&ruling.verdict), case.key.as_deref(), "{id}");
        }
    }
}

/// Texts and ciphertext wake a phone, what software says on its own does not.
#[test]
fn real_clients() {
    for capture in golden::captures() {
        let text = capture.xml.replacen("<message ", "<message from='alice@localhost/desk' ", 1);
        let text = if capture.xml.contains(" from=") { capture.xml } else { text };
        let ruling = plain(&text);
        let is_quiet = ["no-body", "omemo1-keytransport"].contains(&capture.label.as_str());
        assert_eq!(word(&ruling.verdict) != "deliver", is_quiet, "{}: {ruling:?}", capture.id);
    }
}
