//! Tells the operator something. Permission: `operator`.
//!
//! ```
//! prosody_policy::operator::tell("The list of words is empty.");
//! ```

/// A text of at most 2,048 bytes; at most 60 an hour from one policy, those left out are counted in the next.
pub fn tell(text: &str) {
    crate::host::tell(text);
}
