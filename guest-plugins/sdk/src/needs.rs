//! Which facts a policy needs.

/// The facts about the world outside the stanza.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// [`roster`](crate::roster)
    Roster,
    /// [`rooms`](crate::rooms)
    Rooms,
    /// [`blocklist`](crate::blocklist)
    Blocklist,
    /// [`standing`](crate::standing)
    Standing,
    /// [`roles`](crate::roles)
    Roles,
}
