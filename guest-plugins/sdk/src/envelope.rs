//! The outside of the current stanza: who, to whom, which payloads. Permission: `envelope`.
//!
//! ```
//! use prosody_policy::{Decision, envelope};
//!
//! fn decide() -> Decision {
//!     let has_file = envelope::payloads().iter().any(|payload| payload.namespace == "jabber:x:oob");
//!     match envelope::attribute("type").as_deref() {
//!         Some("groupchat") if has_file => Decision::refuse("file-in-room", "Files are not sent to rooms."),
//!         _ => Decision::pass("no-file"),
//!     }
//! }
//! ```

/// A direct child of the stanza.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// Its node number.
    pub node: u32,
    /// Its name, without prefix.
    pub name: String,
    /// Its effective namespace.
    pub namespace: String,
}

/// An attribute of the stanza itself: `to`, `from`, `type`, …
pub fn attribute(name: &str) -> Option<String> {
    crate::host::attribute(name)
}

/// The direct child elements, in document order.
pub fn payloads() -> Vec<Payload> {
    crate::host::payloads()
}
