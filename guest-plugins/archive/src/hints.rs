//! What a sender wishes to be kept (XEP-0334). A wish that it be kept does not count: only ciphertext is.

use prosody_policy::Element;

/// The namespace of the wishes.
pub const HINTS: &str = "urn:xmpp:hints";

/// Not even until the recipient is there?
pub fn forbid_any(root: Element<'_>) -> bool {
    root.child("no-store", HINTS).is_some()
}

/// Not in an archive? The element has had two names.
pub fn forbid_permanent(root: Element<'_>) -> bool {
    let names = ["no-permanent-store", "no-permanent-storage"];
    forbid_any(root) || names.iter().any(|name| root.child(name, HINTS).is_some())
}
