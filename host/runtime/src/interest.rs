//! Which stanzas are worth crossing from Lua for.

use std::collections::BTreeSet;

use prosody_stanza::{STREAM_NAMESPACE, Stanza};

use crate::bindings::{Direction, Passage, StanzaKind, Want};

/// What a chain wants of one kind of stanza in one direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Interest {
    /// Nothing.
    #[default]
    Nothing,
    /// Stanzas with a direct child in one of these namespaces.
    Payloads(BTreeSet<String>),
    /// Every stanza.
    All,
}

impl Interest {
    fn add(&mut self, namespaces: &[String]) {
        // A payload in the stream's namespace has no xmlns in Lua, so Lua could not look for it.
        if namespaces.is_empty() || namespaces.iter().any(|namespace| namespace == STREAM_NAMESPACE) {
            *self = Self::All;
        }
        if let Self::Nothing = self {
            *self = Self::Payloads(BTreeSet::new());
        }
        if let Self::Payloads(set) = self {
            set.extend(namespaces.iter().cloned());
        }
    }
}

/// What a chain wants of one kind of stanza.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interests {
    /// Of what local users send.
    pub outgoing: Interest,
    /// Of what arrives.
    pub incoming: Interest,
    /// Of what arrives and was judged as outgoing by the same chain: only from policies that want nothing else.
    pub incoming_only: Interest,
}

impl Interests {
    /// Adds a want.
    pub fn add(&mut self, want: &Want) {
        match want.direction {
            None => {
                self.outgoing.add(&want.namespaces);
                self.incoming.add(&want.namespaces);
            }
            Some(Direction::Outgoing) => self.outgoing.add(&want.namespaces),
            Some(Direction::Incoming) => {
                self.incoming.add(&want.namespaces);
                self.incoming_only.add(&want.namespaces);
            }
        }
    }

    /// Adds everything: a closed policy must see what it denies.
    pub fn add_all(&mut self) {
        self.outgoing.add(&[]);
        self.incoming.add(&[]);
    }
}

/// Does a policy with these wants want this stanza? `again`: it was judged as outgoing by the same chain.
pub fn wanted(wants: &[Want], passage: Passage, again: bool, stanza: &Stanza) -> bool {
    wants.iter().any(|want| {
        want.kind == passage.kind
            && match want.direction {
                None => !again,
                Some(direction) => direction == passage.direction,
            }
            && (want.namespaces.is_empty() || carries(stanza, &want.namespaces))
    })
}

/// Is a policy with these wants asked about such stanzas on their way in? `again`: they were judged as outgoing by the same chain.
pub fn is_asked_of_incoming(wants: &[Want], kind: StanzaKind, again: bool) -> bool {
    let is_asked = |direction: Option<Direction>| match direction {
        None => !again,
        Some(direction) => direction == Direction::Incoming,
    };
    wants.iter().any(|want| want.kind == kind && is_asked(want.direction))
}

/// Is this kind of stanza wanted at all? For stanzas that are too large to look at.
pub fn wanted_kind(wants: &[Want], kind: StanzaKind) -> bool {
    wants.iter().any(|want| want.kind == kind)
}

fn carries(stanza: &Stanza, namespaces: &[String]) -> bool {
    stanza.root().child_elements().any(|child| namespaces.iter().any(|namespace| namespace == child.namespace()))
}
