//! What the server knows about the rooms of the two parties of the current stanza. Permission: `rooms`.
//!
//! ```
//! use prosody_policy::{Decision, rooms};
//!
//! fn decide() -> Decision {
//!     if rooms::is_shared() { Decision::pass("shares-room") } else { Decision::drop("stranger") }
//! }
//! ```

/// Is it for a room of this server, or from one, that a policy exempted?
pub fn is_exempt() -> bool {
    crate::host::is_exempt()
}

/// Are the local user and the other party both in a room, or members of one? Not looked for, and false, if one of them is
/// in the other's roster.
pub fn is_shared() -> bool {
    crate::host::is_shared()
}
