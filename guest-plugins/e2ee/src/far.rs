//! Who is at the other end of an IQ.

use prosody_policy::{Direction, Element, Party, Passage};

use crate::address;

/// Who gets to see an IQ, or whose word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Far {
    /// A server or a part of one, or the user's own account: itself the end of what it is told.
    Service,
    /// An account or a room, which a server answers for; or a room of this server that answers.
    Account,
    /// An account or a room elsewhere, whose answer a client gets to see.
    Elsewhere,
    /// A person's client.
    Person,
}

impl Far {
    /// Between the address on the user's side and the other one, where such a party is.
    ///
    /// An address without a resource is answered by a server (RFC 6121 §8.5.2): no person gets to see what goes
    /// there. What comes from one to a client is an answer, or else nothing that a server would say.
    pub fn of(root: Element<'_>, passage: Passage, near: &str, far: &str, party: Party) -> Self {
        let Some(other) = root.attribute(far) else { return Self::Service };
        let own = root.attribute(near).is_some_and(|near| address::bare(near) == other);
        let is_answer = matches!(root.attribute("type"), Some("result" | "error"));
        let is_to_client = root.attribute("to").is_none_or(|to| to.contains('/'));
        if party == Party::Service || address::is_service(other) || own {
            Self::Service
        } else if !is_to_client {
            Self::Account
        } else if other.contains('/') || !is_answer || passage.direction == Direction::Outgoing {
            Self::Person
        } else if party == Party::Room {
            Self::Account
        } else {
            Self::Elsewhere
        }
    }
}
