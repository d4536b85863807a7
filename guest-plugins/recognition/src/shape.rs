//! Questions about the shape of an element.

use prosody_stanza::{Element, Node};

/// Has it no attributes but these, and no text of its own?
pub fn is_bare(element: Element<'_>, attributes: &[&str]) -> bool {
    let blank = |text: &str| text.bytes().all(|byte| byte.is_ascii_whitespace());
    element.has_only_attributes(attributes)
        && element.children().all(|child| match child {
            Node::Text(_, text) => blank(text),
            Node::Element(_) => true,
        })
}

/// Has it no attributes but these, and no child elements?
pub fn is_leaf(element: Element<'_>, attributes: &[&str]) -> bool {
    element.has_only_attributes(attributes) && element.child_elements().next().is_none()
}

/// Is this attribute an unsigned number of 32 bits, in digits and nothing else?
pub fn is_number(element: Element<'_>, attribute: &str) -> bool {
    element
        .attribute(attribute)
        .is_some_and(|value| value.bytes().all(|byte| byte.is_ascii_digit()) && value.parse::<u32>().is_ok())
}

/// Is this attribute absent or a boolean of XML Schema?
pub fn is_boolean(element: Element<'_>, attribute: &str) -> bool {
    matches!(element.attribute(attribute), None | Some("true" | "false" | "1" | "0"))
}
