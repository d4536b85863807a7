//! Strangers over time: what waits, who is told, what consent does, and what a swap and a block leave of it.

mod common;

use blocking::Blocking;
use common::{Case, ask, block, cases, held, policy_for_strangers, receive, send, word};
use prosody_policy::KeepsState;
use prosody_policy::testing::{Effect, set_now};

const BODY: &str = "<body>Hello</body>";
const WEEK: u64 = 7 * 24 * 60 * 60;

/// The reasons for messages of these strangers to b@x.
fn reasons(policy: &mut Blocking, strangers: &[&str]) -> Vec<String> {
    strangers.iter().map(|stranger| receive(policy, stranger, "b@x", BODY).decision.reason).collect()
}

#[test]
fn the_user_is_told_once_of_each() {
    let mut policy = policy_for_strangers("hold");
    let told: Vec<usize> = ["s@y/1", "s@y/2", "t@y/1", "s@y/1"]
        .map(|stranger| receive(&mut policy, stranger, "b@x/p", BODY).notifications.len())
        .to_vec();
    assert_eq!(told, [1, 0, 1, 0]);
    let text = receive(&mut policy, "u@y/1", "b@x", BODY).notifications.remove(0);
    assert!(text.contains("u@y.") && text.contains("write back") && text.contains("block it"), "{text}");
}

#[test]
fn who_was_away_is_told_when_he_comes() {
    let mut policy = policy_for_strangers("hold");
    reasons(&mut policy, &["s@y/1", "t@y/1"]);
    let comes = |policy: &mut Blocking| send(policy, "<presence from='b@x/p'/>").replies;
    let replies = comes(&mut policy);
    assert!(replies.len() == 1 && replies[0].contains("s@y, t@y"), "{replies:?}");
    assert!(comes(&mut policy).is_empty(), "once");
    assert!(send(&mut policy, "<presence from='c@x/p'/>").replies.is_empty(), "only whom it concerns");
}

#[test]
fn to_write_or_to_add_is_to_agree() {
    for consent in [
        "<message type='chat' from='b@x/p' to='s@y'><body>Hello</body></message>",
        "<message type='chat' from='b@x/p' to='s@y/1'><body>Hello</body></message>",
        "<presence type='subscribe' from='b@x/p' to='s@y'/>",
        "<presence type='subscribed' from='b@x/p' to='s@y'/>",
    ] {
        let mut policy = policy_for_strangers("hold");
        assert_eq!(reasons(&mut policy, &["s@y/1", "s@y/2", "t@y/1"]), ["held"; 3]);
        let effects = send(&mut policy, consent).effects;
        assert!(matches!(effects[..], [Effect::Release(_)]), "{consent}: {effects:?}");
        assert_eq!(reasons(&mut policy, &["s@y/1", "t@y/1"]), ["agreed", "held"], "{consent}");
    }
}

#[test]
fn nothing_else_is() {
    for nothing in [
        "<message type='chat' from='c@x/p' to='s@y'><body>Hello</body></message>",
        "<message type='error' from='b@x/p' to='s@y'><body>Hello</body></message>",
        "<message type='groupchat' from='b@x/p' to='s@y'><body>Hello</body></message>",
        "<message type='chat' from='b@x/p' to='s@y'><received xmlns='urn:xmpp:receipts' id='1'/></message>",
        "<message type='chat' from='b@x/p' to='y'><body>Hello</body></message>",
        "<presence from='b@x/p' to='s@y'/>",
        "<presence type='unsubscribed' from='b@x/p' to='s@y'/>",
        "<iq type='get' id='1' from='b@x/p' to='s@y'/>",
    ] {
        let mut policy = policy_for_strangers("hold");
        send(&mut policy, nothing);
        assert_eq!(reasons(&mut policy, &["s@y/1"]), ["held"], "{nothing}");
    }
}

/// Clients answer keys with keys, and OTR with OTR, because a stranger's message was let in. Where none is, OTR is a word.
#[test]
fn what_software_sends_by_itself_is_not() {
    for (mode, otr_is) in [("encrypted", "stranger-readable"), ("refuse", "agreed"), ("hold", "agreed")] {
        let stranger = reason_after(mode, "<received xmlns='urn:xmpp:receipts' id='1'/>");
        for capture in golden::captures() {
            let expected = match capture.label.as_str() {
                "no-body" | "omemo1-keytransport" => &stranger,
                label if label.starts_with("otr-") => otr_is,
                _ => "agreed",
            };
            let (_, inside) = capture.xml.split_once('>').expect("a message");
            let inside = inside.strip_suffix("</message>").unwrap_or_default();
            assert_eq!(reason_after(mode, inside), expected, "{mode}: {} ({})", capture.id, capture.label);
        }
    }
}

/// What becomes of a stranger's text after the user has sent him this.
fn reason_after(mode: &str, inside: &str) -> String {
    let mut policy = policy_for_strangers(mode);
    send(&mut policy, &format!("<message type='chat' from='b@x/p' to='s@y'>{inside}</message>"));
    reasons(&mut policy, &["s@y/1"]).remove(0)
}

#[test]
fn an_answer_passes_in_every_mode() {
    for mode in ["encrypted", "hold", "refuse"] {
        let mut policy = policy_for_strangers(mode);
        send(&mut policy, "<message from='b@x/p' to='s@y'><body>Hello</body></message>");
        assert_eq!(reasons(&mut policy, &["s@y/1"]), ["agreed"], "{mode}");
    }
}

/// A room of this server passes on that somebody invites, and not what he says, until the user has agreed to him.
#[test]
fn an_invitation_loses_its_words() {
    let mut policy = policy_for_strangers("hold");
    let mut case = cases().into_iter().find(|case| case.id == "room-invites").expect("a case");
    let edited = |policy: &mut Blocking, case: &Case| ask(policy, case).edits.len();
    assert_eq!(edited(&mut policy, &case), 2, "the reason, and the body");
    case.xml = case.xml.replace("<body>", "<x xmlns='jabber:x:conference' jid='r@m' reason='Come'/><body>");
    assert_eq!(edited(&mut policy, &case), 3);
    let mut large = case.clone();
    large.xml = large.xml.replace("<body>", &format!("{}<body>", "<y xmlns='urn:y'/>".repeat(300)));
    assert_eq!(ask(&mut policy, &large).decision.reason, "invitation-of-too-much");
    send(&mut policy, "<message from='b@x/p' to='s@y'><body>Hello</body></message>");
    assert_eq!(edited(&mut policy, &case), 0);
}

#[test]
fn to_block_is_to_refuse() {
    for (entry, discarded) in [("s@y", 1), ("y", 2), ("s@y/1", 0), ("z", 0)] {
        let mut policy = policy_for_strangers("hold");
        reasons(&mut policy, &["s@y/1", "t@y/1", "u@v/1"]);
        let effects = block(&mut policy, "b@x", &[entry]).effects;
        let unique: std::collections::BTreeSet<_> = effects.iter().map(|effect| format!("{effect:?}")).collect();
        assert_eq!(unique.len(), discarded, "{entry}: {effects:?}");
        assert!(effects.iter().all(|effect| matches!(effect, Effect::Discard(_))));
    }
    // He agreed once, and not any more.
    let mut policy = policy_for_strangers("refuse");
    send(&mut policy, "<message from='b@x/p' to='s@y'><body>Hello</body></message>");
    block(&mut policy, "b@x", &["s@y"]);
    assert_eq!(reasons(&mut policy, &["s@y/1"]), ["stranger"]);
}

#[test]
fn there_is_room_for_so_many() {
    let mut policy = policy_for_strangers("hold");
    assert_eq!(reasons(&mut policy, &["s@y/1"; 21])[19..], ["held", "hold-full"]);
    // Of one user a hundred strangers.
    let of_user: Vec<String> = (0..100).map(|number| format!("{number}@server{number}/1")).collect();
    let found = reasons(&mut policy, &of_user.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(found.iter().filter(|reason| *reason == "held").count(), 99);
    // Of one server 250, and of all a thousand.
    let mut policy = policy_for_strangers("hold");
    let mut wait =
        |stranger: &str, user: usize| receive(&mut policy, stranger, &format!("{user}@x"), BODY).decision.reason;
    let of_server = (0..300).filter(|number| wait(&format!("{number}@y/1"), *number) == "held").count();
    let of_all = (0..1_000).filter(|number| wait(&format!("s@server{number}/1"), *number) == "held").count();
    assert_eq!((of_server, of_all), (250, 750));
    assert_eq!(reasons(&mut policy_for_strangers("hold"), &[&format!("{}@y/1", "s".repeat(200))]), ["hold-full"]);
}

/// Nobody is told of a message that the host has no room for.
#[test]
fn there_is_room_for_so_many_bytes() {
    let body = |bytes: usize| format!("<body>{}</body>", "x".repeat(bytes));
    let mut policy = policy_for_strangers("hold");
    let mut wait = |stranger: &str, user: &str, bytes: usize| {
        let outcome = receive(&mut policy, stranger, user, &body(bytes));
        assert_eq!(outcome.decision.reason == "held", held(&outcome.effects) == 1);
        assert!(outcome.notifications.is_empty() || outcome.decision.reason == "held", "told of what does not wait");
        outcome.decision.reason == "held"
    };
    assert!(!wait("s@y/1", "b@x", 64 * 1024), "one that is too large");
    let of_stranger = (0..20).filter(|_| wait("s@y/1", "b@x", 15 * 1024)).count();
    let of_server = (0..30).filter(|number| wait(&format!("{number}@y/1"), &format!("{number}@x"), 60 * 1024)).count();
    let for_user = (0..30).filter(|number| wait(&format!("s@y{number}/1"), "c@x", 60 * 1024)).count();
    let of_all = (0..99).filter(|number| wait(&format!("s@z{number}/1"), &format!("z{number}@x"), 60 * 1024)).count();
    assert_eq!((of_stranger, of_server, for_user, of_all), (4, 16, 17, 34));
    assert!(!wait("s@w/1", "w@x", 60 * 1024) && wait("s@w/1", "w@x", 100), "what fits");
}

/// Each writing of a stanza is no longer than what is counted of it.
#[test]
fn escapes_and_namespaces_count() {
    let mut policy = policy_for_strangers("hold");
    let mut reason = |inside: &str| receive(&mut policy, "s@y/1", "b@x", inside).decision.reason;
    assert_eq!(reason(&format!("<body>{}</body>", "&amp;".repeat(12 * 1024))), "hold-full");
    assert_eq!(reason(&format!("<x xmlns='{}'/>", "&apos;".repeat(12 * 1024))), "hold-full");
    assert_eq!(reason(&format!("<x xmlns='urn:x' a='{}'/>", "&lt;".repeat(12 * 1024))), "hold-full");
    assert_eq!(reason(&format!("<x xmlns='urn:x'>{}</x>", "<y/>".repeat(4 * 1024))), "hold-full");
    assert_eq!(reason(BODY), "held");
}

/// However many wait, a block is no misuse of the host, which takes 64 writes a call.
#[test]
fn a_server_of_many_is_forgotten_in_steps() {
    let mut policy = policy_for_strangers("hold");
    let strangers: Vec<String> = (0..90).map(|number| format!("s{number}@y/1")).collect();
    let named: Vec<String> = (0..100).map(|number| format!("t{number}@y")).collect();
    reasons(&mut policy, &strangers.iter().map(String::as_str).collect::<Vec<_>>());
    for (hour, stranger) in (0..).map(|number| number / 50).zip(&named) {
        set_now(10_000 + 3_600 * hour);
        send(&mut policy, &format!("<message from='b@x/p' to='{stranger}'>{BODY}</message>"));
    }
    let mut discarded = discards(&block(&mut policy, "b@x", &["y"]).effects);
    assert_eq!(discarded, 30);
    discarded += discards(&block(&mut policy, "b@x", &named.iter().map(String::as_str).collect::<Vec<_>>()).effects);
    assert_eq!(discarded, 60);
    let outcome = receive(&mut policy, "t99@y/1", "b@x", BODY);
    assert_eq!(outcome.decision.reason, "held", "as if it were done");
    discarded += discards(&outcome.effects);
    let state = policy.save();
    policy.restore("", state).expect("its own state");
    for _ in 0..20 {
        let outcome = receive(&mut policy, "other@z/1", "c@x", BODY);
        assert!(discards(&outcome.effects) <= 8);
        discarded += discards(&outcome.effects);
    }
    assert_eq!(discarded, 190);
    let consented = named.iter().map(|stranger| format!("{stranger}/1"));
    let reasons = reasons(&mut policy, &consented.collect::<Vec<_>>().iter().map(String::as_str).collect::<Vec<_>>());
    assert!(reasons.iter().all(|reason| reason != "agreed"), "{reasons:?}");
}

fn discards(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Discard(_))).count()
}

#[test]
fn after_a_week_it_is_over() {
    let mut policy = policy_for_strangers("hold");
    set_now(1_000);
    assert_eq!(receive(&mut policy, "s@y/1", "b@x", BODY).notifications.len(), 1);
    set_now(1_000 + WEEK);
    assert!(send(&mut policy, "<presence from='b@x/p'/>").replies.is_empty());
    assert_eq!(receive(&mut policy, "s@y/1", "b@x", BODY).notifications.len(), 1);
}

#[test]
fn a_swap_forgets_nothing() {
    let mut old = policy_for_strangers("hold");
    reasons(&mut old, &["s@y/1"]);
    let state = old.save();
    // The store is the host's; `configure` would empty it.
    let mut new = old;
    new.restore("", state.clone()).expect("its own state");
    assert_eq!(new.save(), state);
    let outcome = receive(&mut new, "s@y/1", "b@x", BODY);
    assert_eq!((outcome.notifications.len(), held(&outcome.effects)), (0, 1));
    for state in [&b""[..], b"{}", b"blocking 1\nxyz", &[0xff; 4096], &[&state[..], b"one two\n"].concat()] {
        assert!(new.restore("", state.to_vec()).expect_err("refused").contains("not of this policy"));
    }
}

/// The store has neither addresses nor an end.
#[test]
fn consents_are_hashes_and_bounded() {
    let mut policy = policy_for_strangers("refuse");
    let mut agree = |number: usize, user: &str| {
        let xml = format!("<message from='{user}/p' to='{number}@strangers.example'><body>Hello</body></message>");
        send(&mut policy, &xml);
    };
    agree(20_000, "b@x");
    (0..20_000).for_each(|number| agree(number, &format!("{}@x", number / 50)));
    agree(20_001, "b@x");
    assert_eq!(
        reasons(&mut policy, &["20001@strangers.example/1", "20000@strangers.example/1"]),
        ["agreed", "stranger"]
    );
    let kept: usize = (0..64)
        .filter_map(|number| prosody_policy::store::get(&format!("consents {number}")))
        .map(|compartment| {
            assert!(!String::from_utf8_lossy(&compartment).contains("example"));
            compartment.len()
        })
        .sum();
    assert!((180_000..=204_800).contains(&kept), "{kept}");
}

/// Nobody pushes out the consents of others by writing to people who are not there.
#[test]
fn one_user_agrees_to_so_many() {
    let mut policy = policy_for_strangers("refuse");
    let agree = |policy: &mut Blocking, number: usize| {
        send(policy, &format!("<message from='b@x/p' to='{number}@y'><body>Hello</body></message>"));
        reasons(policy, &[&format!("{number}@y/1")]).remove(0)
    };
    set_now(1_000);
    let agreed = (0..100).filter(|number| agree(&mut policy, *number) == "agreed").count();
    assert_eq!(agreed, 60);
    assert_eq!(agree(&mut policy, 0), "agreed", "whom he knows");
    set_now(1_000 + 60 * 60);
    assert_eq!(agree(&mut policy, 100), "agreed");
}

#[test]
fn a_refusal_is_read_in_its_language() {
    let mut case = cases().into_iter().find(|case| case.id == "stranger-refused").expect("a case");
    case.xml = case.xml.replace("type='chat'", "type='chat' xml:lang='de-AT'");
    let verdict = ask(&mut policy_for_strangers("refuse"), &case).decision.verdict;
    assert!(format!("{verdict:?}").contains("Kontaktliste"), "{verdict:?}");
    assert_eq!(word(&verdict), "bounce");
}
