//! What must not loosen a ruling, however a message is written.

mod common;

use common::{cases, copy, word};

/// Copy, then encrypting devices only, then nobody.
fn strictness(verdict: &str) -> usize {
    ["copy", "copy-to-encrypting", "skip"].iter().position(|word| *word == verdict).expect("a verdict")
}

fn never_looser(change: impl Fn(&str) -> Option<String>) {
    let mut changed = 0;
    for case in cases() {
        let Some(text) = change(&case.xml) else { continue };
        let after = copy(&case.settings.to_string(), &case.dir, &text);
        assert!(strictness(word(after.verdict)) >= strictness(&case.verdict), "{}: {text:.300}", case.id);
        changed += 1;
    }
    assert!(changed > 5, "{changed}");
}

#[test]
fn however_it_is_spelled() {
    let prefix =
        |text: &str| text.replace("<body>", "<p:body xmlns:p='jabber:client'>").replace("</body>", "</p:body>");
    never_looser(|text| (!text.contains("<body xml")).then(|| prefix(text)));
    never_looser(|text| Some(text.replacen("<message", "<message xmlns='jabber:server'", 1)));
    never_looser(|text| text.contains("?OTR").then(|| text.replace("?OTR", "&#63;<![CDATA[O]]>TR")));
    never_looser(|text| Some(text.replace("<body>", "<body> \n")));
}

#[test]
fn whatever_stands_beside() {
    for addition in [
        "<store xmlns='urn:xmpp:hints'/>",
        "<body>Lunch?</body>",
        "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>",
        "<active xmlns='http://jabber.org/protocol/chatstates'/>",
        "<thread>?OTR</thread>",
    ] {
        never_looser(|text| Some(text.replace("</message>", &format!("{addition}</message>"))));
        never_looser(|text| text.find("'>").map(|at| format!("{}{addition}{}", &text[..at + 2], &text[at + 2..])));
    }
}

#[test]
fn whoever_wants_no_copy_is_heard() {
    for wish in ["<private xmlns='urn:xmpp:carbons:2'/>", "<no-copy xmlns='urn:xmpp:hints'/>"] {
        for case in cases() {
            let text = case.xml.replace("</message>", &format!("{wish}</message>"));
            assert_eq!(word(copy(&case.settings.to_string(), &case.dir, &text).verdict), "skip", "{}", case.id);
        }
    }
}
