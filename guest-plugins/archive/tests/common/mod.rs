//! Cases as rows: a message and a place, what is to be kept of it, and why.

#![allow(dead_code, reason = "each test takes what it needs")]

use archive::Archive;
use prosody_policy::testing::{self, Outcome};
use prosody_policy::{Direction, Keep, Keeping, Passage, Place, Ruling};
use prosody_stanza::{Limits, xml};
use serde::Deserialize;

#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub place: String,
    #[serde(default = "wanted")]
    pub wanted: bool,
    #[serde(default = "no_settings")]
    pub settings: serde_json::Value,
    pub xml: String,
    pub verdict: String,
    pub reason: String,
    /// What is kept, if it is.
    pub stored: Option<String>,
}

fn wanted() -> bool {
    true
}

fn no_settings() -> serde_json::Value {
    serde_json::json!({})
}

/// The cases of this policy.
pub fn cases() -> Vec<Case> {
    golden::rows("archive", "cases")
}

pub fn keeping(place: &str, is_wanted: bool) -> Keeping {
    let incoming = Passage { direction: Direction::Incoming, ..Passage::outgoing() };
    let (place, passage) = match place {
        "archive" => (Place::Archive, Passage::outgoing()),
        "archive-in" => (Place::Archive, incoming),
        "room" => (Place::Room, incoming),
        "offline" => (Place::Offline, incoming),
        "offline-out" => (Place::Offline, Passage::outgoing()),
        other => panic!("no such place: {other}"),
    };
    Keeping { place, passage, is_wanted }
}

pub fn keep(settings: &str, keeping: Keeping, text: &str) -> Outcome<Ruling<Keep>> {
    let mut policy = testing::configure::<Archive>(settings).expect("settings");
    testing::keep(&mut policy, keeping, text)
}

pub fn word(verdict: &Keep) -> &'static str {
    match verdict {
        Keep::Keep => "keep",
        Keep::Memory => "memory",
        Keep::Skip => "skip",
        Keep::Refuse(_) => "refuse",
    }
}

/// XML as it comes out, whatever the order of attributes.
pub fn normal(text: &str) -> String {
    xml::parse(text, "jabber:client", &Limits::default()).expect(text).to_xml()
}
