//! Policies that misbehave as badly as they can.

use std::time::{Duration, Instant};

use mod_wasm_tests::{Guest, Host, outgoing, told};
use prosody_wasm_runtime::slot::{OnError, State};
use prosody_wasm_runtime::{Direction, Effect, Failed, Kind, Limits, LogLevel, Outcome, Party, Passage};

const MESSAGE: &str = "<message to='b@x'><body>something secret</body></message>";

fn misbehaving(settings: &str) -> Guest<'_> {
    Guest { file: "misbehaving", settings, ..Guest::default() }
}

fn settings(how: &str, when: &str) -> String {
    format!(r#"{{"how": "{how}", "when": "{when}"}}"#)
}

/// Cut, and judged by `on_error`; the neighbour decides as ever.
#[test]
fn while_deciding() {
    for (how, reason) in [
        ("loop", "timeout"),
        ("bulk-loop", "timeout"),
        ("recurse", "trap"),
        ("grow", "out-of-memory"),
        ("panic", "trap"),
        ("host-calls", "misuse"),
        ("notice-flood", "misuse"),
        ("store-flood", "misuse"),
        ("edit-flood", "misuse"),
        ("edit-nowhere", "misuse"),
        ("edit-address", "misuse"),
        ("edit-control-character", "misuse"),
    ] {
        let settings = settings(how, "decide");
        for on_error in [OnError::Deny, OnError::Pass] {
            let neighbour = Guest { name: "z", settings: r#"{"verdict": "drop"}"#, ..Guest::default() };
            // Only who is to run out of time has little of it: a busy machine is no misuse.
            let milliseconds = if reason == "timeout" { 5 } else { 500 };
            let limits = Limits { milliseconds, budget: 1_000, ..Limits::default() };
            let mut host = Host::with(&[Guest { on_error, limits, ..misbehaving(&settings) }, neighbour]);
            let outcome = host.judge(MESSAGE);
            let expected = match on_error {
                OnError::Deny => format!("guest bounce {reason}"),
                OnError::Pass => "z drop scripted".to_owned(),
            };
            // Memory runs out or time does, whichever is first on this machine.
            let outcome = told(&outcome).replace(if how == "grow" { "timeout" } else { "-" }, "out-of-memory");
            assert_eq!(outcome.replace("out-of-memory", reason), expected, "{how}");
            let failure = format!("{:?}", host.slot("guest").last_failure.clone().unwrap());
            assert!(!failure.contains("SECRET"), "{failure}");
            let failures = host.slot("guest").statistics.iter().map(|(_, counted)| counted.failure);
            assert_eq!(failures.sum::<u64>(), 1);
        }
    }
}

/// What one decision writes to the store is bounded, whatever room there is: the server waits for the disk.
#[test]
fn writing_much_at_once() {
    assert_eq!(written_by("store-much", 1), [1 + 30 * 1024; 2]);
    // Nearly all of it, also into a full store: what is measured with this one is the worst there is.
    for decisions in [1, 30] {
        let written = written_by("all-allowed", decisions);
        assert_eq!(written.len(), 64);
        assert!((72 * 1024 - 200..=72 * 1024).contains(&written.iter().sum::<usize>()), "{written:?}");
    }
}

/// The bytes of each key and value that the last of so many decisions writes to the store.
fn written_by(how: &str, decisions: usize) -> Vec<usize> {
    let settings = settings(how, "decide");
    let limits = Limits { milliseconds: 500, budget: 1_000, ..Limits::default() };
    let mut host = Host::with(&[Guest { limits, ..misbehaving(&settings) }]);
    let outcomes = (0..decisions).map(|_| host.judge(MESSAGE));
    let outcome = outcomes.last().unwrap();
    assert!(told(&outcome).starts_with("guest pass"), "{}", told(&outcome));
    let written = outcome.effects.iter().filter_map(|(_, effect)| match effect {
        Effect::Store { key, value } => Some(key.len() + value.as_ref().map_or(0, Vec::len)),
        _ => None,
    });
    written.collect()
}

/// A failing setup is a refusal with a reason, and takes bounded time.
#[test]
fn while_starting() {
    for when in ["configure", "wants"] {
        for (how, reason) in [
            ("loop", "limits.milliseconds"),
            ("bulk-loop", "limits.milliseconds"),
            ("recurse", "stack overflowed"),
            ("grow", "limits.memory"),
            ("panic", "panicked"),
            ("edit-nowhere", "no current stanza"),
            ("notice-flood", "no current stanza"),
        ] {
            let settings = settings(how, when);
            let before = Instant::now();
            let refusal = Host::new().install(&misbehaving(&settings)).unwrap_err();
            assert!(refusal.contains(reason), "{how} in {when}: {refusal}");
            assert!(before.elapsed() < Duration::from_secs(5), "{how} in {when}");
        }
    }
    let refusal = Host::new().install(&misbehaving(&settings("refuse", "configure"))).unwrap_err();
    assert_eq!(refusal, "it refuses its settings: it is never\\nsatisfied");
}

/// A predecessor or successor that misbehaves at the hand-over keeps what runs running, and can be escaped.
#[test]
fn while_handing_over() {
    for (how, when, reason) in [
        ("loop", "save", "cannot be saved: it ran longer"),
        ("panic", "save", "cannot be saved: it panicked"),
        ("huge-state", "save", "cannot be saved: its state is larger than 1 MiB"),
        ("panic", "restore", "does not take over the state of the running generation: it panicked"),
        ("loop", "restore", "does not take over the state of the running generation: it ran longer"),
        ("refuse", "restore", "it refuses the state of its predecessor"),
    ] {
        let settings = settings(how, when);
        let mut host = Host::with(&[misbehaving(&settings)]);
        let refusal = host.install(&misbehaving(&settings)).unwrap_err();
        assert!(refusal.contains(reason), "{how} in {when}: {refusal}");
        assert_eq!(told(&host.judge(MESSAGE)), "guest pass survived", "{how} in {when}");
        assert_eq!(host.replace(&misbehaving(&settings), true, None), Ok(()), "{how} in {when}");
        assert_eq!(told(&host.judge(MESSAGE)), "guest pass survived", "{how} in {when}");
    }
}

fn from(sender: &str, body: &str) -> String {
    format!("<message from='{sender}'><body>{body}</body></message>")
}

/// Who makes it fail waits; the others do not notice.
#[test]
fn a_sender_in_quarantine() {
    let mut host = Host::with(&[misbehaving(r#"{"how": "panic", "when": "decide", "only": "bad"}"#)]);
    for _ in 0..3 {
        assert_eq!(told(&host.judge(&from("mallory@x/1", "bad"))), "guest bounce trap");
        assert_eq!(told(&host.judge(&from("alice@x/1", "good"))), "guest pass survived");
    }
    assert_eq!(told(&host.judge(&from("mallory@x/2", "good"))), "guest bounce quarantined");
    assert_eq!(told(&host.judge(&from("alice@x/1", "good"))), "guest pass survived");
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(told(&host.judge(&from("mallory@x/2", "good"))), "guest pass survived");
}

/// Another server is one sender, however many users it makes up.
#[test]
fn a_server_in_quarantine() {
    let passage = Passage { source: Party::Remote, direction: Direction::Incoming, ..outgoing() };
    let mut host = Host::with(&[misbehaving(r#"{"how": "panic", "when": "decide", "only": "bad"}"#)]);
    for number in 0..3 {
        let text = from(&format!("user{number}@evil.example/x"), "bad");
        assert_eq!(told(&host.judge_on(passage, false, &text)), "guest bounce trap");
    }
    assert_eq!(told(&host.judge_on(passage, false, &from("other@evil.example", "good"))), "guest bounce quarantined");
    assert_eq!(told(&host.judge_on(passage, false, &from("other@good.example", "good"))), "guest pass survived");
}

/// A policy that fails for everybody is not tried for everybody.
#[test]
fn a_policy_in_quarantine() {
    let mut host = Host::with(&[misbehaving(&settings("panic", "decide"))]);
    for sender in ["a@x", "b@x", "c@x", "d@x", "e@x"] {
        assert_eq!(told(&host.judge(&from(sender, "hi"))), "guest bounce trap");
    }
    assert_eq!(told(&host.judge(&from("f@x", "hi"))), "guest bounce quarantined");
    assert!(matches!(&host.slot("guest").state, State::Running(running) if running.is_quarantined()));
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(told(&host.judge(&from("f@x", "hi"))), "guest bounce trap");
}

/// What a policy that failed asked for is not done; that it failed is told.
#[test]
fn no_effects_of_a_failure() {
    let mut host = Host::with(&[misbehaving(&settings("store-flood", "decide"))]);
    let effects = host.judge(MESSAGE).effects;
    assert!(matches!(effects.as_slice(), [(_, Effect::Failed(_))]), "{effects:?}");
}

fn failures(outcome: Outcome) -> Vec<Failed> {
    let failed = outcome.effects.into_iter().filter_map(|(_, effect)| match effect {
        Effect::Failed(failed) => Some((*failed).clone()),
        _ => None,
    });
    failed.collect()
}

/// With the place, and each place once a minute.
#[test]
fn failures_are_told() {
    for (how, place) in
        [("panic", "misbehav"), ("loop", "misbehav"), ("recurse", "recurse"), ("host-calls", "misbehav")]
    {
        let settings = settings(how, "decide");
        let mut host = Host::with(&[misbehaving(&settings)]);
        let told = failures(host.judge(&from("a@x", "hi")));
        let scene = told[0].failure.scene.clone().unwrap();
        assert!(scene.place().unwrap().to_string().contains(place), "{how}: {scene:?}");
        assert!(scene.offsets().starts_with("0x") && told[0].failure.hint().is_some(), "{how}");
        for sender in ["b@x", "c@x", "d@x"] {
            assert_eq!(failures(host.judge(&from(sender, "hi"))), [], "{how}");
        }
        let last = host.slot("guest").last_failure.clone().unwrap();
        assert_eq!((last.count, last.at, last.hook), (4, 1, "message-policy"), "{how}");
    }
}

/// Not the words of a panic: they may be made of the stanza.
#[test]
fn what_it_had_logged_is_told() {
    let settings = r#"{"mistake": "counts-on-few-elements"}"#;
    let mut host = Host::with(&[Guest { file: "mistaken", settings, ..Guest::default() }]);
    let wide = format!("<message><body>secret</body>{}</message>", "<x/>".repeat(20));
    let told = failures(host.judge(&wide));
    let lines = &told[0].failure.scene.as_ref().unwrap().lines;
    let lines: Vec<_> = lines.iter().map(|(_, line)| line.split(".rs").next().unwrap()).collect();
    assert_eq!(lines, ["looking at each element", "panicked at tests/guests/examples/mistaken"]);
}

/// What is never given back is told apart from what is too large.
#[test]
fn memory_that_grows() {
    let settings = r#"{"mistake": "leaks"}"#;
    let mut host = Host::with(&[Guest { file: "mistaken", settings, ..Guest::default() }]);
    let failed = (0..100).find_map(|_| failures(host.judge(MESSAGE)).pop()).unwrap();
    assert!(matches!(failed.failure.kind, Kind::Memory(call) if call > 10), "{failed:?}");
    assert!(failed.failure.hint().unwrap().contains("post-return"));
}

#[test]
fn nothing_leaks_by_reasons() {
    for how in ["long-reason", "leaky-reason"] {
        let mut host = Host::with(&[misbehaving(&settings(how, "decide"))]);
        assert_eq!(told(&host.judge(MESSAGE)), "guest pass unnamed");
        let reasons = (0..200).map(|number| host.judge(&format!("<message><body>{number}</body></message>")).reason);
        let distinct: std::collections::BTreeSet<_> = reasons.collect();
        assert!(distinct.len() <= 64, "{}", distinct.len());
    }
}

#[test]
fn nothing_leaks_by_lines() {
    let mut host = Host::with(&[misbehaving(&settings("leaky-log", "decide"))]);
    let lines: Vec<_> = host.judge(MESSAGE).effects.into_iter().map(|(_, effect)| effect).collect();
    assert_eq!(
        lines,
        [
            Effect::Log { level: LogLevel::Error, line: "(a line that repeats the stanza was withheld)".into() },
            Effect::Log { level: LogLevel::Debug, line: "for alice@example.org".into() },
        ]
    );
}

#[test]
fn lines_are_few_and_clean() {
    let mut host = Host::with(&[misbehaving(&settings("log-flood", "decide"))]);
    let lines: Vec<_> = (0..20).flat_map(|_| host.judge(MESSAGE).effects).collect();
    assert_eq!(lines.len(), 100);
    for (_, effect) in lines {
        assert!(
            matches!(&effect, Effect::Log { line, .. } if !line.contains(|character: char| character.is_control()))
        );
    }
}

/// A call after the watchdog went to sleep is cut as well.
#[test]
fn the_watchdog_wakes_up() {
    let settings = r#"{"how": "loop", "when": "decide", "only": "bad"}"#;
    let mut host = Host::with(&[misbehaving(settings)]);
    assert_eq!(told(&host.judge(MESSAGE)), "guest pass survived");
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(told(&host.judge("<message><body>bad</body></message>")), "guest bounce timeout");
}
