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
    /// When it came, in seconds since 1970.
    pub when: Option<f64>,
    /// With whom an archive connects it.
    pub with: &'a str,
    pub content: &'a Content,
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
