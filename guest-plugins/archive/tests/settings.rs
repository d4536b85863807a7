//! What the operator sets, and what comes of it.

mod common;

use archive::Archive;
use common::{keep, keeping};
use prosody_policy::testing::configure;
use prosody_policy::{ArchivePolicy, ErrorCondition, Keep};

fn refused(settings: &str, error: &str) {
    assert_eq!(configure::<Archive>(settings).expect_err("refused"), error);
}

#[test]
fn names_what_is_wrong() {
    refused(r#"{"retention":2}"#, "`retention` cannot be 2: write the unit as well, \"2h\" or \"2d\"");
    refused(
        r#"{"retention":"90m"}"#,
        "`retention` cannot be \"90m\": what is kept is removed by the hour, so write whole hours (\"2h\")",
    );
    refused(
        r#"{"retention":"two days"}"#,
        "`retention` cannot be \"two days\": write a whole number with h, d or w (\"36h\", \"2d\")",
    );
    refused(
        r#"{"retention":"0h"}"#,
        "`retention` cannot be \"0h\": to keep nothing, set `archive`, `rooms` and `offline` to false",
    );
    refused(r#"{"retention":"31d"}"#, "`retention` cannot be \"31d\": it is \"1h\" to \"30d\"");
    refused(r#"{"retention":true}"#, "retention: write a text like \"36h\" or \"2d\"");
    refused(
        r#"{"offline_plaintext":"keep"}"#,
        "`offline_plaintext` cannot be \"keep\": it is \"refuse\" or \"memory\"; readable messages are never kept on a disk",
    );
    refused(r#"{"texts":{"de":" "}}"#, "`texts.de` is empty; leave it out to use the built-in text");
    let unknown = configure::<Archive>(r#"{"retenton":"2d"}"#).unwrap_err();
    assert!(unknown.starts_with("unknown field `retenton`, expected one of `retention`, `archive`"), "{unknown}");
}

#[test]
fn keeps_as_long_as_it_is_told() {
    let hours = |settings: &str| configure::<Archive>(settings).unwrap().retention();
    assert_eq!(hours("{}"), Some(48));
    for (text, expected) in [("1h", 1), ("36h", 36), ("2d", 48), ("3 d", 72), ("1w", 168), ("30d", 720)] {
        assert_eq!(hours(&format!(r#"{{"retention":"{text}"}}"#)), Some(expected), "{text}");
    }
}

/// What the sender reads, and the condition.
fn told(settings: &str, body: &str, language: &str) -> (String, ErrorCondition) {
    let text =
        format!("<message from='a@x/p' to='b@x' type='chat' xml:lang='{language}'><body>{body}</body></message>");
    match keep(settings, keeping("offline", true), &text).decision.verdict {
        Keep::Refuse(bounce) => (bounce.text, bounce.condition),
        verdict => panic!("{verdict:?}"),
    }
}

#[test]
fn says_why_in_the_language_of_the_message() {
    let check = |settings: &str, body: &str, language: &str, start: &str, condition| {
        let (text, found) = told(settings, body, language);
        assert!(text.contains(start), "{text}");
        assert_eq!(found, condition, "{text}");
    };
    let (violation, unavailable) = (ErrorCondition::PolicyViolation, ErrorCondition::RecipientUnavailable);
    check("{}", "Lunch?", "en", "switch on encryption (OMEMO)", violation);
    check("{}", "Mittag?", "de-AT", "hebt nur Nachrichten auf, die Ende-zu-Ende-verschlüsselt sind", violation);
    check("{}", "Lunch?", "nl", "This message was not delivered", violation);
    check("{}", "?OTRv23?", "de", "was mit OTR verschlüsselt ist, kann später nicht gelesen werden", unavailable);
    check(r#"{"offline":false}"#, "Mittag?", "de", "dieser Server hebt keine Nachrichten auf", unavailable);
    let own = r#"{"texts":{"nl":"Versleutel!","link":"https://x/help"}}"#;
    check(own, "Lunch?", "nl", "Versleutel! https://x/help", violation);
    check(own, "?OTRv23?", "nl", "or use OMEMO. https://x/help", unavailable);
}

#[test]
fn texts_fit_into_a_bounce() {
    for settings in ["{}", r#"{"offline":false}"#] {
        for language in ["en", "de", "es", "fr"] {
            for body in ["Lunch?", "?OTRv23?"] {
                assert!(told(settings, body, language).0.len() < 1024);
            }
        }
    }
}
