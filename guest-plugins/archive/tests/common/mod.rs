//! Cases as rows: a message and a place, what is to be kept of it, and why.

#![allow(dead_code, reason = "each test takes what it needs")]

use std::collections::BTreeMap;

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

#[derive(Deserialize)]
struct Sheet<C> {
    parts: BTreeMap<String, String>,
    cases: Vec<C>,
}

fn load<T: serde::de::DeserializeOwned>(path: &str) -> T {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(&path).expect(&path)).expect(&path)
}

/// The cases of this folder, with `{parts}` put in; ciphertext is that of the cases of `e2ee`.
pub fn cases() -> Vec<Case> {
    let ciphertext: Sheet<serde::de::IgnoredAny> = load("../e2ee/tests/cases.json");
    let sheet: Sheet<Case> = load("tests/cases.json");
    let parts: Vec<(String, String)> = ciphertext.parts.into_iter().chain(sheet.parts).collect();
    let fill = |text: &str| {
        parts.iter().fold(text.to_owned(), |text, (name, part)| text.replace(&format!("{{{name}}}"), part))
    };
    let filled = |case: Case| Case { xml: fill(&case.xml), stored: case.stored.as_deref().map(fill), ..case };
    sheet.cases.into_iter().map(filled).collect()
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
