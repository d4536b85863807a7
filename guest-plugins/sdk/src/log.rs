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

/// Writes one line. From then on panics are reported, too.
pub fn write(level: Level, line: &str) {
    report_panics();
    crate::host::log(level, line);
}

/// From now on the place of a panic is written to the log, and its words where the policy runs offline: they may be made
/// of the stanza. A policy that logs need not call it, unless it may panic before its first line.
pub fn report_panics() {
    #[cfg(target_arch = "wasm32")]
    crate::panics::report();
}
