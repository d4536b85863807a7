//! Who is called by name in a message.

use prosody_stanza::{Builder, Excess, Limits, Stanza, xml};
use recognition::mention::mentions;

fn check(inside: &str, nickname: Option<&str>, expected: bool) {
    let text = format!("<message from='room@rooms.x/other' type='groupchat'>{inside}</message>");
    let message = xml::parse(&text, "jabber:client", &Limits::default()).expect(&text);
    assert_eq!(mentions(message.root(), nickname, Some("Anna@x")), expected, "{nickname:?}: {inside:.200}");
}

/// Built, not parsed: a nickname may hold what XML escapes.
fn says(body: &str, nickname: &str, expected: bool) {
    let message = said(body).expect("a message within the limits");
    assert_eq!(mentions(message.root(), Some(nickname), None), expected, "{nickname}: {body:.200}");
}

fn said(body: &str) -> Result<Stanza, Excess> {
    let mut builder = Builder::new(Limits::default());
    builder.open(b"message", None)?;
    builder.open(b"body", None)?;
    builder.text(body.as_bytes())?;
    builder.close()?;
    builder.close()?;
    builder.finish()
}

#[test]
fn a_nickname_is_a_whole_word() {
    for body in [
        "anna",
        "anna: lunch?",
        "ANNA, lunch?",
        "Lunch, Anna?",
        "@anna",
        "(anna)",
        "anna's",
        "anna-lena",
        "joanna and anna",
        "„Anna“",
        "\nanna\n",
        "🦊anna🦊",
    ] {
        says(body, "Anna", true);
    }
    for body in ["", "joanna", "annabel", "ann", "an na", "anna1", "1anna", "anna_x", "annaé", "anna\u{301}", "öanna"]
    {
        says(body, "Anna", false);
    }
}

#[test]
fn a_nickname_is_in_any_script() {
    for (body, nickname) in [
        ("Привет, АННА!", "Анна"),
        ("ΟΔΥΣΣΕΥΣ: ?", "Οδυσσευς"),
        ("οδυσσευς", "ΟΔΥΣΣΕΥΣ"),
        ("GROSS? Nein, Straße", "STRASSE"),
        ("ÖZGÜR gel", "özgür"),
        ("太郎さん、昼ご飯", "太郎"),
        ("민수야 밥 먹자", "민수"),
        ("สวัสดีสมชายครับ", "สมชาย"),
        ("hi 🦊", "🦊"),
    ] {
        says(body, nickname, true);
    }
    says("Суанна", "анна", false);
}

#[test]
fn a_nickname_is_no_pattern() {
    for (body, nickname) in [
        ("c++: lunch?", "C++"),
        ("so c++!", "c++"),
        ("hi a.b", "a.b"),
        ("hi .*", ".*"),
        ("hi [anna]", "[anna]"),
        ("<b> & co", "<b> & co"),
        ("x_X_x?", "x_x_x"),
        ("anna bell: hi", " Anna Bell "),
        ("(-:", "(-:"),
    ] {
        says(body, nickname, true);
    }
    for (body, nickname) in [("aXb", "a.b"), ("anything", ".*"), ("abc++", "c++"), ("lunch", "[a-z]+")] {
        says(body, nickname, false);
    }
}

#[test]
fn nobody_is_never_called() {
    for nickname in ["", " ", "\u{a0}\n"] {
        says("", nickname, false);
        says("Lunch, anyone?", nickname, false);
    }
    check("<body>anna</body>", None, false);
    check("", Some("anna"), false);
}

#[test]
fn only_texts_of_the_message_count() {
    let anna = Some("anna");
    check("<body>Lunch?</body><body xml:lang='de'>Mittag, Anna?</body>", anna, true);
    check("<p:body xmlns:p='jabber:client'>Anna<![CDATA[!]]></p:body>", anna, true);
    for inside in [
        "<subject>anna</subject>",
        "<body xmlns='urn:x'>anna</body>",
        "<x xmlns='urn:x'><body xmlns='jabber:client'>anna</body></x>",
        "<body><b xmlns='urn:x'>anna</b></body>",
        "<thread>anna</thread>",
    ] {
        check(inside, anna, false);
    }
}

/// A reference of this kind to this address.
fn refers(kind: &str, uri: &str, nickname: Option<&str>, expected: bool) {
    let reference = format!("<body>Lunch?</body><reference xmlns='urn:xmpp:reference:0' type='{kind}' uri='{uri}'/>");
    check(&reference, nickname, expected);
}

#[test]
fn a_reference_names_an_address() {
    for uri in ["xmpp:anna@x", "xmpp:ANNA@X", "xmpp:anna@x/phone", "xmpp:anna@x?message", "xmpp:%61nna%40x"] {
        refers("mention", uri, None, true);
        refers("data", uri, None, false);
    }
    for uri in ["", "xmpp:", "anna@x", "https://x/anna@x", "xmpp:anna", "xmpp:joanna@x", "xmpp:anna@x.y", "xmpp:%ff@x"]
    {
        refers("mention", uri, None, false);
    }
    let occupant = Some("Anna Bell");
    refers("mention", "xmpp:room@rooms.x/anna%20bell", occupant, true);
    refers("mention", "xmpp:other@rooms.x/anna%20bell", occupant, false);
    refers("mention", "xmpp:room@rooms.x", occupant, false);
    refers("mention", "xmpp:room@rooms.x", None, false);
    refers("mention", "xmpp:room@rooms.x/", Some(""), false);
}

#[test]
fn an_answer_calls_whoever_is_answered() {
    let answers = |address: &str, expected| {
        check(
            &format!("<body>Yes.</body><reply xmlns='urn:xmpp:reply:0' to='{address}' id='1'/>"),
            Some("anna"),
            expected,
        );
    };
    answers("room@rooms.x/Anna", true);
    answers("anna@x/phone", true);
    answers("room@rooms.x/joanna", false);
    answers("other@rooms.x/anna", false);
    answers("room@rooms.x", false);
}

/// A text as long as a stanza may be, and as many places.
#[test]
fn there_is_an_end_to_looking() {
    says(&format!("anna {}", "ж".repeat(100_000)), "anna", true);
    says(&format!("{} anna", "ж".repeat(100_000)), "anna", false);
    says(&"aa".repeat(50_000), "aa", false);
    let reference = "<reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:joanna@x'/>".repeat(200);
    check(&format!("<body>anna</body>{reference}"), Some("anna"), true);
    check(&format!("{reference}<body>anna</body>"), Some("anna"), false);
}
