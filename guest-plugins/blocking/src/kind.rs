//! What a message of a stranger is: something to read, ciphertext, or no more than housekeeping of software.

use prosody_policy::Element;
use prosody_policy::edits::Edit;
use recognition::outside::{self, Context, Judgement};

/// What it is.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// It says nothing: a receipt, somebody is typing, a call that rings.
    Quiet,
    /// End-to-end encrypted, after these edits, or what belongs to it: keys, the question of OTR.
    Unreadable(Vec<Edit>),
    /// Anything else.
    Readable,
}

impl Kind {
    /// What this message is. Not as one that comes from a server: an invitation is something to read.
    pub fn of(message: Element<'_>) -> Self {
        let context = Context::default();
        let reading = outside::read(message, &context);
        let says_something = reading.scheme().is_some() || reading.is_key_transport();
        match reading.judgement() {
            Judgement::Pass(reason, edits) if !says_something && edits.is_empty() && reason != "otr-query" => {
                Self::Quiet
            }
            Judgement::Pass(_, edits) => Self::Unreadable(edits),
            Judgement::Refuse(_) => Self::Readable,
        }
    }
}
