//! What the local user's roster says of the other party. Permission: `roster`.
//!
//! ```
//! use prosody_policy::roster::{self, Subscription};
//!
//! fn is_contact() -> bool {
//!     matches!(roster::subscription(), Some(Subscription::From | Subscription::Both))
//! }
//! ```

/// The subscription between the local user and the other party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscription {
    /// No subscription, or not in the roster.
    None,
    /// The other sees the user's presence.
    From,
    /// The user sees the other's presence.
    To,
    /// Both see each other's.
    Both,
}

/// The subscription, or none when neither party is a user of this host.
pub fn subscription() -> Option<Subscription> {
    crate::host::subscription()
}
