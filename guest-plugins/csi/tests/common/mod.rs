//! Cases as rows: a stanza for an inactive client, what is known of it, when it is delivered, and why.

#![allow(dead_code, reason = "each test takes what it needs")]

use csi::Csi;
use prosody_policy::roster::Subscription;
use prosody_policy::testing;
use prosody_policy::{Deliver, Delivery, Direction, Party, Passage, Ruling, StanzaKind};
use serde::{Deserialize, Deserializer};

#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub dir: String,
    /// In rooms it is "me", unless it is said to be nothing.
    #[serde(default, deserialize_with = "said")]
    pub nickname: Option<Option<String>>,
    pub source: Option<String>,
    pub subscription: Option<String>,
    #[serde(default = "no_settings")]
    pub settings: serde_json::Value,
    pub xml: String,
    pub verdict: String,
    pub reason: String,
    pub key: Option<String>,
}

fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

fn no_settings() -> serde_json::Value {
    serde_json::json!({})
}

impl Case {
    pub fn delivery(&self) -> Delivery {
        let kind = if self.dir.contains("pres") { StanzaKind::Presence } else { StanzaKind::Message };
        let is_room = self.dir.ends_with("muc");
        let source = match self.source.as_deref() {
            Some("remote") => Party::Remote,
            None if is_room => Party::Room,
            None => Party::User,
            Some(other) => panic!("no such source: {other}"),
        };
        let passage = Passage { kind, direction: Direction::Incoming, source, destination: Party::User };
        let nickname = self.nickname.clone().unwrap_or_else(|| is_room.then(|| "me".into()));
        Delivery { passage, nickname }
    }

    /// What becomes of this stanza in the place of its own.
    pub fn ruling(&self, text: &str) -> Ruling<Deliver> {
        let mut policy = testing::configure::<Csi>(&self.settings.to_string()).expect("settings");
        testing::set_subscription(self.subscription.as_deref().map(subscription));
        let outcome = testing::deliver(&mut policy, self.delivery(), text);
        assert!(outcome.edits.is_empty() && outcome.lines.is_empty(), "{text}");
        outcome.decision
    }
}

fn subscription(word: &str) -> Subscription {
    match word {
        "none" => Subscription::None,
        "from" => Subscription::From,
        "to" => Subscription::To,
        "both" => Subscription::Both,
        other => panic!("no such subscription: {other}"),
    }
}

/// The cases of this policy.
pub fn cases() -> Vec<Case> {
    golden::rows("csi", "cases")
}

/// A message for a device of `bob@x`, without settings and without a room.
pub fn plain(text: &str) -> Ruling<Deliver> {
    let case = serde_json::json!({"id": "", "dir": "delivery", "xml": "", "verdict": "", "reason": ""});
    serde_json::from_value::<Case>(case).expect("a case").ruling(text)
}

pub fn word(verdict: &Deliver) -> &'static str {
    match verdict {
        Deliver::Deliver => "deliver",
        Deliver::Hold => "hold",
        Deliver::ReplaceOlder(_) => "newest",
        Deliver::Discard => "discard",
    }
}

pub fn key(verdict: &Deliver) -> Option<&str> {
    match verdict {
        Deliver::ReplaceOlder(key) => Some(key),
        _ => None,
    }
}
