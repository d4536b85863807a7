//! The hooks for phones: what wakes an inactive client, and who notifies a sleeping device.

use mod_wasm_tests::{Guest, Host, passage, told};
use prosody_stanza::{Excess, Limits, xml};
use prosody_wasm_runtime::candidate::Role;
use prosody_wasm_runtime::slot::{Mode, OnError};
use prosody_wasm_runtime::{About, Device, Facts, Hook, Manner, Outcome, Question, Registration, Thresholds, Trial};

const HOOKS: [Hook; 3] = [Hook::Delivery, Hook::Registration, Hook::Notification];

fn question(hook: Hook) -> Question {
    Question { hook, passage: passage(if hook == Hook::Registration { "iq" } else { "message" }) }
}

fn guest() -> Guest<'static> {
    Guest { file: "waking", ..Guest::default() }
}

fn registration() -> Registration {
    let [user, service, node] = ["bob@x", "push.x", "phone"].map(str::to_owned);
    Registration { user, service, node, others: 1, device: Device::Asleep }
}

fn facts() -> Facts {
    let about = About::Registration(registration());
    Facts { now: 1, nickname: Some("me".into()), about, ..Facts::default() }
}

fn text(hook: Hook, words: &str) -> String {
    match hook {
        Hook::Registration => format!("<iq type='set'><body>{words}</body></iq>"),
        _ => format!("<message to='b@x' from='a@x/1'><body>{words}</body></message>"),
    }
}

fn ask_with(host: &mut Host, hook: Hook, words: &str, facts: &Facts) -> Outcome {
    let stanza = xml::parse(&text(hook, words), "jabber:client", &Limits::default());
    host.chain.decide(stanza, question(hook), false, facts)
}

/// The policy, its verdict and reason, then the manner and the pause, where they are not the usual ones.
fn ask(host: &mut Host, hook: Hook, words: &str) -> String {
    let outcome = ask_with(host, hook, words, &facts());
    let manner = match &outcome.manner {
        Manner::Replacing(key) => format!(", replacing {key}"),
        manner => manner.word().map(|word| format!(", {word}")).unwrap_or_default(),
    };
    let pause = if outcome.pause > 0 { format!(", pause {}", outcome.pause) } else { String::new() };
    format!("{}{manner}{pause}", told(&outcome))
}

#[test]
fn rulings() {
    let mut host = Host::with(&[guest()]);
    for (hook, words, expected) in [
        (Hook::Delivery, "deliver", "guest pass untold"),
        (Hook::Delivery, "hold", "guest pass told, limited"),
        (Hook::Delivery, "replace k1", "guest pass told, replacing guest/k1"),
        (Hook::Delivery, "discard", "guest drop told"),
        (Hook::Delivery, "edit", "guest edit told"),
        (Hook::Delivery, "named me", "guest pass untold"),
        (Hook::Delivery, "named you", "guest pass told, limited"),
        (Hook::Delivery, "long 4096", &format!("guest pass told, replacing guest/{}", "k".repeat(4_096))),
        (Hook::Notification, "send", "guest pass untold"),
        (Hook::Notification, "send 30", "guest pass untold, pause 30"),
        (Hook::Notification, "announce 30", "guest pass told, limited, pause 30"),
        (Hook::Notification, "redact", "guest pass told, redacted"),
        (Hook::Notification, "redact 86400", "guest pass told, redacted, pause 86400"),
        (Hook::Notification, "suppress", "guest drop told"),
        (Hook::Notification, "device Asleep", "guest pass untold"),
        (Hook::Notification, "device Awake", "guest drop told"),
        (Hook::Registration, "", "guest pass untold"),
    ] {
        assert_eq!(ask(&mut host, hook, words), expected, "{hook:?} {words}");
    }
    // It has no say in what passes.
    assert_eq!(told(&host.judge(&text(Hook::Delivery, "discard"))), "- pass not-asked");
}

#[test]
fn registrations_are_told_apart() {
    let mut host = Host::with(&[guest()]);
    for (service, others, expected) in [
        ("push.x", 1, "guest pass untold"),
        ("push.x", 2, "guest bounce told"),
        ("no.x", 0, "guest bounce told"),
        ("trap.x", 0, "guest bounce trap"),
    ] {
        let registration = Registration { service: service.into(), others, ..registration() };
        let facts = Facts { about: About::Registration(registration), ..facts() };
        assert_eq!(told(&ask_with(&mut host, Hook::Registration, "", &facts)), expected, "{service} {others}");
    }
}

/// A reply out of bounds is a failure, not cut: the key could be another's.
#[test]
fn bounds() {
    let mut host = Host::with(&[guest()]);
    assert_eq!(ask(&mut host, Hook::Delivery, "long 4097"), "guest pass bad-reply");
    assert_eq!(ask(&mut host, Hook::Notification, "redact 86401"), "guest bounce bad-reply");
    assert!(host.slot("guest").last_failure.as_ref().unwrap().to_string().contains("86,400 seconds"));
}

#[test]
fn the_strictest_wins() {
    for (hook, always, words, expected) in [
        (Hook::Delivery, "hold", "deliver", "z pass told, limited"),
        (Hook::Delivery, "hold", "replace k", "z pass told, replacing guest/k"),
        (Hook::Delivery, "replace k", "hold", "z pass told, replacing z/k"),
        (Hook::Delivery, "discard", "hold", "z drop told"),
        (Hook::Delivery, "hold", "discard", "guest drop told"),
        (Hook::Notification, "announce 5", "redact 3", "z pass told, redacted, pause 5"),
        (Hook::Notification, "suppress", "send", "z drop told"),
    ] {
        let settings = format!(r#"{{"always": "{always}"}}"#);
        let mut host = Host::with(&[guest(), Guest { name: "z", settings: &settings, ..guest() }]);
        assert_eq!(ask(&mut host, hook, words), expected, "{always} beside {words}");
    }
    let narrower = [Manner::Usual, Manner::Limited, Manner::Replacing("k".into()), Manner::Redacted];
    assert!(narrower.is_sorted());
}

/// Nothing is lost by a failure where a refusal would protect nobody; elsewhere nobody is told anything.
#[test]
fn failures() {
    for (words, reason) in [("trap", "trap"), ("loop", "timeout")] {
        for (on_error, verdict) in [(OnError::Deny, "bounce"), (OnError::Pass, "pass")] {
            for (hook, verdict) in [(Hook::Delivery, "pass"), (Hook::Notification, verdict)] {
                let mut host = Host::with(&[Guest { on_error, ..guest() }]);
                assert_eq!(ask(&mut host, hook, words), format!("guest {verdict} {reason}"));
            }
        }
    }
}

#[test]
fn closed_until_filled() {
    let mut host = Host::new();
    host.chain.declare("guest", OnError::Deny, Mode::Enforce);
    for (hook, expected) in
        HOOKS.into_iter().zip(["guest pass setup-failed", "guest bounce closed", "guest bounce closed"])
    {
        assert_eq!(ask(&mut host, hook, "discard"), expected);
        assert!(host.chain.hears(hook.interface()));
    }
    host.chain.declare("guest", OnError::Deny, Mode::Off);
    for hook in HOOKS {
        assert_eq!(ask(&mut host, hook, "discard"), "- pass not-asked");
    }
}

#[test]
fn too_large_to_be_asked_about() {
    let mut host = Host::with(&[guest()]);
    for (hook, verdict) in HOOKS.into_iter().zip(["-", "guest", "guest"]) {
        let outcome = host.chain.decide(Err(Excess::Depth), question(hook), false, &facts());
        assert!(told(&outcome).starts_with(verdict), "{hook:?}: {}", told(&outcome));
    }
}

/// A shadow is compared in everything that users notice: the key and the pause as well.
#[test]
fn shadows() {
    let mut host = Host::with(&[guest()]);
    let shadow = host.start(&guest()).unwrap();
    let trial = Trial { role: Role::Shadow, budget: 1.0, samples: 0, thresholds: Thresholds::default(), fresh: true };
    host.chain.try_out("guest", shadow, &trial, 1).unwrap();
    for (hook, words) in [(Hook::Delivery, "replace a"), (Hook::Notification, "redact 3")] {
        ask(&mut host, hook, words);
    }
    let comparison = &host.slot("guest").candidate.as_ref().unwrap().comparison;
    assert_eq!((comparison.compared, comparison.agreed), (2, 2));
}
