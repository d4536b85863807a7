//! What a policy is asked about a stanza: the hook, and the road of the stanza.

use crate::bindings::{Direction, Party, Passage, Place, StanzaKind};

/// The hooks, as their interfaces are named in `wit/`.
pub const MESSAGE: &str = "message-policy";
/// What is kept.
pub const ARCHIVE: &str = "archive-policy";
/// What is copied.
pub const CARBONS: &str = "carbons-policy";
/// What wakes an inactive client.
pub const DELIVERY: &str = "delivery-policy";
/// Who notifies sleeping devices, and what he learns.
pub const PUSH: &str = "push-policy";
/// What is uploaded.
pub const UPLOAD: &str = "upload-policy";
/// How rooms are configured.
pub const ROOM: &str = "room-policy";
/// Who reads OMEMO keys.
pub const KEYS: &str = "keys-policy";
/// How block lists are changed.
pub const BLOCKLIST: &str = "blocklist-policy";

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
    /// When is it delivered to an inactive client?
    Delivery,
    /// May a device be registered for notifications?
    Registration,
    /// What is a service told about it?
    Notification,
    /// May a file be uploaded?
    Slot,
    /// May it go on, of which a piece has come?
    Piece,
    /// How is a room configured?
    Room,
    /// Who reads somebody's keys?
    Keys,
    /// Is a block list changed?
    Blocklist,
}

impl Hook {
    /// The interfaces of all hooks.
    pub const INTERFACES: [&'static str; 9] =
        [MESSAGE, ARCHIVE, CARBONS, DELIVERY, PUSH, UPLOAD, ROOM, KEYS, BLOCKLIST];

    /// The interface that a policy exports to be asked.
    pub fn interface(self) -> &'static str {
        Self::INTERFACES[self.place()]
    }

    /// Where its interface is in [`INTERFACES`](Self::INTERFACES).
    pub fn place(self) -> usize {
        match self {
            Self::Message => 0,
            Self::Archive { .. } => 1,
            Self::Carbons => 2,
            Self::Delivery => 3,
            Self::Registration | Self::Notification => 4,
            Self::Slot | Self::Piece => 5,
            Self::Room => 6,
            Self::Keys => 7,
            Self::Blocklist => 8,
        }
    }

    /// Does a refusal here protect anybody? An active client gets all that is held from an inactive one, and keys are
    /// protected by their owner.
    pub fn can_protect(self) -> bool {
        !matches!(self, Self::Delivery | Self::Keys)
    }

    /// May what is asked be written down, or shown to a shadow? A file is neither: it is large, and not there a second time.
    pub fn is_shown_elsewhere(self) -> bool {
        self != Self::Piece
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

/// All questions, by their words.
const WORDS: [(&str, Hook, StanzaKind); 18] = [
    ("message", Hook::Message, StanzaKind::Message),
    ("presence", Hook::Message, StanzaKind::Presence),
    ("iq", Hook::Message, StanzaKind::Iq),
    ("archive", Hook::Archive { place: Place::Archive, is_wanted: false }, StanzaKind::Message),
    ("room", Hook::Archive { place: Place::Room, is_wanted: false }, StanzaKind::Message),
    ("offline", Hook::Archive { place: Place::Offline, is_wanted: false }, StanzaKind::Message),
    ("carbons", Hook::Carbons, StanzaKind::Message),
    ("delivery", Hook::Delivery, StanzaKind::Message),
    ("presence-delivery", Hook::Delivery, StanzaKind::Presence),
    ("registration", Hook::Registration, StanzaKind::Iq),
    ("notification", Hook::Notification, StanzaKind::Message),
    ("presence-notification", Hook::Notification, StanzaKind::Presence),
    ("iq-notification", Hook::Notification, StanzaKind::Iq),
    ("slot", Hook::Slot, StanzaKind::Iq),
    ("piece", Hook::Piece, StanzaKind::Iq),
    ("configuration", Hook::Room, StanzaKind::Iq),
    ("keys", Hook::Keys, StanzaKind::Iq),
    ("blocklist", Hook::Blocklist, StanzaKind::Iq),
];

const DIRECTIONS: [Direction; 2] = [Direction::Outgoing, Direction::Incoming];
const PARTIES: [Party; 5] = [Party::User, Party::Remote, Party::Component, Party::Room, Party::Service];

impl Question {
    /// A number that stands for it, whether somebody has asked for what is to be kept or not.
    pub fn number(self) -> Option<usize> {
        let Passage { kind, direction, source, destination } = self.passage;
        let party = |sought| PARTIES.iter().position(|party| *party == sought);
        let word = WORDS.iter().position(|(_, hook, of)| (*hook, *of) == (unasked(self.hook), kind))?;
        let road = (party(source)? * PARTIES.len() + party(destination)?) * DIRECTIONS.len();
        let direction = DIRECTIONS.iter().position(|other| *other == direction)?;
        Some((road + direction) * WORDS.len() + word)
    }

    /// The question for which a [number](Self::number) stands.
    pub fn numbered(number: usize) -> Option<Self> {
        let (rest, word) = (number / WORDS.len(), number % WORDS.len());
        let (rest, direction) = (rest / DIRECTIONS.len(), DIRECTIONS[rest % DIRECTIONS.len()]);
        let (_, hook, kind) = WORDS[word];
        let (source, destination) = (*PARTIES.get(rest / PARTIES.len())?, PARTIES[rest % PARTIES.len()]);
        Some(Self { hook, passage: Passage { kind, direction, source, destination } })
    }

    /// Its subject, as a word: the kind of stanza that is delivered, or what else is to become of it.
    pub fn word(self) -> &'static str {
        let found = WORDS.iter().find(|(_, hook, kind)| (*hook, *kind) == (unasked(self.hook), self.passage.kind));
        found.map_or("message", |(word, ..)| word)
    }

    /// The hook and the kind of stanza of a [word](Self::word).
    pub fn named(word: &str, is_wanted: bool) -> Option<(Hook, StanzaKind)> {
        let (_, hook, kind) = WORDS.iter().find(|(other, ..)| *other == word)?;
        Some(match *hook {
            Hook::Archive { place, .. } => (Hook::Archive { place, is_wanted }, *kind),
            hook => (hook, *kind),
        })
    }

    /// The same about something that somebody has asked to be kept, or nobody.
    pub fn wanted(self, is_wanted: bool) -> Self {
        match self.hook {
            Hook::Archive { place, .. } => Self { hook: Hook::Archive { place, is_wanted }, ..self },
            _ => self,
        }
    }

    /// Has somebody asked for what is to be kept?
    pub fn is_wanted(self) -> bool {
        matches!(self.hook, Hook::Archive { is_wanted: true, .. })
    }
}

/// The hook, whether somebody has asked for it or not.
fn unasked(hook: Hook) -> Hook {
    match hook {
        Hook::Archive { place, .. } => Hook::Archive { place, is_wanted: false },
        hook => hook,
    }
}

impl From<Passage> for Question {
    /// Is it delivered?
    fn from(passage: Passage) -> Self {
        Self { hook: Hook::Message, passage }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_for_questions() {
        let count = WORDS.len() * DIRECTIONS.len() * PARTIES.len() * PARTIES.len();
        for number in 0..count {
            assert_eq!(Question::numbered(number).and_then(Question::number), Some(number));
        }
        assert_eq!(Question::numbered(count), None);
    }
}
