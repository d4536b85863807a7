//! What a policy asks the server to do besides. Data, done by the shim after the decision.

use std::sync::Arc;

use prosody_stanza::edit::Edit;

use crate::bindings::LogLevel;
use crate::failure::Failure;
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
    /// A copy of the stanza goes to another address.
    Copy {
        /// Whither.
        to: String,
        /// The edits to make in the copy, in rounds: of those that were asked before, and what this policy asked for so far.
        edits: Vec<Vec<Edit>>,
    },
    /// The stanza goes to another address, inside of a message from the host.
    Forward {
        /// Whither.
        to: String,
        /// The edits to make in it, as in a copy.
        edits: Vec<Vec<Edit>>,
        /// Why it is reported, if it is.
        report: Option<Report>,
    },
    /// A message to the sender in the name of the recipient.
    Answer {
        /// What it says.
        text: String,
    },
    /// The message waits.
    Hold {
        /// Under this key.
        key: String,
    },
    /// What waits under a key goes on.
    Release {
        /// The key.
        key: String,
    },
    /// What waits under a key is forgotten.
    Discard {
        /// The key.
        key: String,
    },
    /// A message to the operators.
    Tell {
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
    /// It failed. Not what it asked for, but what is told of it.
    Failed(Arc<Failed>),
    /// A line for the log, already escaped and cut.
    Log {
        /// How important it is.
        level: LogLevel,
        /// The line.
        line: String,
    },
}

/// Why a stanza is reported (XEP-0377).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The reason.
    pub reason: String,
    /// What to say besides; none when empty.
    pub text: String,
}

impl Effect {
    /// Does anybody notice it, now or later?
    pub fn is_noticed(&self) -> bool {
        !matches!(self, Self::Store { .. } | Self::Returned(_) | Self::Failed(_) | Self::Log { .. })
    }

    /// It was asked for by a policy that saw the stanza after these rounds of edits.
    pub fn asked_after(&mut self, rounds: &[Vec<Edit>]) {
        if let Self::Copy { edits, .. } | Self::Forward { edits, .. } = self {
            edits.splice(0..0, rounds.iter().cloned());
        }
    }

    /// Does it send somebody something about this stanza?
    pub fn is_sent(&self) -> bool {
        matches!(self, Self::Notify { .. } | Self::Copy { .. } | Self::Forward { .. } | Self::Answer { .. })
    }
}

/// A failure that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What it was.
    pub failure: Failure,
    /// At which hook, by its interface.
    pub hook: &'static str,
    /// How many were not told since the one before.
    pub left_out: u32,
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
