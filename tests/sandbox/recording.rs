//! What is recorded is answered again in the same way.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mod_wasm_tests::{Guest, Host, artifact, outgoing};
use prosody_stanza::{Limits, xml};
use prosody_wasm_runtime::recording::{Order, Recording, Replay, Replayed};
use prosody_wasm_runtime::{
    About, Device, Engine, Facts, Hook, Occasion, Parties, Place, Policy, Purpose, Question, Registration, Room,
    RosterEntry, Subscription, Terms,
};

const MESSAGES: [&str; 4] = [
    "<message from='a@x/1' to='b@x' type='chat'><body>a secret</body></message>",
    "<message from='a@x/1' to='b@x'><x xmlns='urn:x' a='1'>t&amp;&lt;</x><foo/></message>",
    "<message from='a@x/1' to='b@x'/>",
    "<message from='a@x/1' to='b@x'><body> two\nlines\t\u{fc} </body></message>",
];

fn path(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("recording-{name}-{}", std::process::id()));
    let _ = fs::remove_file(&path);
    path
}

/// Records what a guest is asked, after it was asked something else.
fn record(name: &str, file: &str, settings: &str, redact: bool) -> PathBuf {
    let path = path(name);
    let mut host = Host::with(&[Guest { file, settings, ..Guest::default() }]);
    host.judge(MESSAGES[0]);
    host.chain.record("guest", &Order { path: path.clone(), count: 4, redact, failures_only: false }, 1).unwrap();
    MESSAGES.iter().for_each(|message| drop(host.judge(message)));
    host.judge(MESSAGES[0]); // one too many
    assert_eq!(host.chain.stop_recording("guest").unwrap().unwrap(), 4);
    path
}

fn replay(path: &Path, file: &str, settings: &str) -> Vec<Replayed> {
    let engine = Arc::new(Engine::new(Purpose::Server, &Engine::configuration(Purpose::Server)).unwrap());
    let terms = Terms { settings: settings.into(), ..Terms::default() };
    let policy = Policy::load(&engine, artifact(file).into(), "0123", terms).unwrap();
    let recording = Recording::open(path).unwrap();
    let mut replay = Replay::start(&engine, policy, &recording.header).unwrap();
    recording.map(|entry| replay.ask(&engine, entry.unwrap()).unwrap()).collect()
}

#[test]
fn the_same_policy_answers_the_same() {
    for (number, settings) in [
        r#"{"count": true, "state": "kept"}"#,
        r#"{"append": "x", "reply": "r"}"#,
        r#"{"verdict": "bounce", "refuses": "foo"}"#,
        r#"{"clock": true}"#,
    ]
    .into_iter()
    .enumerate()
    {
        for redact in [false, true] {
            let path = record(&format!("same-{number}-{redact}"), "scripted", settings, redact);
            let replayed = replay(&path, "scripted", settings);
            assert_eq!(replayed.len(), 4);
            for Replayed { before, now, .. } in replayed {
                assert_eq!(before, now, "{settings}");
            }
            fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn a_failure_is_answered_again_by_a_failure() {
    let settings = r#"{"how": "panic", "when": "decide", "only": "two"}"#;
    let path = record("failing", "misbehaving", settings, false);
    let verdicts: Vec<_> =
        replay(&path, "misbehaving", settings).into_iter().map(|replayed| replayed.now.verdict).collect();
    assert_eq!(verdicts, ["pass", "pass", "pass", "failure"]);
    fs::remove_file(path).unwrap();
}

#[test]
fn another_policy_answers_otherwise() {
    let path = record("other", "scripted", "{}", false);
    let replayed = replay(&path, "scripted", r#"{"verdict": "drop", "refuses": "body"}"#);
    let different = replayed.iter().filter(|replayed| !replayed.before.is_same_to_users(&replayed.now)).count();
    assert_eq!(different, 2);
    fs::remove_file(path).unwrap();
}

#[test]
fn redacted_is_redacted() {
    let path = record("redacted", "scripted", "{}", true);
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("secret") && !text.contains("a@x") && text.contains("<body>"), "{text}");
    fs::remove_file(path).unwrap();
}

#[test]
fn files_that_are_none() {
    for (text, reason) in [
        ("", "is empty"),
        ("[]\n", "is not a recording"),
        (
            "{\"recording\": 2, \"policy\": \"p\", \"identity\": \"\", \"sha256\": \"\", \"settings\": \"{}\", \"milliseconds\": 5, \"memory\": 1, \"state\": null, \"redacted\": false}\n",
            "is of format 2",
        ),
    ] {
        let path = path("none");
        fs::write(&path, text).unwrap();
        let error = format!("{:#}", Recording::open(&path).err().unwrap());
        assert!(error.contains(reason), "{error}");
        fs::remove_file(path).unwrap();
    }
    let mut host = Host::with(&[Guest::default()]);
    let existing = path("existing");
    fs::write(&existing, "mine").unwrap();
    let order = Order { path: existing.clone(), count: 1, redact: false, failures_only: false };
    assert!(host.chain.record("guest", &order, 1).is_err(), "nothing is overwritten");
    assert!(host.chain.record("guest", &Order { count: 0, ..order }, 1).is_err());
    fs::remove_file(existing).unwrap();
}

/// What was asked besides delivery is asked again as it was.
#[test]
fn questions_of_every_hook() {
    let path = path("hooks");
    let settings = r#"{"only_wanted": true}"#;
    let mut host = Host::with(&[Guest { file: "keeping", settings, ..Guest::default() }]);
    host.chain
        .record("guest", &Order { path: path.clone(), count: 6, redact: false, failures_only: false }, 1)
        .unwrap();
    let archive = |place, is_wanted| Hook::Archive { place, is_wanted };
    let asked = [
        (archive(Place::Archive, true), "keep", "pass"),
        (archive(Place::Archive, false), "keep", "drop"),
        (archive(Place::Room, true), "edit", "edit"),
        (archive(Place::Offline, true), "memory", "limited"),
        (archive(Place::Offline, true), "refuse", "bounce"),
        (Hook::Carbons, "encrypting", "limited"),
    ];
    for (hook, word, _) in asked {
        let text = format!("<message from='a@x/1' to='b@x'><body>{word}</body></message>");
        host.judge_on(Question { hook, passage: outgoing() }, false, &text);
    }
    assert_eq!(host.chain.stop_recording("guest").unwrap().unwrap(), 6);
    let replayed = replay(&path, "keeping", settings);
    let verdicts: Vec<_> = replayed.iter().map(|replayed| replayed.now.verdict.as_str()).collect();
    assert_eq!(verdicts, asked.map(|(.., verdict)| verdict));
    assert!(replayed.iter().all(|Replayed { before, now, .. }| before == now));
    fs::remove_file(path).unwrap();
}

fn phone() -> Facts {
    let [user, service, node] = ["bob@x", "push.secret.example", "secret-phone"].map(str::to_owned);
    let registration = Registration { user, service, node, others: 1, device: Device::Asleep };
    Facts { now: 1, nickname: Some("secret-name".into()), about: About::Registration(registration), ..Facts::default() }
}

/// What was known besides the stanza is known again; who it was about is not said in a redacted recording.
#[test]
fn what_was_known_of_a_phone() {
    for redact in [false, true] {
        let path = path(&format!("phone-{redact}"));
        let mut host = Host::with(&[Guest { file: "waking", ..Guest::default() }]);
        host.chain.record("guest", &Order { path: path.clone(), count: 5, redact, failures_only: false }, 1).unwrap();
        for (hook, words) in [
            (Hook::Delivery, "named secret-name"),
            (Hook::Delivery, "replace key"),
            (Hook::Registration, ""),
            (Hook::Notification, "device Asleep"),
            (Hook::Notification, "redact 7"),
        ] {
            let kind = if hook == Hook::Registration { "iq" } else { "message" };
            let text = format!("<{kind} type='set' from='a@x/1' to='b@x'><body>{words}</body></{kind}>");
            let question = Question { hook, passage: mod_wasm_tests::passage(kind) };
            host.chain.decide(xml::parse(&text, "jabber:client", &Limits::default()), question, false, &phone());
        }
        assert_eq!(host.chain.stop_recording("guest").unwrap().unwrap(), 5);
        let written = fs::read_to_string(&path).unwrap();
        assert_eq!(written.contains("secret"), !redact);
        let replayed = replay(&path, "waking", "{}");
        assert!(replayed.iter().all(|Replayed { before, now, .. }| before == now));
        let verdicts: Vec<_> = replayed.iter().map(|replayed| replayed.now.verdict.as_str()).collect();
        if !redact {
            assert_eq!(verdicts, ["pass", "replacing", "pass", "pass", "redacted"]);
        }
        fs::remove_file(path).unwrap();
    }
}

/// As with a phone.
#[test]
fn what_was_known_of_the_parties() {
    let parties = Parties {
        is_shared: true,
        entry: Some(RosterEntry { subscription: Subscription::To, groups: vec!["secret-group".into()] }),
        ..Parties::default()
    };
    let room = Room { address: "secret-room@rooms.x".into(), occasion: Occasion::Changed, actor: None };
    for redact in [false, true] {
        let path = path(&format!("parties-{redact}"));
        let settings = r#"{"room": "refuse", "effects": ["facts", "copy"]}"#;
        let mut host = Host::with(&[Guest { file: "housing", settings, ..Guest::default() }]);
        host.chain.record("guest", &Order { path: path.clone(), count: 2, redact, failures_only: false }, 1).unwrap();
        for (kind, hook, about) in
            [("message", Hook::Message, About::Stanza), ("iq", Hook::Room, About::Room(room.clone()))]
        {
            let stanza = xml::parse(&format!("<{kind}><x/></{kind}>"), "jabber:client", &Limits::default());
            let question = Question { hook, passage: mod_wasm_tests::passage(kind) };
            let facts = Facts { now: 1, about, parties: parties.clone(), ..Facts::default() };
            host.chain.decide(stanza, question, false, &facts);
        }
        assert_eq!(host.chain.stop_recording("guest").unwrap().unwrap(), 2);
        let written = fs::read_to_string(&path).unwrap();
        assert_eq!((written.contains("secret-group"), written.contains("secret-room")), (!redact, !redact));
        let replayed = replay(&path, "housing", settings);
        let verdicts: Vec<_> = replayed.iter().map(|replayed| replayed.now.verdict.as_str()).collect();
        assert_eq!(verdicts, ["pass", "bounce"]);
        assert!(replayed.iter().all(|Replayed { before, now, .. }| before == now));
        fs::remove_file(path).unwrap();
    }
}
