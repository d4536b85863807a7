//! Tells the operator something. Permission: `operator`.

/// A text of at most 2,048 bytes; at most 60 an hour from one policy, those left out are counted in the next.
pub fn tell(text: &str) {
    crate::host::tell(text);
}
