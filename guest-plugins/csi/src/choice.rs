//! What an operator can choose for one kind of stanza, and the ruling that comes of it.

use prosody_policy::{Deliver, Ruling};

/// What is done with one kind of stanza; what is most in a hurry comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// It wakes the client.
    Deliver,
    /// It waits.
    Hold,
    /// It waits, in the place of an older one that it makes outdated.
    Newest,
    /// The client never gets it.
    Discard,
}

/// What is done with what people say in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InRoom {
    /// What mentions the user wakes him, and what is encrypted: nobody can say whom that mentions.
    Mentions,
    /// Everything wakes him.
    Deliver,
    /// Nothing does.
    Hold,
}

/// The longest key that the host takes (`wit/v0.1/hooks.wit`).
const LONGEST_KEY: usize = 4_096;

/// What makes two stanzas versions of the same thing: a word for what it is, whose it is, and which one. No address has a
/// line break in it, and what a sender writes comes last: he cannot name somebody else's.
pub fn key(what: &str, whose: &str, which: &str) -> String {
    [what, whose, which].join("\n")
}

impl Choice {
    /// The ruling.
    pub fn ruling(self, reason: &str, key: impl FnOnce() -> String) -> Ruling<Deliver> {
        match self {
            Self::Deliver => deliver(reason),
            Self::Hold => hold(reason),
            Self::Newest => newest(reason, key()),
            Self::Discard => Ruling::new(Deliver::Discard, reason),
        }
    }
}

/// At once.
pub fn deliver(reason: &str) -> Ruling<Deliver> {
    Ruling::new(Deliver::Deliver, reason)
}

/// Later.
pub fn hold(reason: &str) -> Ruling<Deliver> {
    Ruling::new(Deliver::Hold, reason)
}

/// Later, and only the newest. A key that is too long is nobody's: without one nothing gets lost.
fn newest(reason: &str, key: String) -> Ruling<Deliver> {
    match key.len() <= LONGEST_KEY {
        true => Ruling::new(Deliver::ReplaceOlder(key), reason),
        false => hold(reason),
    }
}
