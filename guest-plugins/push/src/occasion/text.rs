//! Did somebody write something?

use prosody_policy::{Element, STREAM_NAMESPACE};
use recognition::{Container, container, scheme};

/// Of what somebody wrote in an earlier message; some of them bring a text for clients that do not know them.
const ABOUT_OTHERS: &[(&str, &str, &str)] = &[
    ("reactions", "urn:xmpp:reactions:0", "reaction"),
    ("retract", "urn:xmpp:message-retract:1", "retraction"),
    ("retract", "urn:xmpp:message-retract:0", "retraction"),
    ("apply-to", "urn:xmpp:fasten:0", "retraction"),
    ("moderated", "urn:xmpp:message-moderate:1", "retraction"),
];

/// What somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// Ciphertext.
    Encrypted,
    /// A body.
    Readable,
}

/// What somebody wrote in a message, or why it says nothing.
pub fn of(message: Element<'_>) -> Result<Text, &'static str> {
    let about = ABOUT_OTHERS.iter().find(|(name, namespace, _)| message.child(name, namespace).is_some());
    match about {
        Some((_, _, reason)) => Err(reason),
        None if scheme(message).is_some() => Ok(Text::Encrypted),
        None if has_body(message) => Ok(Text::Readable),
        None => Err(without_text(message)),
    }
}

fn has_body(message: Element<'_>) -> bool {
    let mut bodies = message.child_elements().filter(|child| child.is("body", STREAM_NAMESPACE));
    bodies.any(|body| !body.text().trim().is_empty())
}

/// Keys that clients exchange by themselves, what only claims to be ciphertext, or receipts, chat states and the like.
fn without_text(message: Element<'_>) -> &'static str {
    match message.child_elements().find_map(container) {
        Some((_, Container::KeyTransport)) => "key-transport",
        Some(_) => "malformed",
        None => "no-text",
    }
}
