//! Candidates beside the live generation: shadows and canaries.

use std::time::Duration;

use mod_wasm_tests::{Guest, Host, outgoing, told};
use prosody_wasm_runtime::candidate::{Candidate, Role};
use prosody_wasm_runtime::slot::{Mode, OnError};
use prosody_wasm_runtime::{Effect, Interest, KeyValues, StanzaKind, Thresholds, Trial};

const THRESHOLDS: Thresholds = Thresholds { failures: 3, mean: Duration::from_secs(1) };
const SHADOW: Trial = Trial { role: Role::Shadow, budget: 1.0, samples: 10, thresholds: THRESHOLDS, fresh: false };

fn message(number: usize, body: &str) -> String {
    format!("<message from='user{number}@x/1' to='b@x' type='chat'><body>{body}</body></message>")
}

fn tried(live: &[Guest<'_>], candidate: &Guest<'_>, trial: &Trial) -> Host {
    let mut host = Host::with(live);
    let generation = host.start(candidate).unwrap();
    host.chain.try_out("guest", generation, trial, 1).unwrap();
    host
}

fn candidate(host: &Host) -> &Candidate {
    host.slot("guest").candidate.as_deref().expect("a candidate")
}

/// Settings of the live one and of its shadow, the differences over one message with a body and one without.
fn check(live: &str, shadow: &str, expected: &[(&str, &str, &str, u64)]) {
    let guest = |settings| Guest { settings, ..Guest::default() };
    let (mut alone, mut host) = (Host::with(&[guest(live)]), tried(&[guest(live)], &guest(shadow), &SHADOW));
    for text in [message(1, "hi"), "<message from='user2@x/1' to='b@x'><foo/></message>".into()] {
        let (one, other) = (alone.judge(&text), host.judge(&text));
        assert_eq!((told(&one), one.effects, one.edits), (told(&other), other.effects, other.edits), "nobody notices");
    }
    let comparison = &candidate(&host).comparison;
    let differences = comparison
        .differences
        .iter()
        .map(|((kind, old, new), difference)| (*kind, *old, new.as_str(), difference.count));
    assert_eq!(differences.collect::<Vec<_>>(), expected, "{live} {shadow}");
    let different: u64 = expected.iter().map(|(.., count)| count).sum();
    assert_eq!((comparison.compared, comparison.agreed), (2, 2 - different));
    assert_eq!((comparison.users() as u64, comparison.samples.len() as u64), (different, different));
}

#[test]
fn a_shadow_is_compared_and_changes_nothing() {
    check("{}", "{}", &[]);
    check("{}", r#"{"verdict": "drop"}"#, &[("message", "pass", "drop", 2)]);
    check("{}", r#"{"verdict": "bounce", "refuses": "body"}"#, &[("message", "pass", "bounce", 1)]);
    check(r#"{"verdict": "drop"}"#, "{}", &[("message", "drop", "pass", 2)]);
    check("{}", r#"{"append": "x"}"#, &[("message", "pass", "edit", 2)]);
    check(r#"{"append": "x"}"#, r#"{"append": "y"}"#, &[("message", "edit", "edit, with other changes", 2)]);
    check("{}", r#"{"reply": "beware"}"#, &[("message", "pass", "pass, with other notices", 2)]);
    check(r#"{"count": true}"#, r#"{"count": true}"#, &[]);
    check("{}", r#"{"log": "a line"}"#, &[]);
    // Wants nothing that is sent here: to users, that is to let it pass.
    check("{}", r#"{"namespaces": ["urn:other"]}"#, &[]);
    check(r#"{"verdict": "drop"}"#, r#"{"namespaces": ["urn:other"]}"#, &[("message", "drop", "not-asked", 2)]);
    check(r#"{"namespaces": ["urn:other"]}"#, r#"{"verdict": "drop"}"#, &[("message", "not-asked", "drop", 2)]);
}

/// The same count as the live one, stanza by stanza, from the store as it was when the trial began.
#[test]
fn a_shadow_has_a_store_of_its_own() {
    let counting = |log| Guest { settings: log, ..Guest::default() };
    let mut host = Host::with(&[counting(r#"{"count": true}"#)]);
    host.judge(&message(1, "hi"));
    let generation = host.start(&counting(r#"{"count": true, "log": "x"}"#)).unwrap();
    host.chain.try_out("guest", generation, &SHADOW, 1).unwrap();
    for number in 2..5 {
        assert_eq!(host.judge(&message(number, "hi")).reason, format!("count-{number}"));
    }
    let samples = |host: &Host| candidate(host).comparison.reasons_differ;
    assert_eq!((candidate(&host).comparison.agreed, samples(&host)), (3, 0));
}

#[test]
fn a_shadow_sees_what_only_it_wants() {
    let live = Guest { settings: r#"{"namespaces": ["urn:a"]}"#, ..Guest::default() };
    let shadow = Guest { settings: r#"{"verdict": "drop", "namespaces": ["urn:b"]}"#, ..Guest::default() };
    let mut host = tried(&[live], &shadow, &SHADOW);
    let interests = host.chain.interests(StanzaKind::Message);
    assert_eq!(interests.outgoing, Interest::Payloads(["urn:a".into(), "urn:b".into()].into()));
    assert_eq!(told(&host.judge("<message from='a@x'><x xmlns='urn:b'/></message>")), "- pass not-asked");
    let kind = ("message", "not-asked", "drop".to_owned());
    assert_eq!(candidate(&host).comparison.differences[&kind].count, 1);
    host.chain.drop_candidate("guest").unwrap();
    assert_eq!(host.chain.interests(StanzaKind::Message).outgoing, Interest::Payloads(["urn:a".into()].into()));
}

#[test]
fn a_shadow_that_fails_is_nobodys_harm() {
    let settings = r#"{"how": "loop", "when": "decide", "only": "bad"}"#;
    let mut host = tried(&[Guest::default()], &Guest { file: "misbehaving", settings, ..Guest::default() }, &SHADOW);
    for number in 0..3 {
        assert_eq!(told(&host.judge(&message(number, "bad"))), "guest pass scripted");
    }
    let comparison = &candidate(&host).comparison;
    assert_eq!((comparison.failures, comparison.compared), (3, 3));
    assert_eq!(host.slot("guest").last_failure, None);
}

#[test]
fn a_shadow_is_the_first_to_be_left_out() {
    let trial = Trial { budget: 0.000_001, ..SHADOW };
    let mut host =
        tried(&[Guest::default()], &Guest { settings: r#"{"verdict": "drop"}"#, ..Guest::default() }, &trial);
    (0..100).for_each(|number| drop(host.judge(&message(number, "hi"))));
    let comparison = &candidate(&host).comparison;
    assert!(comparison.shed >= 90 && comparison.shed + comparison.compared == 100, "{}", comparison.shed);
}

#[test]
fn a_shadow_of_nothing() {
    let mut host = Host::new();
    host.chain.declare("guest", OnError::Pass, Mode::Enforce);
    let generation = host.start(&Guest { settings: r#"{"verdict": "drop"}"#, ..Guest::default() }).unwrap();
    host.chain.try_out("guest", generation, &SHADOW, 1).unwrap();
    assert_eq!(told(&host.judge(&message(1, "hi"))), "- pass not-asked");
    assert_eq!(candidate(&host).comparison.compared, 1);
    // Nor does it matter that the place is off.
    host.chain.declare("guest", OnError::Deny, Mode::Off);
    assert_eq!(host.chain.interests(StanzaKind::Message).outgoing, Interest::All);
    assert_eq!(told(&host.judge(&message(1, "hi"))), "- pass not-asked");
    assert_eq!(candidate(&host).comparison.compared, 2);
}

#[test]
fn samples_hold_no_text() {
    let shadow = Guest { settings: r#"{"verdict": "drop"}"#, ..Guest::default() };
    let mut host = tried(&[Guest::default()], &shadow, &Trial { samples: 2, ..SHADOW });
    (0..5).for_each(|number| drop(host.judge(&message(number, "my secret"))));
    let samples = &candidate(&host).comparison.samples;
    assert_eq!(samples.len(), 2);
    for sample in samples {
        assert!(
            sample.xml.contains("<body>") && !sample.xml.contains("secret") && !sample.xml.contains("user"),
            "{}",
            sample.xml
        );
    }
}

#[test]
fn a_canary_decides_for_a_stable_share() {
    let trial = Trial { role: Role::Canary { share: 0.25 }, ..SHADOW };
    let mut host =
        tried(&[Guest::default()], &Guest { settings: r#"{"verdict": "drop"}"#, ..Guest::default() }, &trial);
    let verdicts =
        |host: &mut Host| -> Vec<String> { (0..400).map(|number| told(&host.judge(&message(number, "hi")))).collect() };
    let first = verdicts(&mut host);
    assert_eq!(first, verdicts(&mut host));
    let dropped = first.iter().filter(|verdict| *verdict == "guest drop scripted").count();
    assert!((60..140).contains(&dropped), "{dropped}");
    host.chain.drop_candidate("guest").unwrap();
    assert!(verdicts(&mut host).iter().all(|verdict| verdict == "guest pass scripted"));
}

#[test]
fn a_canary_that_fails_is_taken_back_with_what_it_wrote() {
    let mut host = Host::new();
    host.chain.declare("guest", OnError::Deny, Mode::Enforce);
    host.chain.load_store("guest", KeyValues::load([("count".into(), vec![7])]));
    host.install(&Guest::default()).unwrap();
    let trial = Trial { role: Role::Canary { share: 1.0 }, ..SHADOW };
    let slow = Trial { thresholds: Thresholds { failures: 9, mean: Duration::from_nanos(1) }, ..trial };
    let counting = Guest { settings: r#"{"count": true}"#, ..Guest::default() };
    let generation = host.start(&counting).unwrap();
    host.chain.try_out("guest", generation, &slow, 1).unwrap();
    let outcomes: Vec<_> = (0..50).map(|number| host.judge(&message(number, "hi"))).collect();
    assert_eq!(outcomes[0].reason, "count-8");
    let returned = outcomes[49].effects.iter().find_map(|(_, effect)| match effect {
        Effect::Returned(returned) => Some(returned),
        _ => None,
    });
    let returned = returned.expect("it is taken back");
    assert!(returned.is_canary);
    assert_eq!(returned.undone, [("count".into(), Some(vec![7]))]);
    assert_eq!(told(&host.judge(&message(1, "hi"))), "guest pass scripted");
}

#[test]
fn what_cannot_be_tried() {
    let mut host = Host::new();
    host.chain.declare("guest", OnError::Deny, Mode::Enforce);
    let canary = Trial { role: Role::Canary { share: 0.5 }, ..SHADOW };
    let refused = |host: &mut Host, reason: &str| {
        let generation = host.start(&Guest::default()).unwrap();
        let refusal = host.chain.try_out("guest", generation, &canary, 1).unwrap_err().to_string();
        assert!(refusal.contains(reason), "{refusal}");
    };
    refused(&mut host, "nothing is in force");
    host.replace(&Guest::default(), true, Some(THRESHOLDS)).unwrap();
    refused(&mut host, "on probation itself");
    assert_eq!(told(&host.judge_on(outgoing(), false, &message(1, "hi"))), "guest pass scripted");
}
