//! How the recipient of the current stanza stands to its sender, if he is a user of this server. Permission: `standing`.
//!
//! ```
//! use prosody_policy::standing;
//!
//! fn is_stranger() -> bool {
//!     let known = standing::acquaintance();
//!     known.entry.is_none() && !known.is_greeted
//! }
//! ```

use crate::roster::Subscription;

/// The sender in the recipient's roster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The subscription between them, from the recipient's side.
    pub subscription: Subscription,
    /// The groups into which the recipient put him; at most 32.
    pub groups: Vec<String>,
}

/// What the server knows of the two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acquaintance {
    /// The sender in the recipient's roster, if he is there.
    pub entry: Option<Entry>,
    /// Has the sender asked the recipient for a subscription, without an answer yet?
    pub has_asked: bool,
    /// Is the recipient's full address that of a client that is connected?
    pub is_connected: bool,
    /// Has the recipient sent his presence to this address of the sender's, and to him in particular?
    pub is_greeted: bool,
}

/// What the server knows of the two.
pub fn acquaintance() -> Acquaintance {
    crate::host::acquaintance()
}
