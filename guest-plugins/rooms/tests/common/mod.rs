//! Cases as rows: a room as somebody wants it, what it becomes, and why.

#![allow(dead_code, reason = "each test takes what it needs")]

use prosody_policy::testing::{self, Outcome};
use prosody_policy::{Occasion, Room, Ruling, Settle};
use rooms::Rooms;
use serde::Deserialize;
use serde_json::Value;

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

/// The fields of the form by one letter each, in upper case if they are on: [p]ublic, persisten[t], [m]embers only,
/// m[o]derated, change [s]ubject, [i]nvitations, [l]ogging, [w]hois anyone.
const FIELDS: &[(char, &str)] = &[
    ('p', "publicroom"),
    ('t', "persistentroom"),
    ('m', "membersonly"),
    ('o', "moderatedroom"),
    ('s', "changesubject"),
    ('i', "allowinvites"),
    ('l', "enablelogging"),
    ('w', "whois"),
];

/// The configuration as the host shows it.
pub fn form(letters: &str) -> String {
    let field = |(letter, name): &(char, &str)| {
        let is_on = letters.contains(letter.to_ascii_uppercase());
        let value = match (*name, is_on) {
            ("whois", true) => "anyone",
            ("whois", false) => "moderators",
            (_, true) => "1",
            (_, false) => "0",
        };
        format!("<field var='muc#roomconfig_{name}'><value>{value}</value></field>")
    };
    let fields: String =
        FIELDS.iter().filter(|(letter, _)| letters.to_lowercase().contains(*letter)).map(field).collect();
    format!(
        "<iq type='set' from='a@x/p' to='room@rooms.x'><query xmlns='http://jabber.org/protocol/muc#owner'>\
         <x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>\
         <value>http://jabber.org/protocol/muc#roomconfig</value></field>{fields}</x></query></iq>"
    )
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
