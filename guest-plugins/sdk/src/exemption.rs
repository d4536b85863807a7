//! Which stanzas a policy need not be asked about.

use crate::StanzaKind;

/// What the server sees of a stanza on its way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Circumstance {
    /// It is for the full address of a client of this server that is connected.
    ToClient,
    /// The recipient has the sender in his roster, with a subscription [`To`](crate::roster::Subscription::To) or
    /// [`Both`](crate::roster::Subscription::Both), or they are the same user.
    FromContact,
}

/// Stanzas of one kind, under circumstances that all have to be there; at least one.
///
/// ```
/// use prosody_policy::{Circumstance, Exemption, StanzaKind};
///
/// let from_contacts = Exemption { kind: StanzaKind::Message, circumstances: vec![Circumstance::FromContact] };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exemption {
    /// Messages, presence or IQs.
    pub kind: StanzaKind,
    /// All of them.
    pub circumstances: Vec<Circumstance>,
}
