//! The road of a stanza, and which stanzas a policy wants to see.

/// What kind of stanza is being judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StanzaKind {
    /// `<message/>`
    Message,
    /// `<presence/>`
    Presence,
    /// `<iq/>`
    Iq,
}

/// Which way a stanza crosses the host that asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From a user of this host.
    Outgoing,
    /// To a user, a room or a component of this host.
    Incoming,
}

/// Who stands at one end of a stanza, as the server knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    /// A user of this server.
    User,
    /// Somebody on another server.
    Remote,
    /// An external component connected to this server.
    Component,
    /// A room hosted by this server; for group chat also one elsewhere that the local user has entered.
    Room,
    /// This server itself, or a component that is part of it.
    Service,
}

/// The road of one stanza.
///
/// ```
/// use prosody_policy::{Party, Passage};
///
/// /// To somebody on another server.
/// let leaving = Passage { destination: Party::Remote, ..Passage::outgoing() };
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Passage {
    /// What kind of stanza it is.
    pub kind: StanzaKind,
    /// Which way it crosses the host.
    pub direction: Direction,
    /// Who sent it.
    pub source: Party,
    /// Who is to receive it.
    pub destination: Party,
}

impl Passage {
    /// A message between two users of one host; for tests, to be changed with struct update syntax.
    pub fn outgoing() -> Self {
        Self {
            kind: StanzaKind::Message,
            direction: Direction::Outgoing,
            source: Party::User,
            destination: Party::User,
        }
    }
}

/// One kind of stanza that a policy wants to be asked about.
///
/// ```
/// use prosody_policy::{Direction, StanzaKind, Want};
///
/// let files = Want {
///     kind: StanzaKind::Message,
///     direction: Some(Direction::Outgoing),
///     namespaces: vec!["jabber:x:oob".into()],
/// };
/// let presence = Want::all(StanzaKind::Presence);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Want {
    /// Messages, presence or IQs.
    pub kind: StanzaKind,
    /// Only this direction; both when absent.
    pub direction: Option<Direction>,
    /// Only stanzas with a direct child in one of these namespaces; every stanza when empty.
    pub namespaces: Vec<String>,
}

impl Want {
    /// Every stanza of this kind, both ways.
    pub fn all(kind: StanzaKind) -> Self {
        Self { kind, direction: None, namespaces: Vec::new() }
    }
}
