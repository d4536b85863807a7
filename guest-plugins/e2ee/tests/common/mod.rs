//! Replays cases as `prosody-wasm replay` does: one stanza, one verdict.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::collections::BTreeMap;

use e2ee::EndToEnd;
use prosody_policy::testing::{self, Outcome};
use prosody_policy::{Direction, Party, Passage, StanzaKind, Verdict};
use prosody_stanza::{Limits, xml};
use serde::Deserialize;

/// Everything is judged.
pub const STRICT: &str = r#"{"direct":"mandatory","rooms":"mandatory","strict":true}"#;

#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub dir: String,
    pub xml: String,
    pub expect: String,
}

pub fn load(path: &str) -> Vec<Case> {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).expect(&path)).expect(&path)
}

#[derive(Deserialize)]
struct Sheet {
    parts: BTreeMap<String, String>,
    cases: Vec<Case>,
}

/// The cases of this folder, with `{parts}` put in: long ciphertext is written once.
pub fn cases() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases.json");
    let sheet: Sheet = serde_json::from_str(&std::fs::read_to_string(path).expect(path)).expect(path);
    let fill = |mut case: Case| {
        for (name, part) in &sheet.parts {
            case.xml = case.xml.replace(&format!("{{{name}}}"), part);
        }
        case
    };
    sheet.cases.into_iter().map(fill).collect()
}

pub fn passage(dir: &str) -> Passage {
    let outgoing = Passage::outgoing();
    let incoming = Passage { direction: Direction::Incoming, ..outgoing };
    match dir {
        "out" => outgoing,
        "out-s2s" => Passage { destination: Party::Remote, ..outgoing },
        "in" => incoming,
        "in-s2s" => Passage { source: Party::Remote, ..incoming },
        "in-comp" => Passage { source: Party::Component, ..incoming },
        "in-muc" => Passage { source: Party::Room, ..incoming },
        "iq" => Passage { kind: StanzaKind::Iq, ..outgoing },
        "iq-s2s" => Passage { source: Party::Remote, kind: StanzaKind::Iq, ..incoming },
        "iq-comp" => Passage { source: Party::Component, kind: StanzaKind::Iq, ..incoming },
        "iq-muc" => Passage { source: Party::Room, kind: StanzaKind::Iq, ..incoming },
        "pres" => Passage { kind: StanzaKind::Presence, ..outgoing },
        other => panic!("no such dir: {other}"),
    }
}

/// The verdict as replay prints it, the reason, and the stanza after edits.
pub fn replay(settings: &str, dir: &str, text: &str) -> (&'static str, String, String) {
    if let Err(excess) = xml::parse(text, "jabber:client", &Limits::default()) {
        return ("BLOCK", excess.reason().to_owned(), String::new());
    }
    let outcome = decide(settings, passage(dir), text);
    let verdict = match (&outcome.decision.verdict, outcome.edits.is_empty()) {
        (Verdict::Pass, true) => "ALLOW",
        (Verdict::Pass, false) => "STRIP",
        _ => "BLOCK",
    };
    (verdict, outcome.decision.reason, outcome.xml)
}

pub fn decide(settings: &str, passage: Passage, text: &str) -> Outcome {
    let mut policy = testing::configure::<EndToEnd>(settings).expect("settings");
    testing::decide(&mut policy, passage, text)
}

/// Replays every case; a stanza that was to be stripped may as well be blocked.
pub fn check(cases: &[Case], settings: &str) {
    let mut wrong = Vec::new();
    for Case { id, dir, xml, expect } in cases {
        let (verdict, reason, after) = replay(settings, dir, xml);
        let met = verdict == expect || (expect == "STRIP" && verdict == "BLOCK");
        let clean = verdict == "BLOCK" || !after.contains("SECRET");
        if !(met && clean && is_word(&reason)) {
            wrong.push(format!("{id} ({dir}): {verdict} instead of {expect}, {reason}\n  {xml:.400}\n  {after:.400}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn is_word(reason: &str) -> bool {
    (1..=40).contains(&reason.len())
        && reason.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
