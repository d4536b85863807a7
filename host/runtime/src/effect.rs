//! What a policy asks the server to do besides. Data, done by the shim after the decision.

use crate::bindings::LogLevel;

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
    /// A line for the log, already escaped and cut.
    Log {
        /// How important it is.
        level: LogLevel,
        /// The line.
        line: String,
    },
}

/// A party of the current stanza.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Who sent it.
    Sender,
    /// Whom it is for.
    Recipient,
}
