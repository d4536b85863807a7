//! Cases as rows: a room as somebody wants it, what it becomes, and why.

#![allow(dead_code, reason = "each test takes what it needs")]

mod form;

use prosody_policy::testing::{self, Outcome};
use prosody_policy::{Occasion, Room, Ruling, Settle};
use rooms::Rooms;
use serde::Deserialize;
use serde_json::Value;

pub use form::form;

#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    #[serde(default = "no_settings")]
    pub settings: Value,
    #[serde(default = "address")]
    pub address: String,
    pub occasion: String,
    /// What is wanted, as in `form`.
    pub wanted: String,
    /// What it becomes; left out if that is what is wanted.
    pub becomes: Option<String>,
    pub verdict: String,
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Reader {
    pub id: String,
    #[serde(default = "no_settings")]
    pub settings: Value,
    pub shares: bool,
    pub verdict: String,
    pub reason: String,
}

fn no_settings() -> Value {
    serde_json::json!({})
}

fn address() -> String {
    "room@rooms.x".into()
}

/// The rooms.
pub fn cases() -> Vec<Case> {
    golden::rows("rooms", "cases")
}

/// The readers of keys.
pub fn readers() -> Vec<Reader> {
    golden::rows("rooms", "readers")
}

/// What a policy with these settings says of a configuration.
pub fn settle(settings: &str, address: &str, occasion: &str, xml: &str) -> Outcome<Ruling<Settle>> {
    let occasion = match occasion {
        "created" => Occasion::Created,
        "changed" => Occasion::Changed,
        "found" => Occasion::Found,
        other => panic!("no such occasion: {other}"),
    };
    let mut policy = testing::configure::<Rooms>(settings).expect("settings");
    testing::settle(&mut policy, Room { address: address.into(), occasion, actor: Some("a@x".into()) }, xml)
}
