//! Every rule, by example; and what real clients sent.

mod common;

use carbons::Carbons;
use common::{Case, cases, copy, word};
use prosody_policy::Carbon;
use prosody_policy::testing::configure;

#[test]
fn every_rule() {
    for Case { id, dir, settings, xml, verdict, reason } in cases() {
        let ruling = copy(&settings.to_string(), &dir, &xml);
        assert_eq!((word(ruling.verdict), ruling.reason), (verdict.as_str(), reason), "{id}");
    }
}

/// OTR belongs to one device of each side, from the offer to the end.
#[test]
fn real_clients() {
    for capture in golden::captures() {
        let ruling = copy("{}", "out", &capture.xml);
        let unread = capture.xml.contains("urn:xmpp:carbons:2") || capture.xml.contains("no-copy");
        let is_otr = capture.label.contains("otr");
        assert_eq!(ruling.verdict == Carbon::Skip, is_otr || unread, "{}: {ruling:?}", capture.id);
    }
}

#[test]
fn names_a_slip() {
    let error = configure::<Carbons>(r#"{"encrypting_device_only":true}"#).unwrap_err();
    assert_eq!(error, "unknown field `encrypting_device_only`, expected `encrypting_devices_only`");
}
