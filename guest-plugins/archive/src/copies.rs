//! Copies of messages for other devices (XEP-0280), as the server makes them.

use prosody_policy::{Element, Node, STREAM_NAMESPACE};

const CARBONS: &str = "urn:xmpp:carbons:2";
const FORWARD: &str = "urn:xmpp:forward:0";
/// When it came back from a device that had gone away (XEP-0198).
const DELAY: &str = "urn:xmpp:delay";

/// The message inside a copy, and nothing beside it, from the user's own account: no client can write that.
pub fn inside(root: Element<'_>) -> Option<Element<'_>> {
    let (from, to) = (root.attribute("from")?, root.attribute("to")?);
    let copy = only_child(root).filter(|_| Some(from) == to.split('/').next())?;
    let is_copy = ["sent", "received"].iter().any(|name| copy.is(name, CARBONS));
    let forwarded = only_child(copy).filter(|child| is_copy && child.is("forwarded", FORWARD))?;
    only_child(forwarded).filter(|child| child.is("message", STREAM_NAMESPACE))
}

/// The one thing inside, but for an empty note of a delay.
fn only_child(element: Element<'_>) -> Option<Element<'_>> {
    let is_note = |child: &Element<'_>| child.is("delay", DELAY) && child.children().next().is_none();
    let mut children = element.children().filter(|child| !matches!(child, Node::Element(child) if is_note(child)));
    match (children.next(), children.next()) {
        (Some(Node::Element(child)), None) => Some(child),
        _ => None,
    }
}
