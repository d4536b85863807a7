//! Calls (XEP-0353, XEP-0482): what makes a phone ring. A phone that was woken is connected and hears by itself that it is
//! to stop.

use prosody_policy::Element;

const CALLS: &[&str] = &["urn:xmpp:jingle-message:0", "urn:xmpp:jingle-message:1", "urn:xmpp:call-invites:0"];

/// Does somebody call by this message?
pub fn rings(message: Element<'_>) -> bool {
    let is_call =
        |child: Element<'_>| CALLS.contains(&child.namespace()) && matches!(child.name(), "propose" | "invite");
    message.child_elements().any(is_call)
}
