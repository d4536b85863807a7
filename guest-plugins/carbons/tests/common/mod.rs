//! Cases as rows: a message and its way, who gets a copy of it, and why.

#![allow(dead_code, reason = "each test takes what it needs")]

use carbons::Carbons;
use prosody_policy::testing;
use prosody_policy::{Carbon, Direction, Passage, Ruling};
use serde::Deserialize;

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

/// The cases of this policy.
pub fn cases() -> Vec<Case> {
    golden::rows("carbons", "cases")
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
