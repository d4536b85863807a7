//! Calls (XEP-0353, XEP-0482): what makes a phone ring, and what makes it stop.

use prosody_policy::Element;

const CALLS: &[&str] = &["urn:xmpp:jingle-message:0", "urn:xmpp:jingle-message:1", "urn:xmpp:call-invites:0"];

/// What a message does to a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// Somebody calls.
    Rings,
    /// The caller gave up, or the user answered on another device.
    Stops,
}

/// What a message says of a call, that the user sent himself or somebody else.
pub fn of(message: Element<'_>, is_own: bool) -> Option<Call> {
    let mut said = message.child_elements().filter(|child| CALLS.contains(&child.namespace()));
    said.find_map(|child| match (child.name(), is_own) {
        ("propose" | "invite", false) => Some(Call::Rings),
        ("retract", false) | ("proceed" | "accept" | "reject", true) => Some(Call::Stops),
        _ => None,
    })
}
