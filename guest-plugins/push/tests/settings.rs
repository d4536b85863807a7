//! What the operator sets, and what comes of it.

use prosody_policy::testing::configure;
use push::Push;

fn refused(settings: &str, error: &str) {
    assert_eq!(configure::<Push>(settings).expect_err(settings), error);
}

/// A pattern, and what is wrong with it.
fn wrong(pattern: &str, why: &str) {
    refused(&format!(r#"{{"services":["{pattern}"]}}"#), &format!("`services` has \"{pattern}\": {why}"));
}

#[test]
fn names_what_is_wrong_with_a_service() {
    wrong("*", "name the services that you trust; there is no way to trust everybody");
    wrong("push.x.org/any", "write the address without what follows the slash");
    wrong("*.org", "this would trust a whole top-level domain");
    wrong("*@push.x.org", "write the part before the @ in full");
    let star = "a star stands only at the beginning, before a dot (\"*.example.org\")";
    let address = "this is not the address of a service (\"push.example.org\", \"*.example.org\")";
    for pattern in ["push.*.org", "*push.x.org", "*.*.x.org", "push.x.*"] {
        wrong(pattern, star);
    }
    for pattern in
        ["", " ", "push x.org", "@push.x.org", "a@b@push.x.org", ".x.org", "push..x.org", "https://push.x.org"]
    {
        let why = if pattern.contains('/') { "write the address without what follows the slash" } else { address };
        wrong(pattern, why);
    }
    let list = "services: write a list of texts, like { \"example.org\" }";
    refused(r#"{"services":"push.x.org"}"#, list);
    refused(r#"{"services":[1]}"#, list);
    refused(r#"{"services":{"push.x.org":true}}"#, list);
}

#[test]
fn names_what_is_wrong_with_the_rest() {
    refused(
        r#"{"registrations":0}"#,
        "`registrations` cannot be 0: it is 1 to 100; to notify nobody, leave `services` empty",
    );
    refused(r#"{"registrations":101}"#, "`registrations` cannot be 101: it is 1 to 100");
    refused(r#"{"hourly_registrations":10001}"#, "`hourly_registrations` cannot be 10001: it is 1 to 10000");
    refused(r#"{"hourly":0}"#, "`hourly` cannot be 0: it is 1 to 10000; to notify nobody, leave `services` empty");
    refused(r#"{"pause":3601}"#, "`pause` cannot be 3601: it is 0 to 3600");
    refused(r#"{"pause":"10s"}"#, "pause: invalid type: string \"10s\", expected u32");
    refused(r#"{"pause":-1}"#, "pause: invalid value: integer `-1`, expected u32");
    refused(r#"{"rooms":"some"}"#, "`rooms` cannot be \"some\": it is \"mentions\", \"all\" or \"none\"");
    refused(r#"{"text":"Hello"}"#, "text: invalid type: string \"Hello\", expected a boolean");
}

/// Not by any name: what a message says, and who sent it, stays here.
#[test]
fn no_setting_lets_a_message_out() {
    for setting in ["send", "body", "sender", "with_body", "with_sender", "last_message_body"] {
        let error = configure::<Push>(&format!(r#"{{"{setting}":true}}"#)).expect_err(setting);
        assert!(error.starts_with(&format!("unknown field `{setting}`, expected one of `services`")), "{error}");
    }
}

#[test]
fn takes_what_is_right() {
    for settings in [
        "{}",
        r#"{"services":[]}"#,
        r#"{"services":{}}"#,
        r#"{"services":["push.x.org","*.x.org","pusher@push.x.org","pusher@*.x.org","localhost","push.bücher.example"]}"#,
        r#"{"pause":0,"hourly":10000,"registrations":100,"hourly_registrations":1}"#,
        r#"{"rooms":"none","text":false,"calls":false,"invitations":false,"subscriptions":false}"#,
    ] {
        configure::<Push>(settings).expect(settings);
    }
}
