//! The hooks beside delivery: what is kept and what is copied.

use mod_wasm_tests::{Guest, Host, outgoing, told};
use prosody_stanza::Excess;
use prosody_wasm_runtime::candidate::Role;
use prosody_wasm_runtime::slot::{Mode, OnError};
use prosody_wasm_runtime::{Facts, Hook, Manner, Outcome, Place, Question, Thresholds, Trial};

const PLACES: [Place; 3] = [Place::Archive, Place::Room, Place::Offline];

fn keep(place: Place) -> Question {
    Question { hook: Hook::Archive { place, is_wanted: true }, passage: outgoing() }
}

fn copy() -> Question {
    Question { hook: Hook::Carbons, passage: outgoing() }
}

fn telling(settings: &str) -> Guest<'_> {
    Guest { file: "keeping", settings, ..Guest::default() }
}

fn message(word: &str) -> String {
    format!("<message to='b@x' from='a@x/1'><body>{word} it</body></message>")
}

fn ask(host: &mut Host, question: Question, word: &str) -> String {
    let outcome = host.judge_on(question, false, &message(word));
    format!("{}{}", told(&outcome), limited(&outcome))
}

fn limited(outcome: &Outcome) -> &'static str {
    if outcome.manner == Manner::Limited { ", limited" } else { "" }
}

#[test]
fn rulings() {
    let mut host = Host::with(&[telling("{}")]);
    for (word, archive, offline) in [
        ("keep", "guest pass untold", "guest pass untold"),
        ("skip", "guest drop told", "guest drop told"),
        ("edit", "guest edit told", "guest edit told"),
        ("memory", "guest drop told", "guest pass told, limited"),
        ("refuse", "guest drop told", "guest bounce told"),
    ] {
        assert_eq!(ask(&mut host, keep(Place::Archive), word), archive, "{word}");
        assert_eq!(ask(&mut host, keep(Place::Room), word), archive, "{word}");
        assert_eq!(ask(&mut host, keep(Place::Offline), word), offline, "{word}");
    }
    for (word, expected) in
        [("copy", "guest pass untold"), ("encrypting", "guest pass told, limited"), ("skip", "guest drop told")]
    {
        assert_eq!(ask(&mut host, copy(), word), expected, "{word}");
    }
    // It has no say in what is delivered.
    assert_eq!(told(&host.judge(&message("skip"))), "- pass not-asked");
}

#[test]
fn the_strictest_wins() {
    let mut host = Host::with(&[
        telling("{}"),
        Guest { name: "z", settings: r#"{"only_wanted": true}"#, ..telling("{}") },
        Guest { name: "message", ..Guest::default() },
    ]);
    let unwanted = Question { hook: Hook::Archive { place: Place::Archive, is_wanted: false }, passage: outgoing() };
    assert_eq!(ask(&mut host, unwanted, "keep"), "z drop not-wanted");
    assert_eq!(ask(&mut host, keep(Place::Archive), "keep"), "z pass untold");
    assert_eq!(ask(&mut host, keep(Place::Offline), "memory"), "z pass told, limited");
}

/// A failure in one of the hooks is judged like any other: nothing is kept, nothing copied.
#[test]
fn failures() {
    for (word, reason) in [("trap", "trap"), ("loop", "timeout")] {
        for (on_error, verdict) in [(OnError::Deny, "bounce"), (OnError::Pass, "pass")] {
            for question in PLACES.map(keep).into_iter().chain([copy()]) {
                let mut host = Host::with(&[Guest { on_error, ..telling("{}") }]);
                assert_eq!(ask(&mut host, question, word), format!("guest {verdict} {reason}"));
            }
        }
    }
}

/// Nobody knows the hooks of a policy that is not there, so it refuses at all of them.
#[test]
fn closed_until_filled() {
    let mut host = Host::new();
    host.chain.declare("guest", OnError::Deny, Mode::Enforce);
    for question in PLACES.map(keep).into_iter().chain([copy()]) {
        assert_eq!(ask(&mut host, question, "keep"), "guest bounce closed");
        assert!(host.chain.hears(question.hook.interface()));
    }
    host.chain.declare("guest", OnError::Deny, Mode::Off);
    assert!(Hook::INTERFACES.iter().all(|interface| !host.chain.hears(interface)));
    assert_eq!(ask(&mut host, copy(), "skip"), "- pass not-asked");
}

fn heard(host: &Host) -> Vec<&'static str> {
    Hook::INTERFACES.into_iter().filter(|interface| host.chain.hears(interface)).collect()
}

#[test]
fn who_hears() {
    let host = Host::with(&[telling("{}")]);
    assert_eq!(heard(&host), ["archive-policy", "carbons-policy"]);
    let host = Host::with(&[Guest::default()]);
    assert_eq!(heard(&host), ["message-policy"]);
}

#[test]
fn too_large_is_not_kept() {
    let mut host = Host::with(&[telling("{}")]);
    let decide = |host: &mut Host, question| host.chain.decide(Err(Excess::Depth), question, false, &Facts::default());
    assert_eq!(told(&decide(&mut host, keep(Place::Archive))), format!("guest bounce {}", Excess::Depth.reason()));
    assert_eq!(told(&decide(&mut host, outgoing().into())), "- pass not-asked");
}

#[test]
fn the_shortest_retention_wins() {
    let mut host = Host::with(&[telling("{}")]);
    assert_eq!(host.chain.retention(), None);
    host.install(&Guest { name: "b", ..telling(r#"{"retention": 48}"#) }).unwrap();
    host.install(&Guest { name: "c", ..telling(r#"{"retention": 36}"#) }).unwrap();
    assert_eq!(host.chain.retention(), Some(36));
    host.chain.declare("c", OnError::Deny, Mode::Off);
    assert_eq!(host.chain.retention(), Some(48));
    for hours in ["0", "87601"] {
        let settings = format!(r#"{{"retention": {hours}}}"#);
        let refusal = host.install(&telling(&settings)).unwrap_err();
        assert!(refusal.contains("1 to 87,600 hours"), "{refusal}");
    }
}

/// A shadow of such a policy is asked beside it, and its differences are counted by what was asked.
#[test]
fn shadows() {
    let mut host = Host::with(&[telling("{}")]);
    let shadow = host.start(&telling(r#"{"only_wanted": true}"#)).unwrap();
    let trial = Trial { role: Role::Shadow, budget: 1.0, samples: 0, thresholds: Thresholds::default(), fresh: true };
    host.chain.try_out("guest", shadow, &trial, 1).unwrap();
    let unwanted = Question { hook: Hook::Archive { place: Place::Archive, is_wanted: false }, passage: outgoing() };
    assert_eq!(ask(&mut host, unwanted, "keep"), "guest pass untold");
    let candidate = host.slot("guest").candidate.as_ref().unwrap();
    let kinds: Vec<_> = candidate.comparison.differences.keys().cloned().collect();
    assert_eq!(kinds, [("archive", "pass", "drop".to_owned())]);
}
