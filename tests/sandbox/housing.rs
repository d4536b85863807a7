//! The hooks for uploads, rooms, keys and block lists, the facts about the two parties, and what policies may have done
//! besides.

use std::collections::BTreeMap;
use std::sync::Arc;

use mod_wasm_tests::{Guest, Host, outgoing, passage, told};
use prosody_stanza::{Excess, Limits, xml};
use prosody_wasm_runtime::candidate::Role;
use prosody_wasm_runtime::slot::OnError;
use prosody_wasm_runtime::{
    About, Blocklist, Chain, Effect, Expiry, Facts, Hook, Keys, Occasion, Outcome, Parties, Permission, Piece,
    Question, Room, RosterEntry, Slot, StanzaKind, Subscription, Thresholds, Trial, Verdict,
};

const HOOKS: [Hook; 5] = [Hook::Slot, Hook::Piece, Hook::Room, Hook::Keys, Hook::Blocklist];
const FORM: &str = "<iq type='set'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' \
                    type='submit'><field var='muc#roomconfig_membersonly'><value>0</value></field></x></query></iq>";

fn guest(settings: &str) -> Guest<'_> {
    Guest { file: "housing", settings, ..Guest::default() }
}

fn about(hook: Hook) -> About {
    let user = || "bob@x".to_owned();
    match hook {
        Hook::Slot => About::Slot(Slot {
            user: user(),
            name: "a.png".into(),
            size: 9,
            content_type: "image/png".into(),
            hour_ends: 60,
            user_bytes: 5,
            ..Slot::default()
        }),
        Hook::Piece => piece(0, b"123456789", true, BTreeMap::new()),
        Hook::Room => {
            About::Room(Room { address: "r@rooms.x".into(), occasion: Occasion::Changed, actor: Some(user()) })
        }
        Hook::Keys => About::Keys(Keys { owner: user(), reader: "eve@y".into(), shares_room: true }),
        _ => About::Blocklist(Blocklist { user: user(), is_blocking: true, count: 2, blocked: 9 }),
    }
}

fn piece(offset: u64, bytes: &[u8], is_last: bool, notes: BTreeMap<String, Vec<u8>>) -> About {
    About::Piece(Piece { user: "bob@x".into(), size: 9, offset, bytes: Arc::new(bytes.to_vec()), is_last, notes })
}

fn ask_about(chain: &mut Chain, hook: Hook, about: About) -> Outcome {
    let stanza = xml::parse(FORM, "jabber:client", &Limits::default());
    let facts = Facts { now: 1, about, ..Facts::default() };
    chain.decide(stanza, Question { hook, passage: passage("iq") }, false, &facts)
}

/// The policy, its verdict and reason, then the manner, what would help, and the words of a bounce.
fn ask(host: &mut Host, hook: Hook) -> String {
    let outcome = ask_about(&mut host.chain, hook, about(hook));
    let manner = outcome.manner.word().map(|word| format!(", {word}")).unwrap_or_default();
    let remedy = outcome.remedy.map(|remedy| format!(", {remedy:?}")).unwrap_or_default();
    let text = match &outcome.verdict {
        Verdict::Bounce(bounce) => format!(": {:?} {:?} {}", bounce.error_type, bounce.condition, bounce.text),
        _ => String::new(),
    };
    format!("{}{manner}{remedy}{text}", told(&outcome))
}

#[test]
fn rulings() {
    for (settings, hook, expected) in [
        ("{}", Hook::Slot, "guest pass slot"),
        (r#"{"slot": "renamed"}"#, Hook::Slot, "guest pass slot, limited"),
        (r#"{"slot": "unnamed"}"#, Hook::Slot, "guest pass slot, redacted"),
        (
            r#"{"slot": "refuse"}"#,
            Hook::Slot,
            "guest bounce slot: ErrorType::Cancel ErrorCondition::NotAllowed bob@x a.png 9 image/png 5",
        ),
        (
            r#"{"slot": "size"}"#,
            Hook::Slot,
            "guest bounce slot, Size(1000): ErrorType::Modify ErrorCondition::NotAcceptable bob@x a.png 9 image/png 5",
        ),
        (
            r#"{"slot": "now"}"#,
            Hook::Slot,
            "guest bounce slot, Wait(60): ErrorType::Wait ErrorCondition::ResourceConstraint bob@x a.png 9 image/png 5",
        ),
        ("{}", Hook::Piece, "guest pass no-such-byte"),
        (
            r#"{"byte": 49}"#,
            Hook::Piece,
            "guest bounce byte: ErrorType::Modify ErrorCondition::NotAcceptable this byte may not be in it",
        ),
        (r#"{"room": "exempt"}"#, Hook::Room, "guest pass open, opened"),
        (r#"{"room": "close"}"#, Hook::Room, "guest edit closed"),
        (
            r#"{"room": "refuse"}"#,
            Hook::Room,
            "guest bounce no: ErrorType::Cancel ErrorCondition::NotAllowed Changed Some(\"bob@x\")",
        ),
        ("{}", Hook::Room, "guest pass as-it-is"),
        (r#"{"keys": "open"}"#, Hook::Keys, "guest pass roommate, opened"),
        (r#"{"keys": "refuse"}"#, Hook::Keys, "guest drop no"),
        ("{}", Hook::Keys, "guest pass as-configured"),
        (
            r#"{"blocked": 10}"#,
            Hook::Blocklist,
            "guest bounce too-many: ErrorType::Cancel ErrorCondition::NotAllowed bob@x blocks too many",
        ),
        (r#"{"blocked": 11}"#, Hook::Blocklist, "guest pass few"),
    ] {
        assert_eq!(ask(&mut Host::with(&[guest(settings)]), hook), expected, "{hook:?} {settings}");
    }
}

/// Keys are opened and rooms exempted only if every policy says so; the stricter name wins.
#[test]
fn of_several_the_strictest() {
    for (one, other, hook, expected) in [
        (r#"{"keys": "open"}"#, "{}", Hook::Keys, "second pass as-configured"),
        (r#"{"keys": "open"}"#, r#"{"keys": "open"}"#, Hook::Keys, "second pass roommate, opened"),
        (r#"{"room": "exempt"}"#, "{}", Hook::Room, "second pass as-it-is"),
        (r#"{"slot": "unnamed"}"#, r#"{"slot": "renamed"}"#, Hook::Slot, "second pass slot, redacted"),
    ] {
        let (first, second) = (Guest { name: "first", ..guest(one) }, Guest { name: "second", ..guest(other) });
        assert_eq!(ask(&mut Host::with(&[first, second]), hook), expected, "{one} {other}");
    }
}

/// Every policy is shown its own notes again, though they all note under the same hook.
#[test]
fn notes_go_from_piece_to_piece() {
    let names = ["first", "second"];
    let mut host = Host::with(&names.map(|name| Guest { name, ..guest("{}") }));
    let mut notes = BTreeMap::new();
    for (offset, bytes, is_last) in [(0, b"1234".as_slice(), false), (4, b"56", false), (6, b"789", true)] {
        let outcome = ask_about(&mut host.chain, Hook::Piece, piece(offset, bytes, is_last, notes));
        assert_eq!(told(&outcome), "second pass no-such-byte", "{offset}");
        notes = outcome.notes.into_iter().collect();
        assert_eq!(notes.keys().map(String::as_str).collect::<Vec<_>>(), names);
    }
    let lost = ask_about(&mut host.chain, Hook::Piece, piece(6, b"789", true, BTreeMap::new()));
    assert_eq!(told(&lost), "first bounce notes");
}

#[test]
fn notes_out_of_bounds_are_a_failure() {
    let mut host = Host::with(&[guest(r#"{"notes": 8192}"#)]);
    assert_eq!(ask(&mut host, Hook::Piece), "guest pass no-such-byte");
    let mut host = Host::with(&[guest(r#"{"notes": 8193}"#)]);
    let told = ask(&mut host, Hook::Piece);
    assert!(told.starts_with("guest bounce bad-reply: ") && told.contains("cannot accept files"), "{told}");
}

/// Nothing is opened by a failure; what the owner of keys allows is his own affair.
#[test]
fn closed() {
    let broken = r#"{"notes": 9000}"#;
    for on_error in [OnError::Deny, OnError::Pass] {
        let mut host = Host::with(&[Guest { on_error, ..guest(broken) }]);
        host.chain.set_state("guest", prosody_wasm_runtime::slot::State::Absent);
        for hook in HOOKS {
            let outcome = ask_about(&mut host.chain, hook, about(hook));
            let is_refused = outcome.verdict != Verdict::Pass;
            assert_eq!(is_refused, on_error == OnError::Deny && hook != Hook::Keys, "{hook:?} {on_error:?}");
            assert_eq!(outcome.manner.word(), None, "{hook:?}");
        }
    }
    let mut host = Host::with(&[guest("{}")]);
    for hook in HOOKS {
        let question = Question { hook, passage: passage("iq") };
        let outcome = host.chain.decide(Err(Excess::Depth), question, false, &Facts::default());
        assert_eq!(outcome.verdict == Verdict::Pass, hook == Hook::Keys, "{hook:?}");
    }
}

#[test]
fn the_smallest_expiry_wins() {
    let first = Guest { name: "first", ..guest(r#"{"hours": 48, "user_bytes": 10}"#) };
    let second = Guest { name: "second", ..guest(r#"{"hours": 24}"#) };
    let host = Host::with(&[first, second]);
    assert_eq!(host.chain.expiry(), Expiry { hours: Some(24), user_bytes: Some(10), total_bytes: None });
    assert_eq!(Host::with(&[guest("{}")]).chain.expiry(), Expiry::default());
    for hours in ["0", "87601"] {
        let refused = Host::new().install(&guest(&format!(r#"{{"hours": {hours}}}"#))).unwrap_err();
        assert!(refused.contains("87,600 hours"), "{refused}");
    }
}

/// What all who want it let pass whatever it says; one that is not in its place lets nothing pass.
#[test]
fn exemptions() {
    let settings = |exempt: &str| format!(r#"{{"effects": ["tell"], "exempt": {exempt}}}"#);
    let host_of = |exempt: &[&str]| {
        let settings: Vec<_> = exempt.iter().map(|exempt| settings(exempt)).collect();
        let named = settings.iter().zip(["first", "second"]);
        Host::with(&named.map(|(settings, name)| Guest { name, ..guest(settings) }).collect::<Vec<_>>())
    };
    let words = |host: &Host, again| host.chain.exemptions(StanzaKind::Message, again).words();
    let contact = r#"["contact"]"#;
    assert_eq!(words(&host_of(&[contact]), false), [["from-contact"]]);
    assert_eq!(words(&host_of(&[contact, r#"["client", "contact"]"#]), false).len(), 2);
    assert!(words(&host_of(&[contact, "[]"]), false).is_empty());
    assert!(words(&host_of(&[contact]), true).is_empty(), "it wants nothing that was judged already");
    let mut host = host_of(&[contact, contact]);
    host.chain.set_state("second", prosody_wasm_runtime::slot::State::Absent);
    assert!(words(&host, false).is_empty());
    for exempt in [r#"["nothing"]"#.to_owned(), format!("[{}]", ["\"both\""; 17].join(","))] {
        let refused = Host::new().install(&guest(&settings(&exempt))).unwrap_err();
        assert!(refused.contains("more than 16 exemptions"), "{refused}");
    }
}

/// Facts are prepared for those only who look at them.
#[test]
fn needs() {
    let all = [Permission::Roster, Permission::Rooms, Permission::Blocklist, Permission::Standing, Permission::Roles];
    let host = Host::with(&[guest(r#"{"needs": ["rooms", "roles"]}"#)]);
    let needed: Vec<_> = all.into_iter().filter(|permission| host.chain.needs(*permission)).collect();
    assert_eq!(needed, [Permission::Rooms, Permission::Roles]);
    assert!(host.chain.needs(Permission::Routing), "no fact, so it is nobody's business how it is used");
    assert!(!Host::with(&[Guest::default()]).chain.needs(Permission::Rooms), "not imported");
}

#[test]
fn facts_reach_the_policy() {
    let mut host = Host::with(&[guest(r#"{"effects": ["facts"]}"#)]);
    let parties = Parties {
        is_exempt: true,
        is_shared: true,
        is_blocked: true,
        entry: Some(RosterEntry { subscription: Subscription::From, groups: vec!["Friends".into()] }),
        has_asked: true,
        is_connected: true,
        is_greeted: true,
        sender_role: Some("prosody:admin".into()),
        recipient_role: None,
    };
    let stanza = xml::parse("<message/>", "jabber:client", &Limits::default());
    let facts = Facts { now: 1, subscription: Some(Subscription::To), parties, ..Facts::default() };
    let outcome = host.chain.decide(stanza, outgoing(), false, &facts);
    let lines = outcome.effects.iter().filter_map(|(_, effect)| match effect {
        Effect::Log { line, .. } => Some(line.as_str()),
        _ => None,
    });
    let lines = lines.collect::<Vec<_>>().concat();
    for part in [
        "exempt=true shared=true blocked=true",
        "entry: Some(Entry { subscription: From, groups: [\\\"Friends\\\"] })",
        "has_asked: true, is_connected: true, is_greeted: true",
        "sender=Some(\\\"prosody:admin\\\") recipient=None roster=Some(To)",
    ] {
        assert!(lines.contains(&part.replace('\\', "")), "{part} in {lines}");
    }
}

/// The effects with the policy that asked for them, in short.
fn effects(guests: &[Guest<'_>]) -> Vec<String> {
    let outcome = Host::with(guests).judge("<message to='b@x' from='a@x/1'><body>Hi.</body></message>");
    let shown = |effect: &Effect| match effect {
        Effect::Copy { edits, .. } => format!("copy {}", edits.len()),
        Effect::Forward { edits, report, .. } => format!("forward {} {}", edits.len(), report.is_some()),
        Effect::Answer { text } => format!("answer {text}"),
        Effect::Hold { key } => format!("hold {key}"),
        Effect::Release { key } => format!("release {key}"),
        Effect::Discard { key } => format!("discard {key}"),
        Effect::Tell { text } => format!("tell {text}"),
        other => format!("{other:?}"),
    };
    outcome.effects.iter().map(|(policy, effect)| format!("{policy}: {}", shown(effect))).collect()
}

#[test]
fn effects_besides() {
    let each = r#"{"effects": ["copy", "strip", "forward", "answer", "tell", "release", "discard"]}"#;
    assert_eq!(
        effects(&[guest(each)]),
        [
            "guest: copy 0",
            "guest: forward 1 false",
            "guest: answer Thanks.",
            "guest: tell Look.",
            "guest: release key",
            "guest: discard key"
        ],
        "each with the edits that were asked for before"
    );
    assert_eq!(effects(&[guest(r#"{"effects": ["report"]}"#)]), ["guest: forward 0 true"]);
    assert_eq!(effects(&[guest(r#"{"effects": ["hold"]}"#)]), ["guest: hold key"]);
}

/// What an earlier policy edited is edited in the copy, too, in a round of its own.
#[test]
fn copies_come_after_the_edits_of_others() {
    let first = Guest { name: "first", ..guest(r#"{"effects": ["strip"]}"#) };
    let second = Guest { name: "second", ..guest(r#"{"effects": ["copy"]}"#) };
    assert_eq!(effects(&[first, second]), ["second: copy 1"]);
}

/// Who refused may send; whoever let it pass before may not, since nothing was sent.
#[test]
fn a_refused_stanza_is_not_sent_on() {
    let first = Guest { name: "first", ..guest(r#"{"effects": ["copy", "tell", "release"]}"#) };
    let second = Guest { name: "second", ..guest(r#"{"effects": ["copy", "hold"]}"#) };
    assert_eq!(
        effects(&[first, second]),
        ["first: tell Look.", "first: release key", "second: copy 0", "second: hold key"]
    );
}

/// As with notices: four, whichever they are.
#[test]
fn four_messages_and_no_more() {
    let five = r#"{"effects": ["copy", "forward", "answer", "tell", "copy"]}"#;
    let outcome = Host::with(&[guest(five)]).judge("<message/>");
    assert_eq!(told(&outcome), "guest bounce misuse");
    assert!(matches!(outcome.effects.as_slice(), [(_, Effect::Failed(_))]), "{:?}", outcome.effects);
}

/// A file is there once: a shadow is not asked about it, and it is in no recording.
#[test]
fn files_are_shown_to_nobody_else() {
    let mut host = Host::with(&[guest("{}")]);
    let trial = Trial { role: Role::Shadow, budget: 1.0, samples: 5, thresholds: Thresholds::default(), fresh: true };
    let candidate = host.start(&guest(r#"{"byte": 49, "slot": "refuse"}"#)).unwrap();
    host.chain.try_out("guest", candidate, &trial, 1).unwrap();
    ask(&mut host, Hook::Piece);
    let compared = |host: &Host| host.slot("guest").candidate.as_ref().map(|candidate| candidate.comparison.compared);
    assert_eq!(compared(&host), Some(0));
    ask(&mut host, Hook::Slot);
    assert_eq!(compared(&host), Some(1));
}
