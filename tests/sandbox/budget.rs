//! The processor time of a policy: who uses it up, who is refused then, and what comes of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mod_wasm_tests::{Guest, Host, outgoing, told};
use prosody_stanza::{Limits as StanzaLimits, xml};
use prosody_wasm_runtime::candidate::Role;
use prosody_wasm_runtime::slot::OnError;
use prosody_wasm_runtime::{
    About, Effect, Facts, Hook, Limits, Outcome, Piece, Question, Statistics, Thresholds, Trial,
};

/// It takes some milliseconds a call, and never fails.
const SLOW: &str = r#"{"when": "message", "rounds": 20000000}"#;
const ONE_MILLISECOND: Limits = Limits { milliseconds: 1_000, memory: 16 << 20, budget: 1 };

fn slow(settings: &str) -> Guest<'_> {
    Guest { file: "everywhere", settings, limits: ONE_MILLISECOND, ..Guest::default() }
}

fn from(sender: &str) -> String {
    format!("<message from='{sender}@x/1' to='b@x'><body>hi</body></message>")
}

fn sum(host: &Host, count: impl Fn(&Statistics) -> u64) -> u64 {
    host.slot("guest").statistics.iter().map(|(_, counted)| count(counted)).sum()
}

fn warnings(outcome: &Outcome) -> usize {
    let is_warning =
        |effect: &Effect| matches!(effect, Effect::Log { line, .. } if line.contains("limits.budget of 1 ms"));
    outcome.effects.iter().filter(|(_, effect)| is_warning(effect)).count()
}

/// It is not asked, and judged by `on_error`; that is no failure of its own and told once a minute.
#[test]
fn who_has_used_it_up_is_not_asked() {
    for (on_error, expected) in [(OnError::Deny, "guest bounce over-budget"), (OnError::Pass, "guest pass over-budget")]
    {
        let mut host = Host::with(&[Guest { on_error, ..slow(SLOW) }]);
        assert_eq!(told(&host.judge(&from("a"))), "guest pass survived");
        let before = Instant::now();
        let outcomes: Vec<_> = (0..20).map(|number| host.judge(&from(&format!("user{number}")))).collect();
        assert!(outcomes.iter().all(|outcome| told(outcome) == expected), "{:?}", before.elapsed());
        assert_eq!(outcomes.iter().map(warnings).sum::<usize>(), 1);
        assert_eq!((sum(&host, |counted| counted.over_budget), sum(&host, |counted| counted.failure)), (20, 20));
        assert_eq!(host.slot("guest").last_failure, None);
    }
}

/// With the time comes the policy.
#[test]
fn it_is_asked_again() {
    let limits = Limits { budget: 100, ..ONE_MILLISECOND };
    let mut host = Host::with(&[Guest { limits, ..slow(SLOW) }]);
    let is_asked = |host: &mut Host| told(&host.judge(&from("a"))) == "guest pass survived";
    while is_asked(&mut host) {}
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_asked(&mut host) {
        assert!(Instant::now() < deadline, "never again");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// What another generation used is not held against it.
#[test]
fn a_new_generation_has_its_own() {
    let mut host = Host::with(&[slow(SLOW)]);
    host.judge(&from("a"));
    assert_eq!(told(&host.judge(&from("b"))), "guest bounce over-budget");
    host.replace(&slow(r#"{"when": ""}"#), true, None).unwrap();
    assert_eq!(told(&host.judge(&from("b"))), "guest pass survived");
}

/// Hooks that protect nobody go on without it.
#[test]
fn hooks_that_protect_nobody() {
    let mut host = Host::with(&[slow(SLOW)]);
    host.judge(&from("a"));
    let question = |hook| Question { hook, passage: outgoing() };
    assert_eq!(told(&host.judge_on(question(Hook::Delivery), false, &from("b"))), "guest pass over-budget");
    assert_eq!(told(&host.judge_on(question(Hook::Carbons), false, &from("b"))), "guest bounce over-budget");
}

fn piece(host: &mut Host, offset: u64) -> String {
    let stanza = xml::parse("<iq from='a@x/1'/>", "jabber:client", &StanzaLimits::default());
    let piece = Piece { user: "a@x".into(), size: 10, offset, bytes: Arc::new(vec![0; 5]), ..Piece::default() };
    let facts = Facts { now: 1, about: About::Piece(piece), ..Facts::default() };
    let iq = Question::named("piece", false).map(|(_, kind)| kind).unwrap();
    let passage = prosody_wasm_runtime::Passage { kind: iq, ..outgoing() };
    told(&host.chain.decide(stanza, Question { hook: Hook::Piece, passage }, false, &facts))
}

/// A file that has begun to come is not cut off; one that has not is not begun.
#[test]
fn files_that_have_begun() {
    let mut host = Host::with(&[slow(r#"{"when": "inspect", "rounds": 20000000}"#)]);
    assert_eq!(piece(&mut host, 0), "guest pass survived");
    assert_eq!(piece(&mut host, 5), "guest pass survived");
    assert_eq!(piece(&mut host, 0), "guest bounce over-budget");
    assert_eq!(piece(&mut host, 5), "guest pass survived");
}

/// A trial is about what it decided, not about what it was not asked.
#[test]
fn it_counts_for_no_trial() {
    let mut host = Host::with(&[Guest::default()]);
    let thresholds = Thresholds { failures: 1, mean: Duration::from_secs(60) };
    host.replace(&slow(SLOW), true, Some(thresholds)).unwrap();
    assert_eq!(told(&host.judge(&from("a"))), "guest pass survived");
    for _ in 0..10 {
        assert_eq!(told(&host.judge(&from("b"))), "guest bounce over-budget");
    }
    let probation = host.slot("guest").probation.as_ref().expect("still on probation");
    assert_eq!((probation.failures, probation.decisions), (0, 1));
}

/// A canary that uses up its time takes none from the generation in force.
#[test]
fn a_canary_has_its_own() {
    let mut host = Host::with(&[Guest::default()]);
    let thresholds = Thresholds { failures: 3, mean: Duration::from_secs(60) };
    let trial = Trial { role: Role::Canary { share: 1.0 }, budget: 0.05, samples: 0, thresholds, fresh: false };
    let canary = host.start(&slow(SLOW)).unwrap();
    host.chain.try_out("guest", canary, &trial, 1).unwrap();
    assert_eq!(told(&host.judge(&from("a"))), "guest pass survived");
    assert_eq!(told(&host.judge(&from("b"))), "guest bounce over-budget");
    host.chain.drop_candidate("guest").unwrap();
    assert_eq!(told(&host.judge(&from("b"))), "guest pass scripted");
}

/// A shadow that takes long is left out for as long as that was too long, however often it could be asked meanwhile.
#[test]
fn a_shadow_pays_for_what_it_took() {
    let mut host = Host::with(&[Guest::default()]);
    let thresholds = Thresholds { failures: 3, mean: Duration::from_secs(60) };
    let trial = Trial { role: Role::Shadow, budget: 0.000_1, samples: 0, thresholds, fresh: false };
    let shadow =
        host.start(&Guest { limits: Limits { milliseconds: 1_000, ..Limits::default() }, ..slow(SLOW) }).unwrap();
    host.chain.try_out("guest", shadow, &trial, 1).unwrap();
    (0..100).for_each(|_| drop(host.judge(&from("a"))));
    let comparison = &host.slot("guest").candidate.as_ref().unwrap().comparison;
    assert_eq!((comparison.compared, comparison.shed), (1, 99));
}
