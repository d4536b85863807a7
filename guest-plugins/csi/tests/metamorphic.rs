//! What must not change a ruling, or not for the worse.

mod common;

use common::{Case, cases, key, word};

fn changed(is_meant: impl Fn(&Case) -> bool, change: impl Fn(&str) -> Option<String>, check: impl Fn(&Case, &str)) {
    let mut changed = 0;
    for case in cases().iter().filter(|case| is_meant(case)) {
        let Some(text) = change(&case.xml) else { continue };
        check(case, &text);
        changed += 1;
    }
    assert!(changed > 5, "{changed}");
}

fn same(case: &Case, text: &str) {
    let (before, after) = (case.ruling(&case.xml), case.ruling(text));
    assert_eq!(before, after, "{}: {text:.300}", case.id);
}

fn is_message(case: &Case) -> bool {
    !case.dir.contains("pres")
}

fn has_settings(case: &Case) -> bool {
    case.settings.as_object().is_some_and(|settings| !settings.is_empty())
}

#[test]
fn however_it_is_written() {
    let server = |text: &str| Some(text.replacen("<message", "<message xmlns='jabber:server'", 1));
    changed(is_message, server, same);
    let prefix =
        |text: &str| text.replace("<body>", "<p:body xmlns:p='jabber:client'>").replace("</body>", "</p:body>");
    changed(is_message, |text| (text.contains("</body>") && !text.contains("<body xml")).then(|| prefix(text)), same);
    changed(|_| true, |text| Some(text.replace("'><", "'> \n<")), same);
    changed(|_| true, |text| text.contains("Lunch").then(|| text.replace("Lunch", "<![CDATA[Lun]]>&#99;h")), same);
}

/// Nothing makes wait what would be delivered, but for what an operator chose.
#[test]
fn whatever_stands_beside() {
    for addition in [
        "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
        "<received xmlns='urn:xmpp:receipts' id='m0'/>",
        "<request xmlns='urn:xmpp:receipts'/>",
        "<no-store xmlns='urn:xmpp:hints'/>",
        "<reactions xmlns='urn:xmpp:reactions:0' id='m0'><reaction>👍</reaction></reactions>",
        "<delay xmlns='urn:xmpp:delay' stamp='2026-11-25T10:00:00Z'/>",
        "<x xmlns='urn:nobody-knows'/>",
        "<forwarded xmlns='urn:xmpp:forward:0'/>",
        "<received xmlns='urn:xmpp:carbons:2'/>",
        "<sent xmlns='urn:xmpp:carbons:2'/>",
    ] {
        // A copy for another device has nothing beside it but what the server writes.
        let is_meant = |case: &Case| {
            is_message(case) && case.verdict == "deliver" && !has_settings(case) && !case.xml.contains("carbons")
        };
        let end = |text: &str| {
            text.ends_with("</message>").then(|| text.replacen("</message>", &format!("{addition}</message>"), 1))
        };
        let still =
            |case: &Case, text: &str| assert_eq!(word(&case.ruling(text).verdict), "deliver", "{}: {text}", case.id);
        changed(is_meant, |text| end(text).filter(|_| !text.contains("forward:0")), still);
    }
}

/// What is replaced has nothing that a newer one has not: neither what nobody knows, nor a text, nor a receipt.
#[test]
fn nothing_is_lost_with_what_is_replaced() {
    for addition in [
        "<x xmlns='urn:nobody-knows'/>",
        "<body>Lunch?</body>",
        "<received xmlns='urn:xmpp:receipts' id='m0'/>",
        "<displayed xmlns='urn:xmpp:chat-markers:0' id='m0'/>",
        "<quux/>",
    ] {
        let is_meant = |case: &Case| is_message(case) && case.verdict == "newest" && case.reason != "namespace";
        let inside = |text: &str| {
            // Into the innermost message.
            let at = text.find("</message>").filter(|_| !text.contains("fallback"))?;
            Some(format!("{}{addition}{}", &text[..at], &text[at..]))
        };
        changed(is_meant, inside, |case, text| {
            let verdict = word(&case.ruling(text).verdict).to_owned();
            assert!(["hold", "deliver"].contains(&verdict.as_str()), "{}: {verdict} {text}", case.id);
        });
    }
}

/// A message inside something, in the namespace that it has there.
fn inside(text: &str, before: &str, after: &str) -> Option<String> {
    let message = text.strip_prefix("<message")?;
    Some(format!(
        "{before}<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client'{message}</forwarded>{after}</message>"
    ))
}

fn is_plain(case: &Case) -> bool {
    case.dir == "delivery" && !case.xml.contains("forward:0") && case.settings.get("strangers").is_none()
}

/// A copy of what another device got is as urgent as the message itself.
#[test]
fn a_copy_is_decided_as_what_is_inside() {
    let before = "<message from='bob@x' to='bob@x/phone'><received xmlns='urn:xmpp:carbons:2'>";
    // Nobody copies what the server tells one device.
    let is_meant = |case: &Case| is_plain(case) && case.reason != "announcement";
    changed(is_meant, |text| inside(text, before, "</received>"), same);
}

/// What the user does with another device wakes nothing, unless it stops a ring.
#[test]
fn a_copy_of_what_was_sent_waits() {
    let before = "<message from='bob@x' to='bob@x/phone'><sent xmlns='urn:xmpp:carbons:2'>";
    let is_meant = |case: &Case| is_plain(case) && !has_settings(case) && case.reason != "error";
    changed(
        is_meant,
        |text| inside(text, before, "</sent>"),
        |case, text| {
            let is_call = case.reason == "call";
            assert_eq!(word(&case.ruling(text).verdict) == "deliver", is_call, "{}: {text:.300}", case.id);
        },
    );
}

/// What somebody passes on is as urgent, and takes nobody's place.
#[test]
fn what_is_passed_on_replaces_nothing() {
    let before = "<message from='mallory@y/1' to='bob@x/phone'>";
    let is_meant = |case: &Case| is_plain(case) && !has_settings(case) && case.reason != "announcement";
    changed(
        is_meant,
        |text| inside(text, before, ""),
        |case, text| {
            let expected = if case.verdict == "newest" { "hold" } else { &case.verdict };
            assert_eq!(word(&case.ruling(text).verdict), expected, "{}: {text:.300}", case.id);
        },
    );
}

/// Two senders never have a key in common, and two kinds neither.
#[test]
fn keys_are_of_one_sender() {
    let cases: Vec<Case> =
        cases().into_iter().filter(|case| case.verdict == "newest" && !case.xml.contains("carbons")).collect();
    assert!(cases.len() > 20);
    for case in cases {
        let keys = ["alice", "eve"].map(|name| {
            let ruling = case.ruling(
                &case.xml.replace("from='alice", &format!("from='{name}")).replace("/alice", &format!("/{name}")),
            );
            key(&ruling.verdict).map(str::to_owned)
        });
        assert!(keys[0].is_some() && (keys[0] != keys[1] || !case.xml.contains("alice")), "{}: {keys:?}", case.id);
    }
}
