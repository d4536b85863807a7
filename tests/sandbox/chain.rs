//! Several policies, one stanza.

use mod_wasm_tests::{Guest, Host, outgoing, told};
use prosody_stanza::Excess;
use prosody_wasm_runtime::slot::{Mode, OnError, State};
use prosody_wasm_runtime::{Direction, Effect, Facts, Interest, Party, Passage, StanzaKind, Subscription};

const MESSAGE: &str = "<message to='b@x'><body>hi</body></message>";

/// Guests by name and settings, a stanza; the outcome, and the stanza that is delivered.
fn check(guests: &[(&str, &str)], text: &str, expected: &str, delivered: Option<&str>) {
    let guests = guests.iter().map(|(name, settings)| Guest { name, settings, ..Guest::default() });
    let outcome = Host::with(&guests.collect::<Vec<_>>()).judge(text);
    assert_eq!(told(&outcome), expected);
    if let Some(delivered) = delivered {
        assert_eq!(outcome.stanza().unwrap().to_xml(), delivered);
    }
}

#[test]
fn verdicts() {
    check(&[], MESSAGE, "- pass not-asked", Some(MESSAGE));
    check(&[("a", "{}")], MESSAGE, "a pass scripted", Some(MESSAGE));
    check(&[("a", r#"{"verdict": "drop"}"#)], MESSAGE, "a drop scripted", None);
    check(&[("a", r#"{"verdict": "bounce"}"#)], MESSAGE, "a bounce scripted", None);
    check(&[("a", r#"{"verdict": "bounce"}"#), ("b", "{}")], MESSAGE, "a bounce scripted", None);
    check(&[("a", "{}"), ("b", r#"{"verdict": "drop"}"#)], MESSAGE, "b drop scripted", None);
}

#[test]
fn edits_are_made_in_order() {
    let added = "<message to='b@x'><body>hi</body><foo/></message>";
    check(&[("a", r#"{"append": "foo"}"#)], MESSAGE, "a edit scripted", Some(added));
    let both = "<message to='b@x'><body>hi</body><foo/><bar/></message>";
    let one_of_each = [("a", r#"{"append": "foo"}"#), ("b", r#"{"append": "bar"}"#)];
    check(&one_of_each, MESSAGE, "a edit scripted", Some(both));
    let undone = [("a", r#"{"append": "foo"}"#), ("b", r#"{"remove": "body"}"#)];
    check(&undone, MESSAGE, "a edit scripted", Some("<message to='b@x'><foo/></message>"));
    check(&[("a", r#"{"set_body": ""}"#)], MESSAGE, "a edit scripted", Some("<message to='b@x'><body/></message>"));
}

#[test]
fn judges_see_what_is_delivered() {
    // `a` is asked first, and again after `b` has added what `a` refuses.
    let guests = [("a", r#"{"verdict": "bounce", "refuses": "foo"}"#), ("b", r#"{"append": "foo"}"#)];
    check(&guests, MESSAGE, "a bounce scripted", None);
    // `a` was not interested before `b` made it so.
    let only_foo = r#"{"verdict": "bounce", "namespaces": ["urn:foo"]}"#;
    let guests = [("a", only_foo), ("b", r#"{"append": "foo", "append_in": "urn:foo"}"#)];
    check(&guests, MESSAGE, "a bounce scripted", None);
    // What `b` removes, `a` would add again: they cannot agree.
    let guests = [("a", r#"{"append": "foo"}"#), ("b", r#"{"remove": "foo"}"#)];
    check(&guests, MESSAGE, "a bounce policies-disagree", None);
}

#[test]
fn a_refusal_leaves_the_stanza_alone() {
    let guests = [("a", r#"{"append": "foo"}"#), ("b", r#"{"verdict": "drop"}"#)];
    let guests = guests.map(|(name, settings)| Guest { name, settings, ..Guest::default() });
    assert!(Host::with(&guests).judge(MESSAGE).edits.is_empty());
}

#[test]
fn effects() {
    let told_both = r#"{"reply": "to you", "notify": "to them", "log": "a line", "count": true}"#;
    let mut host = Host::with(&[Guest { settings: told_both, ..Guest::default() }]);
    let first = host.judge(MESSAGE);
    assert_eq!(first.effects.len(), 4, "{:?}", first.effects);
    assert_eq!(told(&first), "guest pass count-1");
    assert_eq!(told(&host.judge(MESSAGE)), "guest pass count-2");

    // Another policy's refusal keeps the messages back, not what was stored and logged.
    host.install(&Guest { name: "z", settings: r#"{"verdict": "drop", "reply": "why"}"#, ..Guest::default() }).unwrap();
    let refused = host.judge(MESSAGE);
    let notices = refused.effects.iter().filter(|(_, effect)| matches!(effect, Effect::Notify { .. }));
    assert_eq!(notices.map(|(policy, _)| policy.as_str()).collect::<Vec<_>>(), ["z"]);
    assert!(refused.effects.iter().any(|(_, effect)| matches!(effect, Effect::Store { .. })));
}

#[test]
fn wants() {
    let mut host = Host::with(&[Guest { settings: r#"{"namespaces": ["urn:x"]}"#, ..Guest::default() }]);
    assert_eq!(told(&host.judge(MESSAGE)), "- pass not-asked");
    assert_eq!(told(&host.judge("<message><x xmlns='urn:x'/></message>")), "guest pass scripted");
    let presence = Passage { kind: StanzaKind::Presence, ..outgoing() };
    assert_eq!(told(&host.judge_on(presence, false, "<presence><x xmlns='urn:x'/></presence>")), "- pass not-asked");
    let interests = host.chain.interests(StanzaKind::Message);
    assert_eq!(interests.outgoing, Interest::Payloads(["urn:x".to_owned()].into()));
    assert_eq!(host.chain.interests(StanzaKind::Iq).incoming, Interest::Nothing);
}

#[test]
fn a_stanza_is_judged_once() {
    let incoming = Passage { direction: Direction::Incoming, source: Party::User, ..outgoing() };
    let mut host = Host::with(&[Guest::default()]);
    assert_eq!(told(&host.judge_on(incoming, true, MESSAGE)), "- pass not-asked");
    assert_eq!(told(&host.judge_on(incoming, false, MESSAGE)), "guest pass scripted");
    let mut host = Host::with(&[Guest { settings: r#"{"incoming": true}"#, ..Guest::default() }]);
    assert_eq!(told(&host.judge(MESSAGE)), "- pass not-asked");
    assert_eq!(told(&host.judge_on(incoming, true, MESSAGE)), "guest pass scripted");
}

#[test]
fn closed_until_filled() {
    let cases = [
        (StanzaKind::Message, "<message/>", true),
        (StanzaKind::Message, "<message type='error'/>", true),
        (StanzaKind::Iq, "<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>", false),
        (StanzaKind::Iq, "<iq type='set'><data xmlns='urn:d'>text</data></iq>", true),
        (StanzaKind::Iq, "<iq type='result'><data xmlns='urn:d'>text</data></iq>", true),
        (StanzaKind::Presence, "<presence/>", false),
        (StanzaKind::Presence, "<presence><status>text</status></presence>", true),
        (StanzaKind::Presence, "<presence>\n</presence>", false),
    ];
    let mut host = Host::new();
    host.chain.declare("guest", OnError::Deny, Mode::Enforce);
    for state in [State::Absent, State::Compiling, State::Failed("a reason".into())] {
        host.chain.set_state("guest", state);
        for (kind, text, denied) in cases {
            let outcome = host.judge_on(Passage { kind, ..outgoing() }, false, text);
            let expected = if denied { "guest bounce closed" } else { "- pass not-asked" };
            assert_eq!(told(&outcome), expected, "{text}");
        }
    }
    for (on_error, mode) in [(OnError::Pass, Mode::Enforce), (OnError::Deny, Mode::Off)] {
        host.chain.declare("guest", on_error, mode);
        assert_eq!(told(&host.judge(MESSAGE)), "- pass not-asked");
        assert_eq!(host.chain.interests(StanzaKind::Message).outgoing, Interest::Nothing);
    }
}

#[test]
fn too_large_is_refused_unseen() {
    for excess in [Excess::Depth, Excess::Nodes, Excess::Attributes, Excess::Bytes, Excess::Malformed] {
        let mut host = Host::with(&[Guest::default()]);
        let outcome = host.chain.decide(Err(excess), outgoing(), false, &Facts::default());
        assert_eq!(told(&outcome), format!("guest bounce {}", excess.reason()));
        let iq = Passage { kind: StanzaKind::Iq, ..outgoing() };
        assert_eq!(told(&host.chain.decide(Err(excess), iq, false, &Facts::default())), "- pass not-asked");
        let mut host = Host::with(&[Guest { on_error: OnError::Pass, ..Guest::default() }]);
        assert_eq!(told(&host.chain.decide(Err(excess), outgoing(), false, &Facts::default())), "- pass not-asked");
    }
}

#[test]
fn a_broken_successor_leaves_the_policy_running() {
    let mut host = Host::with(&[Guest { settings: r#"{"verdict": "drop"}"#, ..Guest::default() }]);
    for settings in [r#"{"no_such": 1}"#, "", "[]", r#"{"verdict": 7}"#] {
        let refusal = host.install(&Guest { settings, ..Guest::default() }).unwrap_err();
        assert!(refusal.contains("refuses its settings"), "{refusal}");
        assert_eq!(told(&host.judge(MESSAGE)), "guest drop scripted");
    }
}

#[test]
fn state_is_handed_over() {
    let mut host = Host::with(&[Guest { settings: r#"{"state": "from-before"}"#, ..Guest::default() }]);
    host.install(&Guest::default()).unwrap();
    assert_eq!(told(&host.judge(MESSAGE)), "guest pass from-before");
    // A successor that is to start afresh does without.
    host.replace(&Guest::default(), true, None).unwrap();
    assert_eq!(told(&host.judge(MESSAGE)), "guest pass scripted");
}

#[test]
fn grants() {
    let mut host = Host::new();
    let refusal = host.install(&Guest { grants: Some(&["envelope", "logs"]), ..Guest::default() }).unwrap_err();
    for part in ["no permission \"logs\"", "changes stanzas", "add \"edits\"", "add \"store\""] {
        assert!(refusal.contains(part), "{refusal}");
    }
    assert_eq!(told(&host.judge(MESSAGE)), "guest bounce closed");
    let all = ["envelope", "edits", "log", "clock", "outbox", "store", "roster"];
    host.install(&Guest { grants: Some(&all), ..Guest::default() }).unwrap();
}

#[test]
fn facts() {
    let mut host = Host::with(&[Guest { settings: r#"{"roster": true}"#, ..Guest::default() }]);
    for (subscription, expected) in [(None, "none"), (Some(Subscription::Both), "some-both-")] {
        let stanza = prosody_stanza::xml::parse(MESSAGE, "jabber:client", &Default::default());
        let outcome = host.chain.decide(stanza, outgoing(), false, &Facts { now: 1, subscription, ..Facts::default() });
        assert_eq!(outcome.reason, expected);
    }
    let mut host = Host::with(&[Guest { settings: r#"{"clock": true}"#, ..Guest::default() }]);
    assert_eq!(host.judge(MESSAGE).reason, "1");
}
