//! How often strangers may write and ask, and what survives a swap.

use csi::Csi;
use prosody_policy::roster::Subscription;
use prosody_policy::testing::{configure, decide, set_now, set_subscription};
use prosody_policy::{
    Decision, Direction, ErrorCondition, ErrorType, KeepsState, MessagePolicy, Party, Passage, StanzaKind, Verdict,
};

const SETTINGS: &str = r#"{"strangers": {"messages": 3, "subscriptions": 2, "minutes": 1}}"#;

fn policy() -> Csi {
    let policy = configure(SETTINGS).expect("settings");
    set_now(1_000);
    set_subscription(Some(Subscription::None));
    policy
}

fn from(source: Party, kind: StanzaKind) -> Passage {
    Passage { kind, direction: Direction::Incoming, source, destination: Party::User }
}

fn send(policy: &mut Csi, source: Party, from_attribute: &str, kind: &str, inside: &str) -> Decision {
    let text = format!("<message from='{from_attribute}' to='bob@x' type='{kind}' xml:lang='de'>{inside}</message>");
    decide(policy, from(source, StanzaKind::Message), &text).decision
}

fn write(policy: &mut Csi, sender: &str) -> &'static str {
    word(&send(policy, Party::Remote, sender, "chat", "<body>Buy!</body>"))
}

fn ask(policy: &mut Csi, sender: &str, kind: &str) -> &'static str {
    let text = format!("<presence from='{sender}' to='bob@x' type='{kind}'/>");
    word(&decide(policy, from(Party::Remote, StanzaKind::Presence), &text).decision)
}

fn word(decision: &Decision) -> &'static str {
    match decision.verdict {
        Verdict::Pass => "pass",
        Verdict::Drop => "drop",
        Verdict::Bounce(_) => "bounce",
    }
}

#[test]
fn asks_for_nothing_unless_set() {
    let wants = |settings: &str| {
        let wants = configure::<Csi>(settings).unwrap().wants();
        assert!(wants.iter().all(|want| want.direction == Some(Direction::Incoming) && want.namespaces.is_empty()));
        wants.into_iter().map(|want| want.kind).collect::<Vec<_>>()
    };
    assert_eq!(wants("{}"), []);
    assert_eq!(wants(r#"{"strangers": {"wake": false}}"#), []);
    assert_eq!(wants(r#"{"strangers": {"messages": 1}}"#), [StanzaKind::Message]);
    assert_eq!(wants(r#"{"strangers": {"subscriptions": 1}}"#), [StanzaKind::Presence]);
    assert_eq!(wants(SETTINGS), [StanzaKind::Message, StanzaKind::Presence]);
}

#[test]
fn messages() {
    let mut policy = policy();
    for (now, sender, expected) in [
        (1_000, "mallory@y/1", "pass"),
        (1_000, "mallory@y/2", "pass"),
        (1_059, "mallory@y/3", "pass"),
        (1_059, "mallory@y/4", "bounce"),
        (1_059, "carol@y/1", "pass"),
        (1_060, "mallory@y/1", "pass"),
        (1_060, "mallory@z/1", "pass"),
    ] {
        set_now(now);
        assert_eq!(write(&mut policy, sender), expected, "{now} {sender}");
    }
}

#[test]
fn requests() {
    let mut policy = policy();
    assert_eq!(["subscribe"; 3].map(|kind| ask(&mut policy, "mallory@y", kind)), ["pass", "pass", "drop"]);
    for kind in ["subscribed", "unsubscribe", "unsubscribed", "unavailable", "probe", "error"] {
        assert_eq!(ask(&mut policy, "mallory@y", kind), "pass", "{kind}");
    }
    assert_eq!(write(&mut policy, "mallory@y/1"), "pass");
}

/// Who is in the roster, whatever the subscription, and whoever nobody knows.
#[test]
fn contacts_are_not_counted() {
    for known in [Some(Subscription::To), Some(Subscription::From), Some(Subscription::Both), None] {
        let mut policy = policy();
        set_subscription(known);
        assert_eq!([(); 9].map(|()| write(&mut policy, "carol@y/1")), ["pass"; 9]);
        assert_eq!([(); 9].map(|()| ask(&mut policy, "carol@y", "subscribe")), ["pass"; 9]);
    }
}

#[test]
fn rooms_and_servers_are_no_strangers() {
    let text = "<body>Lunch?</body>";
    for (source, sender, kind) in [
        (Party::Room, "team@rooms.x/alice", "chat"),
        (Party::Room, "team@rooms.x/alice", "groupchat"),
        (Party::Service, "x", "normal"),
        (Party::User, "bob@x/desk", "chat"),
    ] {
        let mut policy = policy();
        let found = [(); 9].map(|()| word(&send(&mut policy, source, sender, kind, text)));
        assert_eq!(found, ["pass"; 9], "{sender} {kind}");
    }
    let mut policy = policy();
    let to_room = Passage { destination: Party::Room, ..from(Party::Remote, StanzaKind::Message) };
    let text = "<message from='mallory@y' to='team@rooms.x' type='groupchat'><body>Hi</body></message>";
    assert_eq!([(); 9].map(|()| word(&decide(&mut policy, to_room, text).decision)), ["pass"; 9]);
}

#[test]
fn what_counts() {
    let tune = "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='n'/></event>";
    for (kind, inside, counts) in [
        ("chat", "<body>Buy!</body>", true),
        ("normal", "<encrypted xmlns='eu.siacs.conversations.axolotl'><payload>AA</payload></encrypted>", true),
        ("chat", "<x xmlns='jabber:x:conference' jid='spam@rooms.y'/>", true),
        ("chat", "<propose xmlns='urn:xmpp:jingle-message:0' id='c'/>", true),
        ("headline", "<body>Buy!</body>", true),
        ("chat", "<x xmlns='urn:x'/>", true),
        ("chat", "<received xmlns='urn:xmpp:carbons:2'/>", true),
        ("chat", "<composing xmlns='http://jabber.org/protocol/chatstates'/>", false),
        ("chat", "<received xmlns='urn:xmpp:receipts' id='m1'/>", false),
        ("chat", "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>", false),
        ("chat", "", false),
        ("headline", tune, false),
        ("headline", &format!("{tune}<body>New item</body>"), false),
    ] {
        let mut policy = policy();
        let last = [(); 4].map(|()| word(&send(&mut policy, Party::Remote, "mallory@y/1", kind, inside)))[3];
        assert_eq!(last == "bounce", counts, "{kind} {inside}");
    }
}

/// What must not be answered is dropped: a type says nothing of who sent it.
#[test]
fn what_is_not_answered() {
    for kind in ["error", "groupchat"] {
        let mut policy = policy();
        let sent = [(); 4].map(|()| word(&send(&mut policy, Party::Remote, "mallory@y/1", kind, "<body>Buy!</body>")));
        assert_eq!(sent, ["pass", "pass", "pass", "drop"], "{kind}");
    }
}

/// A server that makes up users is stopped as well; the users of this one are not taken for one.
#[test]
fn made_up_users() {
    let mut policy = policy();
    let bounced = |policy: &mut Csi, source, domain: &str| {
        let sent = (0..100).map(|number| format!("user{number}@{domain}/1"));
        sent.filter(|sender| word(&send(policy, source, sender, "chat", "<body>Buy!</body>")) == "bounce").count()
    };
    assert_eq!(bounced(&mut policy, Party::Remote, "y"), 70);
    assert_eq!(bounced(&mut policy, Party::User, "x"), 0);
    assert_eq!(bounced(&mut policy, Party::Component, "gateway.x"), 70);
    assert_eq!([(); 31].map(|()| write(&mut policy, "z"))[29..], ["pass", "bounce"]);
}

/// Nobody is forgotten for the sake of somebody who is refused.
#[test]
fn nobody_buys_himself_free() {
    let mut policy = policy();
    assert_eq!([(); 4].map(|()| write(&mut policy, "mallory@y/1"))[3], "bounce");
    (0..30_000).for_each(|number| _ = write(&mut policy, &format!("user{number}@y/1")));
    assert_eq!(write(&mut policy, "mallory@y/1"), "bounce");
}

#[test]
fn says_why_in_the_language_of_the_message() {
    let refusal = |settings: &str| {
        let mut policy = configure::<Csi>(settings).unwrap();
        set_subscription(Some(Subscription::None));
        _ = send(&mut policy, Party::Remote, "mallory@y/1", "chat", "<body>Buy!</body>");
        match send(&mut policy, Party::Remote, "mallory@y/1", "chat", "<body>Buy!</body>").verdict {
            Verdict::Bounce(bounce) => bounce,
            verdict => panic!("{verdict:?}"),
        }
    };
    let bounce = refusal(r#"{"strangers": {"messages": 1}}"#);
    assert!(bounce.text.starts_with("Diese Nachricht wurde nicht zugestellt"));
    assert_eq!((bounce.error_type, bounce.condition), (ErrorType::Wait, ErrorCondition::PolicyViolation));
    let bounce = refusal(r#"{"strangers": {"messages": 1}, "texts": {"de": "Langsam!", "link": "https://x/h"}}"#);
    assert_eq!(bounce.text, "Langsam! https://x/h");
}

#[test]
fn survives_a_swap() {
    let mut old = policy();
    let before = [(); 4].map(|()| write(&mut old, "mallory@y/1"));
    assert_eq!(before, ["pass", "pass", "pass", "bounce"]);
    let state = old.save();
    let mut successor = policy();
    successor.restore("0123", state.clone()).unwrap();
    assert_eq!((write(&mut successor, "mallory@y/1"), write(&mut successor, "carol@y/1")), ("bounce", "pass"));
    set_now(1_060);
    assert_eq!(write(&mut successor, "mallory@y/1"), "pass");
    // What is not limited any more is forgotten; what is limited for the first time begins with nobody.
    let mut free = configure::<Csi>(r#"{"strangers": {"subscriptions": 1}}"#).unwrap();
    free.restore("0123", state).unwrap();
    policy().restore("0123", configure::<Csi>("{}").unwrap().save()).unwrap();
}

#[test]
fn refuses_a_state_that_is_none() {
    let mut old = policy();
    _ = (write(&mut old, "mallory@y/1"), ask(&mut old, "mallory@y", "subscribe"));
    let state = old.save();
    let refused = |state: &[u8]| policy().restore("0123", state.to_vec()).unwrap_err();
    for length in 0..state.len() {
        assert!(refused(&state[..length]).contains("cannot be read"), "{length}");
    }
    assert!(refused(&[state.as_slice(), b"x"].concat()).contains("cannot be read"));
    refused(b"[]");
    // More than there can be.
    refused(&[&[1, 1], u32::MAX.to_le_bytes().as_slice(), &[0; 64]].concat());
}

/// A full memory fits into what a policy may hand over.
#[test]
fn a_full_state_is_small_enough() {
    let mut policy = policy();
    for server in 0..1_000 {
        for user in 0..10 {
            _ = (
                write(&mut policy, &format!("u{user}@s{server}")),
                ask(&mut policy, &format!("u{user}@s{server}"), "subscribe"),
            );
        }
    }
    let state = policy.save();
    assert!((400_000..1024 * 1024).contains(&state.len()), "{}", state.len());
}
