//! What nobody sends who means well.

mod common;

use common::{key, plain, word};

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

#[test]
fn many_elements() {
    let message =
        |inside: String| format!("<message from='mallory@y/1' to='bob@x/phone' type='chat'>{inside}</message>");
    let many = "<x xmlns='urn:x'/>".repeat(9_000);
    check(&message(many.clone()), "hold", "unknown");
    check(&message(format!("{many}<body>Lunch?</body>")), "deliver", "text");
    check(&message("<composing xmlns='http://jabber.org/protocol/chatstates'/>".repeat(9_000)), "newest", "chat-state");
    check(&message("<body>a</body>".repeat(4_000)), "deliver", "text");
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
    check("<message><body>Lunch?</body></message>", "deliver", "text");
    check("<message/>", "hold", "empty");
    check(
        "<message from='' to='' type=''><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
        "newest",
        "chat-state",
    );
    check("<message type='groupchat'><body>Lunch?</body></message>", "deliver", "nickname-unknown");
}
