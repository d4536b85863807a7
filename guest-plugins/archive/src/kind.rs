//! What a message is, to somebody who keeps it.

use prosody_policy::{Element, STREAM_NAMESPACE};
use recognition::outside::Reading;
use recognition::{Scheme, otr};

/// What a message is, to somebody who keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Ciphertext that whoever has the keys can read later.
    Encrypted(Scheme),
    /// Keys for the devices of the other side.
    Keys,
    /// OTR, which nobody can read later.
    Otr,
    /// A text, or nothing to read at all.
    Other,
}

impl Kind {
    /// The kind of a message that was read.
    pub fn of(root: Element<'_>, reading: &Reading<'_>) -> Self {
        match reading.scheme() {
            Some(Scheme::Otr) => Self::Otr,
            Some(scheme) => Self::Encrypted(scheme),
            None if reading.is_key_transport() => Self::Keys,
            // A query, an error, a mangled message. A text with an offer of OTR in white space is a text.
            None if bodies(root).any(|body| otr::read(&body.text()).is_some()) => Self::Otr,
            None => Self::Other,
        }
    }
}

/// Has it a body or a subject with anything inside?
pub fn says_something(root: Element<'_>) -> bool {
    let texts =
        root.child_elements().filter(|child| ["body", "subject"].iter().any(|name| child.is(name, STREAM_NAMESPACE)));
    texts.into_iter().any(|text| text.children().next().is_some())
}

fn bodies(root: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    root.child_elements().filter(|child| child.is("body", STREAM_NAMESPACE))
}
