//! What the operator sets, and what comes of it.

mod common;

use common::{decide, passage, replay};
use e2ee::EndToEnd;
use prosody_policy::testing::{self, Outcome, configure, set_now};
use prosody_policy::{Direction, MessagePolicy, Party, Passage, StanzaKind, Verdict};

const PLAIN: &str = "<message from='a@x/p' to='b@y' type='chat'><body>SECRET</body></message>";
const ROOM: &str = "<message from='a@x/p' to='r@muc.y' type='groupchat'><body>SECRET</body></message>";

fn refused(settings: &str, error: &str) {
    assert_eq!(configure::<EndToEnd>(settings).expect_err("refused"), error);
}

#[test]
fn names_what_is_wrong() {
    refused(
        r#"{"direct":"mandatry"}"#,
        "`direct` cannot be \"mandatry\": it is one of \"mandatory\", \"optional\", \"off\"; did you mean \"mandatory\"?",
    );
    refused(
        r#"{"mode":"strict"}"#,
        "`mode` cannot be \"strict\": it is one of \"mandatory\", \"mixed\", \"optional\", \"off\"",
    );
    refused(
        r#"{"mode":"mixed","rooms":"off"}"#,
        "`mode` is short for `direct` and `rooms`: set either `mode` or these two",
    );
    refused(
        r#"{"exempt":["bot@x/home"]}"#,
        "`exempt` has \"bot@x/home\": write the address without what follows the slash",
    );
    refused(r#"{"exempt":["*.x"]}"#, "`exempt` has \"*.x\": there are no patterns; write each domain");
    refused(
        r#"{"exempt":["@x"]}"#,
        "`exempt` has \"@x\": this is neither an address (user@example.org) nor a domain (example.org)",
    );
    refused(
        r#"{"warn_every":"often"}"#,
        "`warn_every` cannot be \"often\": write seconds, or a number with s, m, h, d or w (\"7d\")",
    );
    refused(
        r#"{"texts":{"deutsch":"…"}}"#,
        "`texts` has \"deutsch\": it holds languages (\"en\", \"de\", …) and \"link\"",
    );
    refused(r#"{"texts":{"de":" "}}"#, "`texts.de` is empty; leave it out to use the built-in text");
    let unknown = configure::<EndToEnd>(r#"{"strikt":true}"#).unwrap_err();
    assert!(unknown.starts_with("unknown field `strikt`, expected one of `mode`, `direct`"), "{unknown}");
}

#[test]
fn is_strictest_when_nothing_is_set() {
    assert_eq!(decide("{}", passage("out"), PLAIN).decision.reason, "plaintext");
    assert_eq!(decide("{}", passage("out-s2s"), ROOM).decision.reason, "plaintext");
}

#[test]
fn asks_for_no_more_than_it_judges() {
    let kinds = |settings: &str| -> Vec<StanzaKind> {
        configure::<EndToEnd>(settings).unwrap().wants().into_iter().map(|want| want.kind).collect()
    };
    assert_eq!(kinds("{}"), [StanzaKind::Message]);
    assert_eq!(kinds(r#"{"strict":true}"#), [StanzaKind::Message, StanzaKind::Presence, StanzaKind::Iq]);
    assert_eq!(kinds(r#"{"strict":true,"mode":"optional"}"#), [StanzaKind::Message]);
    assert_eq!(kinds(r#"{"mode":"off"}"#), []);
}

#[test]
fn tells_rooms_from_people() {
    let mixed = r#"{"mode":"mixed"}"#;
    let to = |destination| Passage { destination, ..Passage::outgoing() };
    let from = |source| Passage { source, direction: Direction::Incoming, ..Passage::outgoing() };
    let in_room = "<message from='r@muc.y/n' to='a@x/p' type='groupchat'><body>SECRET</body></message>";
    let private = "<message from='a@x/p' to='r@muc.y/n' type='chat'><body>SECRET</body></message>";
    let to_full = "<message from='a@x/p' to='b@y/p' type='groupchat'><body>SECRET</body></message>";
    for (passage, text, reason) in [
        (to(Party::Room), ROOM, "optional"),
        (to(Party::Remote), ROOM, "plaintext"),
        (to(Party::Component), ROOM, "plaintext"),
        (from(Party::Room), in_room, "optional"),
        (from(Party::Remote), in_room, "plaintext"),
        (from(Party::Component), in_room, "plaintext"),
        (to(Party::User), ROOM, "plaintext"),
        (to(Party::Remote), to_full, "plaintext"),
        (to(Party::Room), private, "plaintext"),
        (to(Party::User), PLAIN, "plaintext"),
        (from(Party::Remote), PLAIN, "plaintext"),
    ] {
        assert_eq!(
            decide(mixed, passage, text).decision.verdict == Verdict::Pass,
            reason == "optional",
            "{passage:?} {text}"
        );
    }
}

#[test]
fn lets_exempt_people_write() {
    let settings = r#"{"exempt":["Bot@Y", "irc.x"]}"#;
    let message = |from: &str, to: &str| format!("<message from='{from}' to='{to}'><body>hi</body></message>");
    for (from, to, exempt) in [
        ("a@x/p", "bot@y", true),
        ("a@x/p", "bot@y/1", true),
        ("bot@y/1", "a@x", true),
        ("a@x/p", "#c%net@irc.x/nick", true),
        ("a@x/p", "irc.x", true),
        ("a@x/p", "b@y", false),
        ("a@x/p", "bot@y.z", false),
        ("a@x/bot@y", "b@x", false),
        ("irc.x@y/p", "b@x", false),
        ("a@x/p", "b@sub.irc.x", false),
    ] {
        let decision = decide(settings, passage("out"), &message(from, to)).decision;
        assert_eq!(decision.reason == "exempt", exempt, "{from} to {to}");
    }
}

#[test]
fn refuses_in_the_language_of_the_message() {
    let text = |settings: &str, language: &str| {
        let message = format!("<message to='b@x' xml:lang='{language}'><body>SECRET</body></message>");
        match decide(settings, passage("out"), &message).decision.verdict {
            Verdict::Bounce(bounce) => bounce.text,
            verdict => panic!("{verdict:?}"),
        }
    };
    assert!(text("{}", "en").contains("OMEMO"));
    assert!(text("{}", "de-AT").starts_with("Diese Nachricht wurde nicht zugestellt"));
    assert!(text("{}", "nl").starts_with("This message was not delivered"));
    let own = r#"{"texts":{"nl":"Versleutel!","link":"https://x/help"}}"#;
    assert_eq!(text(own, "nl"), "Versleutel! https://x/help");
    assert!(text(own, "en").ends_with("(OMEMO) in this conversation and send it again. https://x/help"));
    assert_eq!(text(r#"{"texts":{"en":"Encrypt."}}"#, "nl"), "Encrypt.");
}

#[test]
fn answers_no_error() {
    for (dir, text) in [
        ("out", "<message to='b@x' type='error'><body>SECRET</body></message>"),
        ("iq", "<iq to='b@x/y' type='result' id='1'><query xmlns='urn:x'>SECRET</query></iq>"),
        ("pres", "<presence to='b@x' type='SECRET'/>"),
    ] {
        assert_eq!(decide(common::STRICT, passage(dir), text).decision.verdict, Verdict::Drop, "{text}");
    }
}

#[test]
fn reactions_and_publishes_are_for_strict_mode() {
    let lax = "{}";
    let reaction = |text: &str| {
        format!(
            "<message to='b@x'><reactions xmlns='urn:xmpp:reactions:0' id='m1'><reaction>{text}</reaction></reactions></message>"
        )
    };
    assert_eq!(replay(lax, "out", &reaction("👍🏽")).0, "ALLOW");
    assert_eq!(replay(lax, "out", &reaction("SECRET")).0, "BLOCK");
    assert_eq!(replay(common::STRICT, "out", &reaction("👍🏽")).0, "BLOCK");
    let event = "<event xmlns='http://jabber.org/protocol/pubsub#event'><items node='urn:x'><item><x xmlns='urn:x'>SECRET</x></item></items></event>";
    assert_eq!(replay(lax, "in-s2s", &format!("<message from='a@r' to='b@x'>{event}</message>")).0, "ALLOW");
    assert_eq!(replay(lax, "in-s2s", &format!("<message from='a@r/p' to='b@x'>{event}</message>")).0, "BLOCK");
    assert_eq!(replay(lax, "out", &format!("<message from='a@x' to='b@x'>{event}</message>")).0, "BLOCK");
}

#[test]
fn lets_the_server_speak() {
    let from_server = Passage { source: Party::Service, direction: Direction::Incoming, ..Passage::outgoing() };
    let notice = "<message from='x' to='b@x'><body>Maintenance at noon.</body></message>";
    assert_eq!(decide("{}", from_server, notice).decision.reason, "from-this-server");
    assert_eq!(decide("{}", passage("in-s2s"), notice).decision.reason, "plaintext");
}

// ── warnings

const OPTIONAL: &str = r#"{"mode":"optional","warn_every":"1h"}"#;

fn send(policy: &mut EndToEnd, text: &str) -> Outcome {
    testing::decide(policy, Passage { destination: Party::Remote, ..Passage::outgoing() }, text)
}

#[test]
fn warns_once_per_contact_and_period() {
    let mut policy = configure::<EndToEnd>(OPTIONAL).unwrap();
    let other = PLAIN.replace("b@y", "c@y");
    set_now(1_000);
    assert_eq!(send(&mut policy, PLAIN).replies.len(), 1);
    assert_eq!(send(&mut policy, PLAIN).replies.len(), 0);
    assert_eq!(send(&mut policy, &PLAIN.replace("b@y", "b@y/elsewhere")).replies.len(), 0);
    assert_eq!(send(&mut policy, &other).replies.len(), 1);
    set_now(1_000 + 3_599);
    assert_eq!(send(&mut policy, PLAIN).replies.len(), 0);
    set_now(1_000 + 3_600);
    let outcome = send(&mut policy, PLAIN);
    assert_eq!((outcome.replies.len(), outcome.decision.verdict, outcome.edits.len()), (1, Verdict::Pass, 0));
}

#[test]
fn remembers_only_so_many() {
    let mut policy = configure::<EndToEnd>(OPTIONAL).unwrap();
    for contact in 0..2_000 {
        assert_eq!(send(&mut policy, &PLAIN.replace("b@y", &format!("c{contact}@y"))).replies.len(), 1);
    }
    assert_eq!(send(&mut policy, &PLAIN.replace("b@y", "c1999@y")).replies.len(), 0);
    assert_eq!(send(&mut policy, &PLAIN.replace("b@y", "c0@y")).replies.len(), 1);
}

#[test]
fn warns_only_who_writes_plain_text_here() {
    let mut policy = configure::<EndToEnd>(OPTIONAL).unwrap();
    let state = "<message from='a@x/p' to='b@y'><active xmlns='http://jabber.org/protocol/chatstates'/></message>";
    assert_eq!(send(&mut policy, state).replies.len(), 0);
    assert_eq!(testing::decide(&mut policy, passage("in-s2s"), PLAIN).replies.len(), 0);
    let error = "<message from='a@x/p' to='b@y' type='error'><body>SECRET</body></message>";
    assert_eq!(send(&mut policy, error).replies.len(), 0);
}

#[test]
fn is_switched_off_by_a_message_to_the_server() {
    let mut policy = configure::<EndToEnd>(OPTIONAL).unwrap();
    let to_server = Passage { destination: Party::Service, ..Passage::outgoing() };
    let say = |policy: &mut EndToEnd, body: &str| {
        let text = format!("<message from='a@x/p' to='x' xml:lang='en'><body>{body}</body></message>");
        testing::decide(policy, to_server, &text)
    };
    let off = say(&mut policy, " Warnings OFF ");
    assert_eq!((off.decision.verdict, off.decision.reason.as_str()), (Verdict::Drop, "warnings-off"));
    assert!(off.replies[0].starts_with("You will get no more warnings"));
    assert_eq!(send(&mut policy, PLAIN).replies.len(), 0);
    assert_eq!(send(&mut policy, &PLAIN.replace("a@x", "d@x")).replies.len(), 1);
    assert_eq!(say(&mut policy, "warnings on").decision.reason, "warnings-on");
    assert_eq!(send(&mut policy, PLAIN).replies.len(), 1);
    assert_eq!(say(&mut policy, "warnings off please").decision.verdict, Verdict::Pass);
}
