//! What the policy is to be shown, and which facts it needs.

mod common;

use common::policy;
use prosody_policy::{Circumstance, Direction, Exempts, Fact, MessagePolicy, Needs, StanzaKind};
use serde_json::{Value, json};

fn wants(rules: &str) -> String {
    let policy = policy(rules, &Value::Null).expect("sound rules");
    let want = |want: prosody_policy::Want| {
        let kind = match want.kind {
            StanzaKind::Message => "m",
            StanzaKind::Presence => "p",
            StanzaKind::Iq => "i",
        };
        let direction = match want.direction {
            None => "both",
            Some(Direction::Incoming) => "in",
            Some(Direction::Outgoing) => "out",
        };
        [kind, direction, &want.namespaces.join(",")].join(" ").trim().to_owned()
    };
    policy.wants().into_iter().map(want).collect::<Vec<_>>().join("; ")
}

#[test]
fn wanted() {
    let iq = "KIND: iq\nPAYLOAD: urn:x\nDROP.";
    for (rules, expected) in [
        ("DROP.", "m in; p in; i in"),
        ("PASS.", ""),
        ("KIND: message\nDROP.", "m in"),
        ("NOT KIND: message\nDROP.", "p in; i in"),
        ("KIND: message\nKIND: iq\nDROP.", ""),
        ("::preroute\nKIND: message\nDROP.", "m out"),
        ("::deliver_remote\nKIND: message\nDROP.", "m out"),
        ("KIND: message\nDROP.\n\n::preroute\nKIND: message\nDROP.", "m both"),
        ("KIND: message\nDROP.\n\n::preroute\nKIND: iq\nDROP.", "m in; i out"),
        (iq, "i in urn:x"),
        (
            &format!("{iq}\n\nKIND: iq\nINSPECT: {{urn:y}}y@z=1\nDROP.\n\nKIND: message\nDROP."),
            "m in; i in urn:x,urn:y",
        ),
        (&format!("{iq}\n\n::preroute\nKIND: iq\nPAYLOAD: urn:y\nLOG=x"), "i both urn:x,urn:y"),
        (&format!("{iq}\n\nKIND: iq\nTYPE: set\nDROP."), "i in"),
        ("KIND: iq\nNOT PAYLOAD: urn:x\nDROP.", "i in"),
        ("KIND: iq\nINSPECT: {urn:x}x#~=.*\nDROP.", "i in"),
        ("KIND: iq\nINSPECT: {urn:x}x#/=y\nDROP.", "i in urn:x"),
        ("KIND: iq\nINSPECT: {urn:x}x#/=\nDROP.", "i in"),
        ("KIND: iq\nINSPECT: {urn:x}x#$/=$<@to>\nDROP.", "i in"),
        ("KIND: iq\nINSPECT: x\nDROP.", "i in"),
        ("KIND: message\nJUMP CHAIN=user/none", ""),
        ("KIND: message\nJUMP CHAIN=user/a\n\n::user/a\nPAYLOAD: urn:x\nDROP.", "m in urn:x"),
        ("PAYLOAD: urn:y\nKIND: message\nJUMP CHAIN=user/a\n\n::user/a\nDROP.", "m in urn:y"),
        (
            "JUMP CHAIN=user/a\n\n::user/a\nKIND: message\nPASS.\n\nKIND: iq\nJUMP CHAIN=user/b\n\n::user/b\nMARK USER=x",
            "i in",
        ),
        ("KIND: message\nPASS.\nLOG=x", "m in"),
        ("%RATE r: 1\n\nKIND: iq\nLIMIT: r\nPASS.", "i in"),
        ("%RATE r: 1\n\nKIND: iq\nLIMIT: r\nDROP.\n\nKIND: message\nLIMIT: r\nDROP.", "m in; p in; i in"),
        // What stands behind a limit narrows nothing: others use it up, too.
        ("%RATE r: 1\n\nLIMIT: r\nKIND: iq\nDROP.", "m in; p in; i in"),
        ("%RATE r: 1\n\nKIND: iq\nLIMIT: r\nPAYLOAD: urn:x\nDROP.", "i in"),
        ("%RATE r: 1\n\nKIND: iq\nPAYLOAD: urn:x\nLIMIT: r\nDROP.", "i in urn:x"),
        ("FROM FULL JID?\nDROP.", ""),
        ("KIND: iq\nNOT FROM FULL JID?\nDROP.", "i in"),
    ] {
        assert_eq!(wants(rules), expected, "{rules}");
    }
    let many = |number| (0..number).map(|n| format!("KIND: iq\nPAYLOAD: urn:{n:03}\nDROP.\n\n")).collect::<String>();
    assert_eq!((wants(&many(64)).matches("urn").count(), wants(&many(65))), (64, "i in".into()));
    assert_eq!(wants(&format!("KIND: iq\nPAYLOAD: {}\nDROP.", "u".repeat(257))), "i in");
}

#[test]
fn needed() {
    let needed = |rules: &str| policy(rules, &Value::Null).unwrap().needed();
    assert_eq!(needed("FROM: a@b\nDROP."), []);
    assert_eq!(needed("SUBSCRIBED?\nDROP.\n\nNOT IN ROSTER?\nDROP."), [Fact::Standing]);
    assert_eq!(needed("::deliver_remote\nSUBSCRIBED?\nDROP."), [Fact::Standing, Fact::Roster]);
    assert_eq!(needed("::user/a\nTO FULL JID?\nDROP."), [Fact::Standing]);
    assert_eq!(needed("FROM ADMIN?\nDROP.\n\nTO ROLE: x\nDROP."), [Fact::Roles]);
}

/// The geoloc rule that is shipped, and what else users publish.
#[test]
fn geoloc() {
    let text = include_str!("../rules/geoloc.pfw");
    let settings = json!({ "files": [{ "name": "geoloc.pfw", "text": text }] });
    let mut policy = policy("", &settings).unwrap();
    assert_eq!(policy.wants().len(), 1);
    assert_eq!(policy.wants()[0].namespaces, ["http://jabber.org/protocol/pubsub"]);
    let geoloc = "<geoloc xmlns='http://jabber.org/protocol/geoloc'><lat>1</lat></geoloc>";
    let tune = "<tune xmlns='http://jabber.org/protocol/tune'/>";
    for (kind, to, node, item, refused) in [
        ("set", "", "http://jabber.org/protocol/geoloc", geoloc, true),
        ("set", "", "http://jabber.org/protocol/geoloc", "", true),
        ("set", "", "http://jabber.org/protocol/tune", geoloc, true),
        ("set", "", "mine", &format!("{tune}{geoloc}"), true),
        ("set", "to='pubsub.x'", "mine", geoloc, true),
        ("set", "", "http://jabber.org/protocol/tune", tune, false),
        ("result", "", "http://jabber.org/protocol/geoloc", geoloc, false),
    ] {
        let xml = format!(
            "<iq type='{kind}' id='1' from='a@x/r' {to}><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish \
             node='{node}'><item id='current'>{item}</item></publish></pubsub></iq>"
        );
        let outcome = prosody_policy::testing::decide(&mut policy, common::passage("out user", &xml), &xml);
        let expected = "bounce PolicyViolation Modify Locations are not published by this server.";
        assert_eq!(common::told(&outcome), [if refused { expected } else { "pass" }], "{xml}");
    }
}

fn exempt(rules: &str) -> String {
    let policy = policy(rules, &Value::Null).expect("sound rules");
    let word = |exemption: prosody_policy::Exemption| {
        let circumstance = match exemption.circumstances[..] {
            [Circumstance::ToClient] => "client",
            [Circumstance::FromContact] => "contact",
            ref others => panic!("{others:?}"),
        };
        format!("{:?} {circumstance}", exemption.kind).to_lowercase()
    };
    policy.exempt().into_iter().map(word).collect::<Vec<_>>().join("; ")
}

const ALL: &str = "message client; message contact; presence client; presence contact; iq client; iq contact";
const CONTACTS: &str = "message contact; presence contact; iq contact";

/// Whatever depends on more than the circumstance, takes work or does something has to be asked about.
#[test]
fn exempt_from_being_asked() {
    for (rules, expected) in [
        ("PASS.", ALL),
        ("DROP.", ""),
        ("LOG=x\nPASS.", ""),
        ("SUBSCRIBED?\nPASS.\n\nDROP.", CONTACTS),
        ("NOT SUBSCRIBED?\nDROP.", CONTACTS),
        ("TO FULL JID?\nPASS.\n\nSUBSCRIBED?\nPASS.\n\nDROP.", ALL),
        ("SUBSCRIBED?\nKIND: message\nPASS.\n\nDROP.", "message contact"),
        ("KIND: message\nSUBSCRIBED?\nRETURN.\n\nDROP.", "message contact"),
        ("SUBSCRIBED?\nTYPE: chat\nPASS.\n\nDROP.", ""),
        ("SUBSCRIBED?\nLOG=x\nPASS.\n\nDROP.", ""),
        ("TO SELF?\nPASS.\n\nPENDING SUBSCRIPTION FROM SENDER?\nPASS.\n\nSUBSCRIBED?\nPASS.\n\nDROP.", CONTACTS),
        ("FROM: <*>@x\nPASS.\n\nSUBSCRIBED?\nPASS.\n\nDROP.", ""),
        ("INSPECT: body#=x\nPASS.\n\nSUBSCRIBED?\nPASS.\n\nDROP.", ""),
        ("SUBSCRIBED?\nPASS.\n\nINSPECT: body#=x\nDROP.", CONTACTS),
        ("%RATE r: 1\n\nSUBSCRIBED?\nLIMIT: r\nDROP.", ""),
        ("%RATE r: 1\n\nSUBSCRIBED?\nPASS.\n\nLIMIT: r\nDROP.", CONTACTS),
        // A limit that several rules have is counted before the first of them.
        ("%RATE r: 1\n\nKIND: iq\nLIMIT: r\nDROP.\n\nSUBSCRIBED?\nPASS.\n\nLIMIT: r\nDROP.", ""),
        ("JUMP CHAIN=user/a\nDROP.\n\n::user/a\nSUBSCRIBED?\nPASS.", CONTACTS),
        ("JUMP CHAIN=user/a\nDROP.\n\n::user/a\nSUBSCRIBED?\nRETURN.", ""),
        (
            "KIND: iq\nJUMP CHAIN=user/a\n\nSUBSCRIBED?\nPASS.\n\nDROP.\n\n::user/a\nLOG=x",
            "message contact; presence contact",
        ),
        // What users send is always asked about.
        ("SUBSCRIBED?\nPASS.\n\nDROP.\n\n::preroute\nDROP.", CONTACTS),
    ] {
        assert_eq!(exempt(rules), expected, "{rules}");
    }
}
