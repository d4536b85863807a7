//! What a policy asks the server to do besides. Data, done by the shim after the decision.

use crate::bindings::LogLevel;
use crate::store::Undone;

/// One effect of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A message from the host to a party of the stanza.
    Notify {
        /// To whom.
        to: Recipient,
        /// What it says.
        text: String,
    },
    /// A write to the policy's store; `None` removes the key. Reads see it already.
    Store {
        /// The key.
        key: String,
        /// The value.
        value: Option<Vec<u8>>,
    },
    /// The chain went back to an earlier generation by itself.
    Returned(Return),
    /// A line for the log, already escaped and cut.
    Log {
        /// How important it is.
        level: LogLevel,
        /// The line.
        line: String,
    },
}

/// A generation that did not stand its trial, and is out of force again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// Did it decide for a share of the users only?
    pub is_canary: bool,
    /// Its identity.
    pub from: String,
    /// The identity of the generation that decides now.
    pub to: String,
    /// Why, as the end of a sentence.
    pub reason: String,
    /// The writes that were undone, for the disk.
    pub undone: Vec<Undone>,
}

/// A party of the current stanza.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Who sent it.
    Sender,
    /// Whom it is for.
    Recipient,
}
