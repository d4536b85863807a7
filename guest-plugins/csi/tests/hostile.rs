//! What nobody sends who means well.

mod common;

use common::{cases, key, plain, word};

fn check(text: &str, verdict: &str, reason: &str) {
    let ruling = plain(text);
    assert_eq!((word(&ruling.verdict), ruling.reason.as_str()), (verdict, reason), "{text:.200}");
}

#[test]
fn many_wrappings() {
    let wrapped = |times: usize| {
        let inside = "<message xmlns='jabber:client' from='carol@y'><body>Lunch?</body></message>".to_owned();
        let inside = (0..times).fold(inside, |inside, _| {
            format!(
                "<message xmlns='jabber:client'><forwarded xmlns='urn:xmpp:forward:0'>{inside}</forwarded></message>"
            )
        });
        inside.replacen("<message", "<message from='mallory@y/1' to='bob@x/phone'", 1)
    };
    check(&wrapped(1), "deliver", "text");
    check(&wrapped(8), "deliver", "text");
    check(&wrapped(9), "hold", "unknown");
    check(&wrapped(30), "hold", "unknown");
}

#[test]
fn a_copy_inside_a_copy_is_a_forgery() {
    let copy = |from: &str, inside: &str| {
        format!(
            "<message xmlns='jabber:client' from='{from}' to='bob@x/phone'><received xmlns='urn:xmpp:carbons:2'>\
             <forwarded xmlns='urn:xmpp:forward:0'>{inside}</forwarded></received></message>"
        )
    };
    let text = "<message xmlns='jabber:client' from='alice@x/1' to='bob@x'><body>Lunch?</body></message>";
    check(&copy("bob@x", text), "deliver", "text");
    check(&copy("bob@x", &copy("bob@x", text)), "hold", "unknown");
    check(&copy("bob@x/desk", text), "hold", "unknown");
}

/// To be looked at takes time; all that this gains is to be delivered.
#[test]
fn many_elements() {
    let message =
        |inside: String| format!("<message from='mallory@y/1' to='bob@x/phone' type='chat'>{inside}</message>");
    let composing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
    check(&message("<x xmlns='urn:x'/>".repeat(512)), "hold", "unknown");
    check(&message(composing.repeat(512)), "newest", "chat-state");
    for element in ["<x xmlns='urn:x'/>", composing, "<body>Lunch?</body>"] {
        check(&message(element.repeat(513)), "deliver", "many-elements");
        check(&message(element.repeat(3_000)), "deliver", "many-elements");
    }
}

/// A key of any length would be a reply out of bounds, and an address cannot reach into another's.
#[test]
fn keys_stay_short() {
    let reaction = |id: &str| {
        format!(
            "<message from='mallory@y/1' to='bob@x/phone'><reactions xmlns='urn:xmpp:reactions:0' id='{id}'/></message>"
        )
    };
    let longest = 4_096 - "reaction\nmallory@y\n".len();
    check(&reaction(&"i".repeat(longest)), "newest", "reaction");
    check(&reaction(&"i".repeat(longest + 1)), "hold", "reaction");
    let ruling = plain(&reaction("&#10;alice@x&#10;m1"));
    assert_eq!(key(&ruling.verdict), Some("reaction\nmallory@y\n\nalice@x\nm1"));
}

#[test]
fn without_addresses() {
    let composing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
    check("<message><body>Lunch?</body></message>", "deliver", "text");
    check("<message/>", "hold", "empty");
    check(&format!("<message>{composing}</message>"), "hold", "chat-state");
    check(&format!("<message from='' to='' type=''>{composing}</message>"), "hold", "chat-state");
    check("<message type='groupchat'><body>Lunch?</body></message>", "deliver", "nickname-unknown");
}

/// A few pages are looked at, whether in one body or in many.
#[test]
fn long_texts_in_rooms() {
    let room = |bodies: String| {
        let text = format!("<message from='team@rooms.x/eve' to='bob@x/phone' type='groupchat'>{bodies}</message>");
        let mut case = cases().into_iter().find(|case| case.id == "in-a-room").expect("a case");
        case.settings = serde_json::json!({});
        word(&case.ruling(&text).verdict)
    };
    let bodies = |words: usize| format!("<body>{}</body>", "x ".repeat(words)).repeat(4);
    assert_eq!(room(format!("{}<body>me</body>", bodies(1_000))), "deliver");
    assert_eq!(room(format!("{}<body>me</body>", bodies(4_000))), "hold");
    assert_eq!(room(format!("<body>{}</body>", "m".repeat(250_000))), "hold");
}
