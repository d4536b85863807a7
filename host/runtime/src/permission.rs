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
    /// `rooms`
    Rooms,
    /// `blocklist`
    Blocklist,
    /// `standing`
    Standing,
    /// `roles`
    Roles,
    /// `routing`
    Routing,
    /// `holding`
    Holding,
    /// `operator`
    Operator,
    /// `log`
    Log,
    /// `clock`
    Clock,
}

impl Permission {
    /// All there are.
    pub const ALL: [Self; 15] = [
        Self::Envelope,
        Self::Content,
        Self::Edits,
        Self::Outbox,
        Self::Store,
        Self::Roster,
        Self::Rooms,
        Self::Blocklist,
        Self::Standing,
        Self::Roles,
        Self::Routing,
        Self::Holding,
        Self::Operator,
        Self::Log,
        Self::Clock,
    ];
    /// Those that the server prepares before each call.
    const FACTS: [Self; 5] = [Self::Roster, Self::Rooms, Self::Blocklist, Self::Standing, Self::Roles];

    /// Its name, which is that of the interface in `wit/` and the word for `grants`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Envelope => "envelope",
            Self::Content => "content",
            Self::Edits => "edits",
            Self::Outbox => "outbox",
            Self::Store => "store",
            Self::Roster => "roster",
            Self::Rooms => "rooms",
            Self::Blocklist => "blocklist",
            Self::Standing => "standing",
            Self::Roles => "roles",
            Self::Routing => "routing",
            Self::Holding => "holding",
            Self::Operator => "operator",
            Self::Log => "log",
            Self::Clock => "clock",
        }
    }

    /// The permission of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.name() == name)
    }

    /// Must the server prepare something for it before each call?
    pub fn is_fact(self) -> bool {
        Self::FACTS.contains(&self)
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
            Self::Rooms => "sees whether somebody is in a room with the user, and which rooms are exempt from rules",
            Self::Blocklist => "sees whether the user has blocked who is behind a stanza",
            Self::Standing => {
                "sees how the recipient's contact list has the sender, with groups, and whether he is online"
            }
            Self::Roles => "sees which role the parties have on this server, such as admin",
            Self::Routing => "sends copies of stanzas to any address, and answers in the name of their recipients",
            Self::Holding => "keeps messages back, in memory, and lets them go on later",
            Self::Operator => "sends texts to the operators of this server",
            Self::Log => "writes to the server's log",
            Self::Clock => "knows the time, to the second",
        }
    }
}
