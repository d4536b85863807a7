//! What a policy is asked about a stanza: the hook, and the road of the stanza.

use crate::bindings::{Passage, Place, StanzaKind};

/// The hooks, as their interfaces are named in `wit/`.
pub const MESSAGE: &str = "message-policy";
/// What is kept.
pub const ARCHIVE: &str = "archive-policy";
/// What is copied.
pub const CARBONS: &str = "carbons-policy";

/// A decision point of Prosody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// Is it delivered?
    Message,
    /// Is it kept?
    Archive {
        /// Where.
        place: Place,
        /// Has somebody asked for it?
        is_wanted: bool,
    },
    /// Is it copied to other devices?
    Carbons,
}

impl Hook {
    /// The interfaces of all hooks.
    pub const INTERFACES: [&'static str; 3] = [MESSAGE, ARCHIVE, CARBONS];

    /// The interface that a policy exports to be asked.
    pub fn interface(self) -> &'static str {
        match self {
            Self::Message => MESSAGE,
            Self::Archive { .. } => ARCHIVE,
            Self::Carbons => CARBONS,
        }
    }
}

/// What a policy is asked about a stanza.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Question {
    /// The decision point.
    pub hook: Hook,
    /// The road of the stanza.
    pub passage: Passage,
}

impl Question {
    /// Its subject, as a word: the kind of stanza that is delivered, or what else is to become of a message.
    pub fn word(self) -> &'static str {
        match (self.hook, self.passage.kind) {
            (Hook::Message, StanzaKind::Message) => "message",
            (Hook::Message, StanzaKind::Presence) => "presence",
            (Hook::Message, StanzaKind::Iq) => "iq",
            (Hook::Archive { place: Place::Archive, .. }, _) => "archive",
            (Hook::Archive { place: Place::Room, .. }, _) => "room",
            (Hook::Archive { place: Place::Offline, .. }, _) => "offline",
            (Hook::Carbons, _) => "carbons",
        }
    }

    /// The hook and the kind of stanza of a [word](Self::word).
    pub fn named(word: &str, is_wanted: bool) -> Option<(Hook, StanzaKind)> {
        let archive = |place| (Hook::Archive { place, is_wanted }, StanzaKind::Message);
        Some(match word {
            "message" => (Hook::Message, StanzaKind::Message),
            "presence" => (Hook::Message, StanzaKind::Presence),
            "iq" => (Hook::Message, StanzaKind::Iq),
            "archive" => archive(Place::Archive),
            "room" => archive(Place::Room),
            "offline" => archive(Place::Offline),
            "carbons" => (Hook::Carbons, StanzaKind::Message),
            _ => return None,
        })
    }

    /// Has somebody asked for what is to be kept?
    pub fn is_wanted(self) -> bool {
        matches!(self.hook, Hook::Archive { is_wanted: true, .. })
    }
}

impl From<Passage> for Question {
    /// Is it delivered?
    fn from(passage: Passage) -> Self {
        Self { hook: Hook::Message, passage }
    }
}
