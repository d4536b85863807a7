//! Sends the current stanza elsewhere, and answers in the name of its recipient. Permission: `routing`.
//!
//! Done after the decision, whatever it is; at most 4 a call, together with those of `outbox` and `operator`.
//!
//! ```
//! use prosody_policy::{Decision, routing};
//!
//! /// The message goes to somebody else, and only there.
//! fn on_holiday() -> Decision {
//!     routing::answer("I am away until Monday; your message goes to the office.");
//!     routing::copy("office@example.org");
//!     Decision::drop("on-holiday")
//! }
//! ```

/// Why a stanza was reported (XEP-0377).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The reason, such as `urn:xmpp:reporting:spam`.
    pub reason: String,
    /// What to say besides; none when empty.
    pub text: String,
}

/// Sends the current stanza, with the edits that were asked for before, to another address too. With `drop` it goes there
/// only.
pub fn copy(to: &str) {
    crate::host::copy(to);
}

/// Sends it inside of a message from this host (XEP-0297), with a report if there is one.
pub fn forward(to: &str, report: Option<&Report>) {
    crate::host::forward(to, report);
}

/// Answers a message with a text, in the name of its recipient. Errors are not answered.
pub fn answer(text: &str) {
    crate::host::answer(text);
}
