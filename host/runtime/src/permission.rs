//! Imports are permissions: what each lets a policy see or do, in words for the operator.

/// A capability that a component imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// `envelope`
    Envelope,
    /// `content`
    Content,
    /// `edits`
    Edits,
    /// `outbox`
    Outbox,
    /// `store`
    Store,
    /// `roster`
    Roster,
    /// `log`
    Log,
    /// `clock`
    Clock,
}

impl Permission {
    /// All there are.
    pub const ALL: [Self; 8] =
        [Self::Envelope, Self::Content, Self::Edits, Self::Outbox, Self::Store, Self::Roster, Self::Log, Self::Clock];

    /// Its name, which is that of the interface in `wit/` and the word for `grants`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Envelope => "envelope",
            Self::Content => "content",
            Self::Edits => "edits",
            Self::Outbox => "outbox",
            Self::Store => "store",
            Self::Roster => "roster",
            Self::Log => "log",
            Self::Clock => "clock",
        }
    }

    /// The permission of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.name() == name)
    }

    /// What it allows, to follow "this policy …".
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Envelope => "sees who writes to whom, and which kinds of payload a stanza carries",
            Self::Content => "reads everything in a stanza, message texts included",
            Self::Edits => "changes stanzas on their way (not who they are from or to)",
            Self::Outbox => "sends messages from the server to the two parties of a stanza",
            Self::Store => "keeps up to 1 MiB of its own data on the server's disk",
            Self::Roster => "sees whether the other party is in the user's contact list",
            Self::Log => "writes to the server's log",
            Self::Clock => "knows the time, to the second",
        }
    }
}
