//! Messages from the server to the two parties of the current stanza. Permission: `outbox`.
//!
//! ```
//! use prosody_policy::{Decision, outbox};
//!
//! fn decide(is_first: bool) -> Decision {
//!     if is_first {
//!         outbox::reply("Messages to this address are read by several people.");
//!     }
//!     Decision::pass("shared-address")
//! }
//! ```

/// To the sender.
pub fn reply(text: &str) {
    crate::host::reply(text);
}

/// To the recipient.
pub fn notify(text: &str) {
    crate::host::notify(text);
}
