//! How large a stanza is as XML.

use prosody_policy::{Element, Node};

/// Besides names and values.
const AROUND_ELEMENT: usize = "< xmlns=''></>".len();
/// One with a namespace has a prefix, and says the namespace before.
const AROUND_ATTRIBUTE: usize = " xmlns:ns99='' ns99:=''".len();
/// Of `&quot;` and `&apos;`, the longest ones.
const ESCAPED: usize = 6;

/// So many bytes at most, however it is written: each element may say its namespace again.
pub fn most_bytes(stanza: Element<'_>) -> usize {
    stanza.subtree().map(of_element).sum()
}

fn of_element(element: Element<'_>) -> usize {
    let attributes = element.attributes().map(|(name, value)| 2 * written(name) + written(value) + AROUND_ATTRIBUTE);
    let texts = element.children().map(|child| match child {
        Node::Text(_, text) => written(text),
        Node::Element(_) => 0,
    });
    let around = 2 * element.name().len() + written(element.namespace()) + AROUND_ELEMENT;
    around + attributes.sum::<usize>() + texts.sum::<usize>()
}

fn written(text: &str) -> usize {
    let escaped = text.bytes().filter(|byte| b"<>&'\"".contains(byte)).count();
    text.len() + escaped * (ESCAPED - 1)
}
