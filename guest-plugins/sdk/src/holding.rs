//! Keeps messages back until somebody says that he wants them. Permission: `holding`.
//!
//! In memory only; `wit/` has the limits.

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
