//! Which facts a policy needs.

/// The facts about the world outside the stanza.
///
/// ```
/// use prosody_policy::{Fact, Needs, Policy};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Contacts { is_strict: bool }
/// # impl Policy for Contacts {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self { is_strict: true }) }
/// # }
///
/// impl Needs for Contacts {
///     fn needed(&self) -> Vec<Fact> {
///         if self.is_strict { vec![Fact::Roster] } else { Vec::new() }
///     }
/// }
/// ```
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
