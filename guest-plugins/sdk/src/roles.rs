//! The roles that Prosody gives to people, such as `prosody:admin`. Permission: `roles`.

/// The role of the sender of the current stanza on this host, if he has one.
pub fn sender() -> Option<String> {
    crate::host::sender_role()
}

/// The role of its recipient, if he has one.
pub fn recipient() -> Option<String> {
    crate::host::recipient_role()
}
