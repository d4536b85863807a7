//! The bundled policy about notifications, as the component that is installed: what it rules is what its own cases say
//! (`guest-plugins/push/tests/cases.json`).

use mod_wasm_tests::{Guest, Host, outgoing};
use prosody_stanza::{Limits, xml};
use prosody_wasm_runtime::{
    About, Device, Direction, Facts, Hook, Manner, Outcome, Party, Passage, Question, Registration, Verdict,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Default, Deserialize)]
struct Case {
    id: String,
    settings: Option<Value>,
    device: Option<String>,
    nickname: Option<String>,
    service: Option<String>,
    node: Option<String>,
    #[serde(default)]
    others: u32,
    source: Option<String>,
    xml: String,
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    reason: String,
}

fn facts(case: &Case) -> Facts {
    let registration = Registration {
        user: "b@x".into(),
        service: case.service.clone().unwrap_or("push.x".into()),
        node: case.node.clone().unwrap_or("phone".into()),
        others: case.others,
        device: if case.device.as_deref() == Some("awake") { Device::Awake } else { Device::Asleep },
    };
    Facts { now: 1, nickname: case.nickname.clone(), about: About::Registration(registration), ..Facts::default() }
}

fn ask(host: &mut Host, hook: Hook, case: &Case, text: &str) -> Outcome {
    let source = if case.source.as_deref() == Some("service") { Party::Service } else { Party::Remote };
    let passage = Passage { source, ..mod_wasm_tests::passage(kind(text)) };
    let stanza = xml::parse(text, "jabber:client", &Limits::default());
    host.chain.decide(stanza, Question { hook, passage }, false, &facts(case))
}

fn kind(text: &str) -> &str {
    ["message", "presence", "iq"].into_iter().find(|kind| text[1..].starts_with(kind)).unwrap_or("iq")
}

/// A ruling as the host hands it on.
fn word(outcome: &Outcome) -> String {
    match (&outcome.verdict, &outcome.manner) {
        (Verdict::Drop, _) => "suppress".into(),
        (Verdict::Bounce(_), _) => "refuse".into(),
        (Verdict::Pass, Manner::Limited) => format!("announce {}", outcome.pause),
        (Verdict::Pass, Manner::Redacted) => format!("redact {}", outcome.pause),
        (Verdict::Pass, _) => "allow".into(),
    }
}

fn host(settings: &str) -> Host {
    Host::with(&[Guest { name: "push", file: "push", settings, ..Guest::default() }])
}

fn check(hook: Hook, case: &Case, expected: &str) {
    let settings = case.settings.as_ref().map_or("{}".to_owned(), ToString::to_string);
    let outcome = ask(&mut host(&settings), hook, case, &case.xml);
    assert_eq!((word(&outcome).as_str(), &outcome.reason), (expected, &case.reason), "{}", case.id);
}

#[test]
fn notifications() {
    golden::rows::<Case>("push", "cases").iter().for_each(|case| check(Hook::Notification, case, &case.verdict));
}

#[test]
fn registrations() {
    for case in golden::rows::<Case>("push", "requests") {
        check(Hook::Registration, &case, if case.verdict == "allow" { "allow" } else { "refuse" });
    }
}

#[test]
fn a_swap_forgets_no_rate() {
    let settings = r#"{"services": ["push.x"], "hourly": 1, "pause": 0}"#;
    let mut host = host(settings);
    let body = "<message from='a@x/p' to='b@x'><body>Lunch?</body></message>";
    let reason = |host: &mut Host, now: u64| {
        let passage = Passage { direction: Direction::Incoming, ..outgoing() };
        let stanza = xml::parse(body, "jabber:client", &Limits::default());
        let facts = Facts { now, ..facts(&Case::default()) };
        host.chain.decide(stanza, Question { hook: Hook::Notification, passage }, false, &facts).reason
    };
    assert_eq!((reason(&mut host, 10), reason(&mut host, 20)), ("message".into(), "rate".into()));
    host.replace(&Guest { name: "push", file: "push", settings, ..Guest::default() }, false, None).unwrap();
    assert_eq!(reason(&mut host, 30), "rate");
    host.replace(&Guest { name: "push", file: "push", settings, ..Guest::default() }, true, None).unwrap();
    assert_eq!(reason(&mut host, 40), "message");
}

/// More than are remembered, within one hour.
#[test]
fn many_users() {
    let mut host = host(r#"{"services": ["push.x"]}"#);
    let body = xml::parse("<message from='a@x/p'><body>Lunch?</body></message>", "jabber:client", &Limits::default());
    for number in 0..12_000 {
        let passage = Passage { direction: Direction::Incoming, ..outgoing() };
        let mut facts = facts(&Case::default());
        facts.about = About::Registration(Registration {
            user: format!("{number}@x"),
            service: "push.x".into(),
            ..Registration::default()
        });
        let question = Question { hook: Hook::Notification, passage };
        let outcome = host.chain.decide(body.clone(), question, false, &facts);
        assert_eq!(outcome.reason, "message", "{number}");
    }
}

/// The largest that a stranger can send is judged within the limits.
#[test]
fn large_stanzas() {
    let settings = r#"{"services": ["push.x"]}"#;
    let (mention, long) =
        ("<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:c@x'/>", "ж ".repeat(80_000));
    for (inside, expected) in [
        (format!("<body>{long}</body>"), "no-mention"),
        (format!("<body>{}</body>", "bob".repeat(80_000)), "no-mention"),
        (format!("<body>x</body>{}", mention.repeat(2_500)), "no-mention"),
        (format!("<body>x</body>{}", "<body/>".repeat(8_000)), "no-mention"),
        ("<received xmlns='urn:xmpp:carbons:2'/>".repeat(4_000), "no-text"),
    ] {
        let text = format!("<message from='r@rooms.x/anna' to='b@x/p' type='groupchat'>{inside}</message>");
        let case = Case { nickname: Some("bob".into()), ..Case::default() };
        let outcome = ask(&mut host(settings), Hook::Notification, &case, &text);
        assert_eq!(outcome.reason, expected, "{text:.200}");
    }
}
