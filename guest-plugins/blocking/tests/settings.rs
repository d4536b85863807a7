//! What the operator sets, and what comes of it.

use blocking::Blocking;
use prosody_policy::testing::configure;
use prosody_policy::{Fact, MessagePolicy, Needs, StanzaKind};

#[test]
fn slips_are_named() {
    for (settings, error) in [
        (r#"{"limit":0}"#, "`limit` cannot be 0: it is 1 to 100000"),
        (r#"{"batch":10001}"#, "`batch` cannot be 10001: it is 1 to 10000"),
        (r#"{"hourly":0}"#, "`hourly` cannot be 0: it is 1 to 10000"),
        (
            r#"{"strangers":"ask"}"#,
            "`strangers` cannot be \"ask\": it is \"pass\", \"encrypted\", \"hold\" or \"refuse\"",
        ),
        (r#"{"strangers":true}"#, "strangers: invalid type: boolean `true`, expected a string"),
        (
            r#"{"reports":false,"reporters":true}"#,
            "`reporters` and `report_texts` say what is told of reports, and `reports` is false",
        ),
        (r#"{"texts":{"de":""}}"#, "`texts.de` is empty; leave it out to use the built-in text"),
    ] {
        assert_eq!(configure::<Blocking>(settings).expect_err(settings), error);
    }
    assert!(
        configure::<Blocking>(r#"{"stranger":"pass"}"#).expect_err("a slip").starts_with("unknown field `stranger`")
    );
}

/// What is not asked for costs nothing.
#[test]
fn only_what_is_needed_is_looked_at() {
    let policy = configure::<Blocking>("{}").expect("settings");
    assert_eq!(policy.needed(), [Fact::Blocklist]);
    assert!(policy.wants().iter().all(|want| want.kind != StanzaKind::Presence && want.direction.is_some()));
    for mode in ["encrypted", "hold", "refuse"] {
        let policy = configure::<Blocking>(&format!(r#"{{"strangers":"{mode}"}}"#)).expect("settings");
        assert_eq!(policy.needed(), [Fact::Blocklist, Fact::Roster, Fact::Rooms, Fact::Standing], "{mode}");
    }
}
