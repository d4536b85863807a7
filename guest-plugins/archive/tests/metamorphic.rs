//! What must not loosen a ruling, however a message is written.

mod common;

use common::{Case, cases, keep, keeping, word};
use prosody_stanza::{Builder, Element, Limits, Node, xml};

fn ruling(case: &Case, text: &str) -> (&'static str, String, String) {
    let outcome = keep(&case.settings.to_string(), keeping(&case.place, case.wanted), text);
    (word(&outcome.decision.verdict), outcome.decision.reason, outcome.xml)
}

fn unchanged(change: impl Fn(&str) -> Option<String>) {
    let mut changed = 0;
    for case in cases() {
        let Some(text) = change(&case.xml) else { continue };
        let (before, after) = (ruling(&case, &case.xml), ruling(&case, &text));
        assert_eq!((before.0, before.1), (after.0, after.1), "{}: {text:.300}", case.id);
        assert!(before.0 != "keep" || !after.2.contains("SECRET"), "{}: {text:.300}", case.id);
        changed += 1;
    }
    assert!(changed > 10, "{changed}");
}

#[test]
fn a_prefix_changes_nothing() {
    unchanged(|text| {
        let text = text.replace("<body>", "<p:body xmlns:p='jabber:client'>");
        (text.contains("<p:body") && !text.contains("xhtml")).then(|| text.replace("</body>", "</p:body>"))
    });
}

#[test]
fn the_namespace_of_the_stream_changes_nothing() {
    unchanged(|text| Some(text.replacen("<message", "<message xmlns='jabber:server'", 1)));
    unchanged(|text| Some(text.replacen("<message", "<message xmlns='jabber:component:accept'", 1)));
}

#[test]
fn character_data_changes_nothing() {
    unchanged(|text| {
        text.contains("SECRET</body>").then(|| text.replace("SECRET</body>", "<![CDATA[SECRET]]></body>"))
    });
    unchanged(|text| text.contains("SECRET</").then(|| text.replace("SECRET</", "&#83;&#x45;CRET</")));
}

#[test]
fn the_order_changes_nothing() {
    unchanged(|text| Some(backwards(text)));
}

/// The same message with its children in the reverse order.
fn backwards(text: &str) -> String {
    let stanza = xml::parse(text, "jabber:client", &Limits::default()).expect(text);
    let mut builder = Builder::new(Limits::default());
    let mut children: Vec<Element<'_>> = stanza.root().child_elements().collect();
    children.reverse();
    start(&mut builder, stanza.root());
    children.into_iter().for_each(|child| copy(&mut builder, child));
    builder.close().expect("opened before");
    builder.finish().expect("within the limits").to_xml()
}

fn start(builder: &mut Builder, element: Element<'_>) {
    builder.open(element.name().as_bytes(), Some(element.namespace().as_bytes())).expect("within the limits");
    for (name, value) in element.attributes() {
        builder.attribute(name.as_bytes(), value.as_bytes()).expect("within the limits");
    }
}

fn copy(builder: &mut Builder, element: Element<'_>) {
    start(builder, element);
    for child in element.children() {
        match child {
            Node::Element(child) => copy(builder, child),
            Node::Text(_, text) => builder.text(text.as_bytes()).expect("within the limits"),
        }
    }
    builder.close().expect("as many as were opened");
}

#[test]
fn a_wish_to_keep_keeps_nothing_more() {
    let wishes = "<store xmlns='urn:xmpp:hints'/><encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>";
    // Beside a copy the server says nothing.
    let is_copy = |text: &str| text.contains("urn:xmpp:carbons:2");
    unchanged(|text| (!is_copy(text)).then(|| text.replace("</message>", &format!("{wishes}</message>"))));
}

#[test]
fn what_is_kept_would_be_kept_as_it_is() {
    for case in cases().iter().filter(|case| case.verdict == "keep") {
        let stored = ruling(case, &case.xml).2;
        let again = ruling(case, &stored);
        assert_eq!((again.0, again.2), ("keep", stored), "{}", case.id);
    }
}

/// Any text, added anywhere, is not kept.
#[test]
fn no_text_slips_in() {
    let additions = [
        "SECRET",
        "<body>SECRET</body>",
        "<body xml:lang='de'>SECRET</body>",
        "<subject>SECRET</subject>",
        "<x xmlns='urn:x'>SECRET</x>",
        "<x xmlns='urn:x' a='SECRET'/>",
        "<active xmlns='http://jabber.org/protocol/chatstates'>SECRET</active>",
        "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>SECRET</body></html>",
    ];
    let mut kept = 0;
    for case in cases().iter().filter(|case| case.verdict == "keep") {
        for (place, _) in case.xml.match_indices('>').filter(|(at, _)| at + 1 < case.xml.len()) {
            for addition in additions {
                let (before, after) = case.xml.split_at(place + 1);
                let (verdict, reason, stored) = ruling(case, &format!("{before}{addition}{after}"));
                let token = before.ends_with("<thread>") && addition == "SECRET";
                assert!(token || verdict != "keep" || !stored.contains("SECRET"), "{}: {reason}\n{stored}", case.id);
                kept += usize::from(verdict == "keep");
            }
        }
    }
    assert!(kept > 100, "{kept}");
}

/// Whatever an operator sets, and whatever a user wants.
#[test]
fn no_setting_keeps_plaintext() {
    let plain =
        ["<body>SECRET</body>", "<body>?OTRv2?</body>", "<subject>SECRET</subject>", "<body>?OTR Error: SECRET</body>"];
    for settings in [
        "{}",
        r#"{"key_transport": true}"#,
        r#"{"offline_plaintext": "memory"}"#,
        r#"{"archive": true, "rooms": true, "offline": true, "retention": "30d"}"#,
    ] {
        for place in ["archive", "archive-in", "room", "offline"] {
            for inside in plain {
                for around in [
                    "",
                    "<store xmlns='urn:xmpp:hints'/>",
                    "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>",
                ] {
                    let text = format!("<message from='a@x/p' to='b@x' type='chat'>{inside}{around}</message>");
                    let outcome = keep(settings, keeping(place, true), &text);
                    assert_ne!(word(&outcome.decision.verdict), "keep", "{settings} {place} {text}");
                }
            }
        }
    }
}
