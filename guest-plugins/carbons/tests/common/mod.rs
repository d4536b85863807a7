//! Cases as rows: a message and its way, who gets a copy of it, and why.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::collections::BTreeMap;

use carbons::Carbons;
use prosody_policy::testing;
use prosody_policy::{Carbon, Direction, Passage, Ruling};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub dir: String,
    #[serde(default = "no_settings")]
    pub settings: serde_json::Value,
    pub xml: String,
    pub verdict: String,
    pub reason: String,
}

fn no_settings() -> serde_json::Value {
    serde_json::json!({})
}

#[derive(Deserialize)]
struct Sheet<C> {
    parts: BTreeMap<String, String>,
    cases: Vec<C>,
}

fn load<T: DeserializeOwned>(path: &str) -> T {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).expect(&path)).expect(&path)
}

/// The cases of this folder, with `{parts}` put in; ciphertext is that of the cases of `e2ee`.
pub fn cases() -> Vec<Case> {
    let ciphertext: Sheet<IgnoredAny> = load("../e2ee/tests/cases.json");
    let sheet: Sheet<Case> = load("tests/cases.json");
    let parts: Vec<(String, String)> = ciphertext.parts.into_iter().chain(sheet.parts).collect();
    let fill = |mut case: Case| {
        for (name, part) in &parts {
            case.xml = case.xml.replace(&format!("{{{name}}}"), part);
        }
        case
    };
    sheet.cases.into_iter().map(fill).collect()
}

#[derive(Clone, Debug, Deserialize)]
pub struct Capture {
    pub id: String,
    pub label: String,
    pub xml: String,
}

/// What real clients sent.
pub fn captures() -> Vec<Capture> {
    load("../../tests/corpus/captures.json")
}

pub fn copy(settings: &str, dir: &str, text: &str) -> Ruling<Carbon> {
    let direction = match dir {
        "out" => Direction::Outgoing,
        "in" => Direction::Incoming,
        other => panic!("no such dir: {other}"),
    };
    let mut policy = testing::configure::<Carbons>(settings).expect("settings");
    let outcome = testing::copy(&mut policy, Passage { direction, ..Passage::outgoing() }, text);
    assert!(outcome.edits.is_empty(), "{text}");
    outcome.decision
}

pub fn word(verdict: Carbon) -> &'static str {
    match verdict {
        Carbon::Copy => "copy",
        Carbon::CopyToEncrypting => "copy-to-encrypting",
        Carbon::Skip => "skip",
    }
}
