//! Every misdeed in every function that a policy can export: it is cut, judged by `on_error` or refused, and whoever is
//! asked next decides as ever.

use std::time::{Duration, Instant};

use mod_wasm_tests::{Guest, Host, outgoing, passage, told};
use prosody_stanza::{Limits as StanzaLimits, xml};
use prosody_wasm_runtime::slot::State;
use prosody_wasm_runtime::{Facts, Hook, Limits, Passage, Place, Question};

/// The functions that decide, with what is asked there.
const DECISIONS: [(&str, Hook, &str); 13] = [
    ("message", Hook::Message, "message"),
    ("archive", Hook::Archive { place: Place::Archive, is_wanted: true }, "message"),
    ("archive", Hook::Archive { place: Place::Room, is_wanted: false }, "message"),
    ("archive", Hook::Archive { place: Place::Offline, is_wanted: true }, "message"),
    ("carbons", Hook::Carbons, "message"),
    ("delivery", Hook::Delivery, "message"),
    ("register", Hook::Registration, "iq"),
    ("notify", Hook::Notification, "message"),
    ("request", Hook::Slot, "iq"),
    ("inspect", Hook::Piece, "iq"),
    ("settle", Hook::Room, "iq"),
    ("read", Hook::Keys, "iq"),
    ("permit", Hook::Blocklist, "iq"),
];

/// The functions that set up.
const SETUP: [&str; 6] = ["configure", "wants", "needed", "exempt", "retention", "expires"];

fn settings(how: &str, when: &str) -> String {
    format!(r#"{{"how": "{how}", "when": "{when}"}}"#)
}

/// Only who is to run out of time has little of it: a busy machine is no misdeed.
fn limits(how: &str) -> Limits {
    Limits { milliseconds: if how.ends_with("loop") { 5 } else { 1_000 }, budget: 1_000, ..Limits::default() }
}

fn guest<'a>(how: &str, settings: &'a str) -> Guest<'a> {
    Guest { file: "everywhere", settings, limits: limits(how), ..Guest::default() }
}

fn ask(host: &mut Host, hook: Hook, kind: &str) -> String {
    let text = format!("<{kind} from='a@x/1' to='b@x'><body>hi</body></{kind}>");
    let stanza = xml::parse(&text, "jabber:client", &StanzaLimits::default());
    let passage = Passage { kind: passage(kind).kind, ..outgoing() };
    told(&host.chain.decide(stanza, Question { hook, passage }, false, &Facts { now: 1, ..Facts::default() }))
}

/// The policy fails where it misbehaves; the next time it is asked elsewhere, it has a fresh instance and decides.
fn check_decisions(how: &str, reason: &str) {
    for (function, hook, kind) in DECISIONS {
        let settings = settings(how, function);
        let mut host = Host::with(&[guest(how, &settings)]);
        let verdict = if hook.can_protect() { "bounce" } else { "pass" };
        let found = ask(&mut host, hook, kind);
        assert_eq!(found, format!("guest {verdict} {reason}"), "{how} in {function}");
        let failure = format!("{:?}", host.slot("guest").last_failure);
        assert!(!failure.contains("SECRET"), "{failure}");
        let (_, other, kind) = DECISIONS.into_iter().find(|(other, ..)| *other != function).expect("another one");
        let found = ask(&mut host, other, kind);
        assert_eq!(found, "guest pass survived", "{how} in {function}: {:?}", host.slot("guest").last_failure);
    }
}

#[test]
fn loops_in_decisions() {
    check_decisions("loop", "timeout");
}

#[test]
fn bulk_loops_in_decisions() {
    check_decisions("bulk-loop", "timeout");
}

#[test]
fn recursion_and_panics_in_decisions() {
    check_decisions("recurse", "trap");
    check_decisions("panic", "trap");
}

#[test]
fn growth_in_decisions() {
    check_decisions("grow", "out-of-memory");
}

#[test]
fn floods_in_decisions() {
    for how in ["host-calls", "notice-flood", "store-flood", "edit-flood"] {
        check_decisions(how, "misuse");
    }
}

#[test]
fn giants_in_decisions() {
    check_decisions("giant", "bad-reply");
    check_decisions("giant-result", "bad-reply");
}

/// Too many lines are left out, at every hook alike.
#[test]
fn lines_in_decisions() {
    for (function, hook, kind) in DECISIONS {
        let settings = settings("log-flood", function);
        let mut host = Host::with(&[guest("log-flood", &settings)]);
        let verdict = if hook == Hook::Notification { "drop" } else { "pass" };
        assert_eq!(ask(&mut host, hook, kind), format!("guest {verdict} survived"), "{function}");
    }
}

/// A setup that fails is a refusal that names what failed, takes bounded time and leaves the neighbour alone.
#[test]
fn while_starting() {
    for (how, reason) in [
        ("loop", "limits.milliseconds"),
        ("bulk-loop", "limits.milliseconds"),
        ("recurse", "stack overflowed"),
        ("grow", "limits.memory"),
        ("panic", "panicked"),
        ("host-calls", "20,000 calls"),
        ("notice-flood", "no current stanza"),
        ("edit-flood", "no current stanza"),
        ("store-flood", "64 writes"),
        ("giant", "4 MiB"),
    ] {
        let neighbour = Guest { name: "z", ..Guest::default() };
        let mut host = Host::with(&[neighbour]);
        for function in SETUP {
            let settings = settings(how, function);
            let before = Instant::now();
            let refusal = host.install(&guest(how, &settings)).unwrap_err();
            assert!(refusal.contains(reason), "{how} in {function}: {refusal}");
            assert!(before.elapsed() < Duration::from_secs(10), "{how} in {function}");
            assert!(!refusal.contains("SECRET"), "{refusal}");
            assert!(!matches!(host.slot("guest").state, State::Running(_)), "{how} in {function}");
        }
        host.chain.remove("guest");
        assert_eq!(ask(&mut host, Hook::Message, "message"), "z pass scripted");
    }
}

/// What is answered while setting up is in its bounds, or the policy is refused.
#[test]
fn giant_results_while_starting() {
    for (function, reason) in [
        ("configure", "4 MiB"),
        ("wants", "more than 64 kinds"),
        ("exempt", "more than 16 exemptions"),
        ("retention", "its retention is not 1 to 87,600 hours"),
        ("expires", "it keeps files for other than 1 to 87,600 hours"),
    ] {
        let settings = settings("giant-result", function);
        let refusal = Host::new().install(&guest("giant-result", &settings)).unwrap_err();
        assert!(refusal.contains(reason), "{function}: {refusal}");
    }
}

/// A predecessor or successor that misbehaves keeps what runs running.
#[test]
fn while_handing_over() {
    for function in ["save", "restore"] {
        for (how, reason) in [
            ("loop", "ran longer"),
            ("bulk-loop", "ran longer"),
            ("recurse", "stack overflowed"),
            ("grow", "limits.memory"),
            ("panic", "panicked"),
            ("host-calls", "20,000 calls"),
            ("notice-flood", "no current stanza"),
            ("store-flood", "64 writes"),
            ("giant", "4 MiB"),
            ("giant-result", if function == "save" { "larger than 1 MiB" } else { "4 MiB" }),
        ] {
            let settings = settings(how, function);
            let guest = guest(how, &settings);
            let mut host = Host::with(std::slice::from_ref(&guest));
            let refusal = host.install(&guest).unwrap_err();
            assert!(refusal.contains(reason), "{how} in {function}: {refusal}");
            assert_eq!(ask(&mut host, Hook::Message, "message"), "guest pass survived", "{how} in {function}");
        }
    }
}

/// The samples that a policy shows are asked for before it comes into force, and only then.
#[test]
fn while_showing_samples() {
    for (how, reason) in [
        ("loop", "ran longer"),
        ("recurse", "stack overflowed"),
        ("grow", "limits.memory"),
        ("panic", "panicked"),
        ("host-calls", "20,000 calls"),
        ("giant", "4 MiB"),
        ("giant-result", "more than 64 samples"),
    ] {
        let settings = settings(how, "show");
        let refusal = Host::new().probe(&guest(how, &settings)).unwrap_err();
        assert!(refusal.contains(reason), "{how}: {refusal}");
    }
}
