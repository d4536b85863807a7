//! Messages from the server to the two parties of the current stanza. Permission: `outbox`.

/// To the sender.
pub fn reply(text: &str) {
    crate::host::reply(text);
}

/// To the recipient.
pub fn notify(text: &str) {
    crate::host::notify(text);
}
