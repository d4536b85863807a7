//! What a client or a stranger sends to get around the rules, or to keep the server busy.

mod common;

use common::{cases, notify, policy, register, registration};
use prosody_policy::{Admission, Ruling};
use serde_json::json;

const REQUEST: &str = "<iq type='set' id='1'><enable xmlns='urn:xmpp:push:0' jid='push.x' node='phone'/></iq>";

fn asked(service: &str, node: &str, text: &str) -> Ruling<Admission> {
    register(&mut policy(None), registration(service, node, 0), text)
}

fn told(ruling: Ruling<Admission>) -> String {
    match ruling.verdict {
        Admission::Refuse(bounce) => bounce.text,
        Admission::Allow => panic!("allowed"),
    }
}

#[test]
fn addresses_that_are_none() {
    let (long_user, long_domain) = (format!("{}@push.x", "u".repeat(1_024)), format!("{}.x", "d".repeat(1_022)));
    let long_resource = format!("push.x/{}", "r".repeat(1_024));
    for service in [
        "",
        " ",
        "/",
        "@",
        "@push.x",
        "push.x/",
        "push.x@",
        "a@b@push.x",
        "push x",
        "push.x\n",
        "push.x\u{0}",
        "push.x/\u{7}",
        "push\u{200b}.x",
        "push.x.",
        ".push.x",
        "push..x",
        "*.x",
        "push.x:5269",
        "PUSH.x",
        "Pusher@push.x",
        "pusch.\u{d6}",
        "xmpp:push.x",
        "<push.x>",
        "push.x\"",
        "a b@push.x",
        &long_user,
        &long_domain,
        &long_resource,
        &"x".repeat(1_000_000),
    ] {
        assert_eq!(asked(service, "phone", REQUEST).reason, "address", "{service:.80}");
    }
    for service in ["push.x", "push.x/Any thing", "push.x/a@b/c"] {
        assert_eq!(asked(service, "phone", REQUEST).reason, "trusted", "{service}");
    }
}

#[test]
fn an_address_is_repeated_in_part() {
    let long = format!("{}.org", "ж".repeat(400));
    let text = told(asked(&long, "phone", REQUEST));
    assert!(text.len() < 300 && text.contains("жж…”"), "{text}");
    assert!(told(asked("push.evil.org", "phone", REQUEST)).contains("“push.evil.org”"));
}

/// What is small as a tree and large as XML is large: it is sent as XML.
#[test]
fn where_bytes_can_hide() {
    let wide = "n".repeat(200_000);
    let quotes = "'".repeat(3_000);
    let request = |attributes: &str, inside: &str| {
        format!(
            "<iq type='set' id='1'{attributes}><enable xmlns='urn:xmpp:push:0' jid='push.x' node='phone'>\
             <x xmlns='jabber:x:data' type='submit'>{inside}</x></enable></iq>"
        )
    };
    for text in [
        request("", &format!("<a xmlns='{wide}'/>")),
        request("", &format!("<field var=\"{quotes}\"/>")),
        request("", &format!("<field><value>{}</value></field>", "&lt;".repeat(3_000))),
        request(&format!(" xml:lang='{wide}'"), ""),
    ] {
        assert_eq!(asked("push.x", "phone", &text).reason, "too-large", "{text:.300}");
    }
    let usual = "<field var='FORM_TYPE'><value>http://jabber.org/protocol/pubsub#publish-options</value></field>";
    assert_eq!(asked("push.x", "phone", &request(" xml:lang='de-CH'", &usual.repeat(10))).reason, "trusted");
}

/// A request with so many bytes in one place.
fn large(options: usize, rules: usize) -> String {
    let form = format!("<x xmlns='jabber:x:data' type='submit'><field var='{}'/></x>", "o".repeat(options));
    let rule = format!("<match profile='{}'/>", "r".repeat(rules));
    format!(
        "<iq type='set' id='1'><enable xmlns='urn:xmpp:push2:0'><service>push.x</service>{form}{rule}</enable></iq>"
    )
}

#[test]
fn sizes_have_an_end() {
    for (node, options, rules, expected) in [
        (1_024, 0, 0, "trusted"),
        (1_025, 0, 0, "too-large"),
        (0, 3_900, 0, "trusted"),
        (0, 4_100, 0, "too-large"),
        (0, 0, 15_000, "trusted"),
        (0, 0, 16_400, "too-large"),
        (200_000, 200_000, 100_000, "too-large"),
    ] {
        let ruling = asked("push.x", &"n".repeat(node), &large(options, rules));
        assert_eq!(ruling.reason, expected, "{node} {options} {rules}");
    }
    let many = format!("<iq type='set' id='1'><enable xmlns='urn:xmpp:push:0'>{}</enable></iq>", "<a/>".repeat(4_000));
    assert_eq!(asked("push.x", "phone", &many).reason, "too-large");
}

#[test]
fn texts_are_short_and_in_the_language_of_the_request() {
    let requests = [
        (REQUEST, "push.x", 5, ["no more", "mehr dürfen", "no puede haber más", "ne peut y en avoir plus"]),
        (REQUEST, "evil.x", 0, ["trusts", "vertraut", "confía", "fait confiance"]),
        (REQUEST, "", 0, ["valid address", "gültige Adresse", "dirección válida", "adresse valide"]),
        ("<iq/>", "push.x", 0, ["specification", "Spezifikation", "especificación", "spécification"]),
    ];
    for (request, service, others, parts) in requests {
        for (language, part) in ["en", "de-AT", "es", "fr"].into_iter().zip(parts) {
            let request = request.replacen("<iq", &format!("<iq xml:lang='{language}'"), 1);
            let text = told(register(&mut policy(None), registration(service, "phone", others), &request));
            assert!(text.contains(part) && text.len() < 400 && !text.contains('{'), "{language}: {text}");
        }
    }
    let text = told(register(&mut policy(Some(&json!({}))), registration("push.x", "phone", 0), REQUEST));
    assert!(text.starts_with("This server sends notifications through no service."), "{text}");
    let five = told(register(&mut policy(None), registration("push.x", "phone", 9), REQUEST));
    assert!(five.contains("for 5 devices"), "{five}");
}

/// Nothing that somebody adds makes more of a stanza that is no occasion, or tells a service more.
#[test]
fn whatever_stands_beside() {
    for addition in [
        "<store xmlns='urn:xmpp:hints'/>",
        "<x xmlns='urn:x'><body xmlns='jabber:client'>Lunch?</body></x>",
        "<encrypted xmlns='tigase:push:encrypt:0'>x</encrypted>",
        "<priority xmlns='tigase:push:priority:0'>high</priority>",
        "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>",
        "<notification xmlns='urn:xmpp:push:0'/>",
    ] {
        for case in cases() {
            let Some(at) = case.xml.rfind("</message>") else { continue };
            let xml = format!("{}{addition}{}", &case.xml[..at], &case.xml[at..]);
            let found = notify(&mut policy(case.settings.as_ref()), &common::Case { xml, ..case.clone() });
            assert_eq!(found, (case.verdict, case.reason), "{}: {addition}", case.id);
        }
    }
}

/// However it is written.
#[test]
fn spelling_changes_nothing() {
    let spellings: [fn(&str) -> String; 3] = [
        |text| text.replacen("<message", "<message xmlns='jabber:server'", 1),
        |text| text.replace("<body>", "<p:body xmlns:p='jabber:client'>").replace("</body>", "</p:body>"),
        |text| text.replace("<body>Lunch?", "<body><![CDATA[Lunch]]>&#63;"),
    ];
    for spelling in spellings {
        for case in cases().into_iter().filter(|case| !case.xml.contains("<body xml")) {
            let xml = spelling(&case.xml);
            let found = notify(&mut policy(case.settings.as_ref()), &common::Case { xml, ..case.clone() });
            assert_eq!(found, (case.verdict, case.reason), "{}", case.id);
        }
    }
}

/// With every setting, on every case: never what the server would send, and nobody who is awake.
#[test]
fn no_setting_sends_a_message() {
    let mut notified = 0;
    for text in [true, false] {
        for rooms in ["all", "mentions", "none"] {
            let settings = json!({"services": ["push.x"], "text": text, "rooms": rooms});
            for case in cases() {
                let (verdict, reason) = notify(&mut policy(Some(&settings)), &case);
                assert!(!verdict.starts_with("send"), "{}", case.id);
                assert!(text || !verdict.starts_with("announce"), "{}", case.id);
                assert!(case.device != "awake" || reason == "awake", "{}", case.id);
                notified += usize::from(verdict != "suppress");
            }
        }
    }
    assert!(notified > 200, "{notified}");
}
