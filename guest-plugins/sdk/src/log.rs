//! Lines for the server's log. Permission: `log`.
//!
//! The host withholds a line that repeats text of the current stanza.
//!
//! ```
//! use prosody_policy::log::{self, Level};
//!
//! log::write(Level::Debug, &format!("links: {}", 3));
//! ```

/// How important a line is, in Prosody's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// For whoever debugs the policy.
    Debug,
    /// Normal and rare.
    Info,
    /// Something the operator should look at.
    Warn,
    /// Something that does not work.
    Error,
}

/// Writes one line.
pub fn write(level: Level, line: &str) {
    crate::host::log(level, line);
}
