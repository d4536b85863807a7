//! What a message of a stranger is: something to read, ciphertext, or no more than housekeeping of software.

use prosody_policy::Element;
use prosody_policy::edits::Edit;
use recognition::Scheme;
use recognition::outside::{self, Context, Judgement};

/// What it is. The edits take out what is readable beside it.
#[derive(Debug, PartialEq, Eq)]
pub enum Kind {
    /// It says nothing: a receipt, somebody is typing, a call that rings.
    Quiet,
    /// Keys for what is end-to-end encrypted, and no text. Clients answer keys with keys by themselves.
    Keys(Vec<Edit>),
    /// OTR. From outside, words look like the key exchange and the signs of life that clients send by themselves.
    Otr(Vec<Edit>),
    /// End-to-end encrypted.
    Unreadable(Vec<Edit>),
    /// Anything else.
    Readable,
}

impl Kind {
    /// What this message is. Not as one that comes from a server: an invitation is something to read.
    pub fn of(message: Element<'_>) -> Self {
        let context = Context::default();
        let reading = outside::read(message, &context);
        let (scheme, is_key_transport) = (reading.scheme(), reading.is_key_transport());
        match reading.judgement() {
            Judgement::Refuse(_) => Self::Readable,
            Judgement::Pass("otr-query", edits) => Self::Otr(edits),
            Judgement::Pass(_, edits) => match scheme {
                Some(Scheme::Otr) => Self::Otr(edits),
                None if is_key_transport => Self::Keys(edits),
                None if edits.is_empty() => Self::Quiet,
                _ => Self::Unreadable(edits),
            },
        }
    }
}
