//! What the shim knows about the moment, besides the stanza. A policy cannot ask for it while it runs.

use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::bindings::Subscription;

/// What the shim knows about the moment.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Seconds since 1970-01-01 UTC.
    pub now: u64,
    /// What the local user's roster says of the other party, if a policy may know.
    pub subscription: Option<Subscription>,
    /// What the user is called in the room from which the stanza comes.
    pub nickname: Option<String>,
    /// What the question is about.
    pub about: About,
    /// Who the two parties are to each other, as far as policies may know.
    pub parties: Parties,
}

/// Who the two parties are to each other and to the server.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parties {
    /// Is it for or from a room that a policy exempted?
    pub is_exempt: bool,
    /// Are they both in a room?
    pub is_shared: bool,
    /// Has the recipient blocked who is behind it?
    pub is_blocked: bool,
    /// Is the sender in the recipient's roster? With which subscription, from the recipient's side, and in which groups.
    pub entry: Option<RosterEntry>,
    /// Has the sender asked the recipient for a subscription?
    pub has_asked: bool,
    /// Is the recipient's full address that of a client that is connected?
    pub is_connected: bool,
    /// Has the recipient sent his presence to the sender in particular?
    pub is_greeted: bool,
    /// The sender's role on this host.
    pub sender_role: Option<String>,
    /// The recipient's.
    pub recipient_role: Option<String>,
}

/// A contact, as the roster has him.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterEntry {
    /// The subscription.
    #[serde(with = "words")]
    pub subscription: Subscription,
    /// His groups.
    pub groups: Vec<String>,
}

impl Parties {
    /// Replaces what people wrote.
    pub fn redact(&mut self, redacted: impl Fn(&str) -> String) {
        let groups = self.entry.iter_mut().flat_map(|entry| &mut entry.groups);
        groups.for_each(|group| *group = redacted(group));
    }
}

/// Subscriptions as they are written down.
pub mod words {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::bindings::Subscription;

    /// All of them.
    pub const SUBSCRIPTIONS: [(&str, Subscription); 4] = [
        ("none", Subscription::None),
        ("from", Subscription::From),
        ("to", Subscription::To),
        ("both", Subscription::Both),
    ];

    pub fn serialize<S: Serializer>(subscription: &Subscription, serializer: S) -> Result<S::Ok, S::Error> {
        let word = SUBSCRIPTIONS.iter().find(|(_, other)| other == subscription).map_or("none", |(word, _)| word);
        serializer.serialize_str(word)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Subscription, D::Error> {
        let word = String::deserialize(deserializer)?;
        let found = SUBSCRIPTIONS.iter().find(|(other, _)| *other == word).map(|(_, subscription)| *subscription);
        found.ok_or_else(|| D::Error::custom(format!("\"{word}\" is no subscription")))
    }
}
