//! Keeps messages back until somebody says that he wants them. Permission: `holding`.
//!
//! In memory only; `wit/` has the limits.
//!
//! ```
//! use prosody_policy::{Decision, holding};
//!
//! fn decide(sender: &str, is_known: bool) -> Decision {
//!     if is_known {
//!         holding::release(sender);
//!         return Decision::pass("known");
//!     }
//!     holding::hold(sender);
//!     Decision::drop("held")
//! }
//! ```

/// Keeps the current message under a key of 1 to 256 bytes, if the decision is to drop it.
pub fn hold(key: &str) {
    crate::host::hold(key);
}

/// What waits under this key goes on, as if it had just come: it is decided about anew.
pub fn release(key: &str) {
    crate::host::release(key);
}

/// What waits under this key is forgotten.
pub fn discard(key: &str) {
    crate::host::discard(key);
}
