//! Every rule, by example.

mod common;

use common::{Case, Request, cases, notify, policy, register, registration, requests};
use prosody_policy::{Admission, Bounce, ErrorCondition, ErrorType};

#[test]
fn every_occasion() {
    let wrong: Vec<String> = cases().iter().filter_map(difference).collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn difference(case: &Case) -> Option<String> {
    let (verdict, reason) = notify(&mut policy(case.settings.as_ref()), case);
    let met = (&verdict, &reason) == (&case.verdict, &case.reason);
    (!met).then(|| format!("{}: {verdict}, {reason}", case.id))
}

/// What somebody wrote is worth a notification, whatever it was written with.
#[test]
fn real_clients() {
    let usual = cases().into_iter().find(|case| case.id == "body").expect("a case");
    for capture in golden::captures() {
        let case = Case { xml: capture.xml.replace(" type='groupchat'", " type='chat'"), ..usual.clone() };
        let (_, reason) = notify(&mut policy(None), &case);
        let expected = match capture.label.as_str() {
            "no-body" => "no-text",
            "omemo1-keytransport" => "key-transport",
            "plain" | "plain-otr-whitespace-tag" | "otr-query" => "message",
            _ => "encrypted",
        };
        assert_eq!(reason, expected, "{} ({}): {:.300}", capture.id, capture.label, capture.xml);
    }
}

#[test]
fn every_request() {
    for request in requests() {
        let Request { id, settings, service, node, others, xml, verdict, reason } = request;
        let ruling = register(&mut policy(settings.as_ref()), registration(&service, &node, others), &xml);
        assert_eq!((word(&ruling.verdict), ruling.reason), (verdict, reason), "{id}");
    }
}

fn word(verdict: &Admission) -> String {
    let Admission::Refuse(Bounce { error_type, condition, .. }) = verdict else { return "allow".into() };
    let error_type = match error_type {
        ErrorType::Cancel => "cancel",
        ErrorType::Modify => "modify",
        ErrorType::Wait => "wait",
        other => panic!("{other:?}"),
    };
    let condition = match condition {
        ErrorCondition::BadRequest => "bad-request",
        ErrorCondition::NotAllowed => "not-allowed",
        ErrorCondition::ResourceConstraint => "resource-constraint",
        other => panic!("{other:?}"),
    };
    format!("{error_type} {condition}")
}
