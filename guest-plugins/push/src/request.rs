//! What a client asks for: it is kept as long as the device is registered, and goes with every notification.

use prosody_policy::{Element, Node};

use crate::refusal::Refusal;

/// Of XEP-0357 and of Push 2.0.
const NAMESPACES: &[&str] = &["urn:xmpp:push:0", "urn:xmpp:push2:0"];
const FORM: &str = "jabber:x:data";

/// Bytes of what the device is called. Google's and Apple's names for devices have a few hundred at most.
const LONGEST_NODE: usize = 1_024;
/// Bytes of the options.
const LARGEST_FORM: usize = 4 * 1_024;
/// Bytes of all of it; in Push 2.0 there may be a rule for each room.
const LARGEST_REQUEST: usize = 16 * 1_024;

/// Bytes of a language (RFC 5646 has at most 35); it is kept as well.
const LONGEST_LANGUAGE: usize = 64;

/// Is it small, and has it the shape that the specifications demand?
pub fn check(root: Element<'_>, node: &str) -> Result<(), Refusal> {
    // Push 2.0 may be inside of what a client says when it logs in.
    let is_request = |element: &Element<'_>| NAMESPACES.iter().any(|namespace| element.is("enable", namespace));
    let mut requests = root.subtree().filter(is_request);
    let (Some(request), None) = (requests.next(), requests.next()) else { return Err(Refusal::Malformed) };
    if root.attribute("xml:lang").is_some_and(|language| language.len() > LONGEST_LANGUAGE) {
        return Err(Refusal::TooLarge);
    }
    if node.len() > LONGEST_NODE || size(request) > LARGEST_REQUEST {
        return Err(Refusal::TooLarge);
    }
    options(request)
}

fn options(request: Element<'_>) -> Result<(), Refusal> {
    let mut forms = request.child_elements().filter(|child| child.is("x", FORM));
    match (forms.next(), forms.next()) {
        (None, _) => Ok(()),
        (Some(form), None) if size(form) > LARGEST_FORM => Err(Refusal::TooLarge),
        (Some(form), None) if form.attribute("type") == Some("submit") => Ok(()),
        _ => Err(Refusal::Malformed),
    }
}

/// At least as many bytes as in XML.
fn size(element: Element<'_>) -> usize {
    element.subtree().map(own_size).sum()
}

/// Without the elements inside; each may have to name its namespace.
fn own_size(element: Element<'_>) -> usize {
    let attributes = element.attributes().map(|(name, value)| name.len() + "='' ".len() + escaped(value));
    let texts = element.children().map(|child| if let Node::Text(_, text) = child { escaped(text) } else { 0 });
    let tags = 2 * element.name().len() + "<></>".len() + escaped(element.namespace());
    tags + attributes.sum::<usize>() + texts.sum::<usize>()
}

/// Bytes of a text once it is written as XML.
fn escaped(text: &str) -> usize {
    text.bytes().map(|byte| if b"&<>'\"".contains(&byte) { "&quot;".len() } else { 1 }).sum()
}
