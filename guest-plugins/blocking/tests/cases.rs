//! Every rule, by example.

mod common;

use common::{Case, Request, ask, cases, change, policy, requests, word};
use prosody_policy::testing::{self, Effect};
use prosody_policy::{Admission, ErrorType};

#[test]
fn every_stanza() {
    let wrong: Vec<String> = cases().iter().filter_map(difference).collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn difference(case: &Case) -> Option<String> {
    let decision = ask(&mut policy(case.settings.as_ref()), case).decision;
    let met = (word(&decision.verdict), &decision.reason) == (case.verdict.as_str(), &case.reason);
    (!met).then(|| format!("{}: {}, {}", case.id, word(&decision.verdict), decision.reason))
}

#[test]
fn every_request() {
    for request in requests() {
        let Request { id, settings, blocked, xml, verdict, told } = request;
        let outcome = testing::change(&mut policy(settings.as_ref()), change("a@x", &xml, blocked), &xml);
        let found = match &outcome.decision.verdict {
            Admission::Allow => "allow".to_owned(),
            Admission::Refuse(bounce) => format!("{} {}", type_word(bounce.error_type), outcome.decision.reason),
        };
        assert_eq!(found, verdict, "{id}");
        let texts: Vec<_> = outcome.effects.iter().filter_map(text_of).collect();
        assert_eq!(texts, told.iter().map(String::as_str).collect::<Vec<_>>(), "{id}");
    }
}

fn text_of(effect: &Effect) -> Option<&str> {
    match effect {
        Effect::Tell(text) => Some(text),
        _ => None,
    }
}

fn type_word(error_type: ErrorType) -> &'static str {
    match error_type {
        ErrorType::Cancel => "cancel",
        ErrorType::Modify => "modify",
        ErrorType::Wait => "wait",
        other => panic!("{other:?}"),
    }
}

/// Ciphertext of real clients passes where strangers have to encrypt, and nothing else that says something does.
#[test]
fn real_clients() {
    for capture in golden::captures() {
        let mut case = cases().into_iter().find(|case| case.id == "stranger-omemo").expect("a case");
        case.xml = capture.xml.replace(" type='groupchat'", " type='chat'");
        let verdict = ask(&mut policy(case.settings.as_ref()), &case).decision.verdict;
        let is_readable = matches!(capture.label.as_str(), "plain" | "plain-otr-whitespace-tag");
        assert_eq!(word(&verdict), if is_readable { "bounce" } else { "pass" }, "{} ({})", capture.id, capture.label);
    }
}
