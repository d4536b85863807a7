//! Every rule, by example.

mod common;

use common::{Case, Reader, cases, form, readers, settle};
use prosody_policy::{Access, Reading, Settle, testing};
use prosody_stanza::{Limits, xml};
use rooms::Rooms;

#[test]
fn every_room() {
    let wrong: Vec<String> = cases().iter().filter_map(difference).collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn difference(case: &Case) -> Option<String> {
    let outcome = settle(&case.settings.to_string(), &case.address, &case.occasion, &form(&case.wanted));
    let verdict = match outcome.decision.verdict {
        Settle::Exempt => "exempt",
        Settle::Allow => "allow",
        Settle::Refuse(_) => "refuse",
    };
    let becomes = form(case.becomes.as_ref().unwrap_or(&case.wanted));
    let becomes = xml::parse(&becomes, "jabber:client", &Limits::default()).expect("a form").to_xml();
    let met = (verdict, &outcome.decision.reason, &outcome.xml) == (case.verdict.as_str(), &case.reason, &becomes);
    (!met).then(|| format!("{}: {verdict}, {}, {}", case.id, outcome.decision.reason, outcome.xml))
}

#[test]
fn every_reader() {
    for Reader { id, settings, shares, verdict, reason } in readers() {
        let mut policy = testing::configure::<Rooms>(&settings.to_string()).expect("settings");
        let reading = Reading { owner: "b@x".into(), reader: "a@x".into(), is_sharing_room: shares };
        let ruling = testing::read(&mut policy, reading, "<iq type='get'/>").decision;
        let word = match ruling.verdict {
            Access::Open => "open",
            Access::AsConfigured => "as-configured",
            Access::Refuse => "refuse",
        };
        assert_eq!((word, ruling.reason), (verdict.as_str(), reason), "{id}");
    }
}

#[test]
fn the_owner_is_told_what_stays() {
    let outcome = settle(r#"{"change":"refuse"}"#, "room@rooms.x", "changed", &form("PTMosIlw"));
    let Settle::Refuse(bounce) = outcome.decision.verdict else { panic!("{:?}", outcome.decision) };
    assert_eq!(
        bounce.text,
        "On this server rooms are ready for encryption, so this one stays: with addresses that all can see, not listed."
    );
}

/// What is no form as the host shows it is left alone, and nothing fails.
#[test]
fn what_is_no_form() {
    let deep = format!("<iq>{}{}</iq>", "<x xmlns='jabber:x:data'>".repeat(60), "</x>".repeat(60));
    for text in [
        "<iq/>",
        "<iq><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>",
        "<iq><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>",
        "<iq><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data'><field/>\
         <field var='muc#roomconfig_whois'/></x></query></iq>",
        &deep,
    ] {
        for occasion in ["created", "changed", "found"] {
            assert_eq!(settle("{}", "room@rooms.x", occasion, text).decision.reason, "in-line", "{text:.200}");
        }
    }
}
