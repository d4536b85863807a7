//! The roles that Prosody gives to people, such as `prosody:admin`. Permission: `roles`.
//!
//! ```
//! use prosody_policy::{Decision, roles};
//!
//! fn decide() -> Decision {
//!     match roles::sender().as_deref() {
//!         Some("prosody:admin" | "prosody:operator") => Decision::pass("admin"),
//!         _ => Decision::refuse("not-an-admin", "Only admins write to this address."),
//!     }
//! }
//! ```

/// The role of the sender of the current stanza on this host, if he has one.
pub fn sender() -> Option<String> {
    crate::host::sender_role()
}

/// The role of its recipient, if he has one.
pub fn recipient() -> Option<String> {
    crate::host::recipient_role()
}
