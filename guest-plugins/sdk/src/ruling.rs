//! What a policy answers about keeping and copying messages.

use crate::{Bounce, ErrorCondition, ErrorType, Passage};

/// A verdict with its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling<V> {
    /// What is to happen: [`Keep`] or [`Carbon`].
    pub verdict: V,
    /// Why, as a short word of `a-z 0-9 -` for logs and replays.
    pub reason: String,
}

impl<V> Ruling<V> {
    /// A verdict with its reason.
    pub fn new(verdict: V, reason: &str) -> Self {
        Self { verdict, reason: reason.into() }
    }
}

/// Where a message is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The archive of a user: of the sender if the passage is outgoing, else of the recipient.
    Archive,
    /// The history of a room and its archive.
    Room,
    /// The messages of a user who is offline.
    Offline,
}

/// A message that is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Keeping {
    /// Where.
    pub place: Place,
    /// Its road.
    pub passage: Passage,
    /// Has the user asked for it, or the operator for those who said nothing? True outside [`Place::Archive`].
    pub is_wanted: bool,
}

/// What is to be kept of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Keep it if the server would, with the [edits](crate::edits) that were asked for.
    Keep,
    /// Keep it in memory only, for somebody who is offline; elsewhere do not keep it.
    Memory,
    /// Do not keep it, and tell nobody.
    Skip,
    /// Do not keep it; tell a sender who wrote to somebody who is offline.
    Refuse(Bounce),
}

impl Keep {
    /// Do not keep it; the sender is told to change it, with `policy-violation` and this text.
    pub fn refuse(text: impl Into<String>) -> Self {
        Self::Refuse(Bounce {
            error_type: ErrorType::Modify,
            condition: ErrorCondition::PolicyViolation,
            text: text.into(),
        })
    }
}

/// Who gets a copy of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carbon {
    /// All devices that the server would send one.
    Copy,
    /// Of these, only devices that publish OMEMO keys.
    CopyToEncrypting,
    /// Nobody.
    Skip,
}
