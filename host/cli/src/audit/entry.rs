//! One thing that a server keeps, wherever it was read.

use std::fmt::Display;

use prosody_stanza::Stanza;

use super::value::Value;

/// An item of an archive, or what a user's store has under one name.
pub struct Entry<'a> {
    /// Where it was read, in words that name nobody.
    pub place: &'a dyn Display,
    pub host: &'a str,
    pub store: &'a str,
    /// The user or room; empty for the host itself.
    pub user: &'a str,
    /// The name that it has in its store.
    pub name: &'a str,
    /// When it came.
    pub when: When,
    /// With whom an archive connects it.
    pub with: &'a str,
    pub content: &'a Content,
}

/// When something came.
#[derive(Clone, Copy, Debug)]
pub enum When {
    /// It is a value, of which nobody says when.
    Unsaid,
    /// It is an item, and should say.
    Missing,
    /// It says, but not in seconds.
    Unclear,
    /// In seconds since 1970.
    At(f64),
}

impl When {
    pub fn seconds(self) -> Option<f64> {
        if let Self::At(seconds) = self { Some(seconds) } else { None }
    }
}

/// The moment of an item.
impl From<Option<f64>> for When {
    fn from(seconds: Option<f64>) -> Self {
        seconds.map_or(Self::Missing, Self::At)
    }
}

/// What is kept.
pub enum Content {
    Value(Value),
    Stanza(Stanza),
}

impl Entry<'_> {
    /// The address of whose it is.
    pub fn owner(&self) -> String {
        if self.user.is_empty() { self.host.to_owned() } else { format!("{}@{}", self.user, self.host) }
    }
}
