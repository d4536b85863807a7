//! Block lists (XEP-0191) where the server does not look itself. Permission: `blocklist`.
//!
//! ```
//! use prosody_policy::{Decision, blocklist};
//!
//! fn decide() -> Decision {
//!     if blocklist::is_blocked() { Decision::drop("blocked") } else { Decision::pass("not-blocked") }
//! }
//! ```

/// Has the local recipient blocked who is behind the current stanza: its sender, whoever sends a private message by the name
/// that he has in a room, or whose invitation a room passes on?
pub fn is_blocked() -> bool {
    crate::host::is_blocked()
}
