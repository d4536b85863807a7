//! Notifications of which the server does not say what they are about: the stanza is the notification itself. A module
//! wakes the device (XEP-0357), or it is one of Push 2.0.

use prosody_policy::Element;

use super::{Found, Occasion, called};
use crate::settings::Rules;

const PUBSUB: &str = "http://jabber.org/protocol/pubsub";
const PUSH: &str = "urn:xmpp:push:0";
const PUSH_2: &str = "urn:xmpp:push2:0";

/// Is it one? Only of what comes from the server itself.
pub fn is_notification(root: Element<'_>) -> bool {
    second(root).is_some() || is_published(root)
}

/// The occasion, as far as anybody can tell.
pub fn of(root: Element<'_>, rules: &Rules) -> Found {
    let Some(second) = second(root) else { return Ok(Occasion::merged("wake")) };
    let priority = second.child("priority", PUSH_2).map(|priority| priority.text());
    match priority.as_deref() {
        _ if second.child("voip", PUSH_2).is_some() => called(rules),
        Some("low") => Err("unimportant"),
        _ => Ok(Occasion::merged("push-2")),
    }
}

fn second(root: Element<'_>) -> Option<Element<'_>> {
    (root.name() == "message").then(|| root.child("notification", PUSH_2)).flatten()
}

fn is_published(root: Element<'_>) -> bool {
    let publish = root.child("pubsub", PUBSUB).and_then(|pubsub| pubsub.child("publish", PUBSUB));
    let item = publish.and_then(|publish| publish.child("item", PUBSUB));
    root.name() == "iq" && item.is_some_and(|item| item.child("notification", PUSH).is_some())
}
