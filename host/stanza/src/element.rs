//! Looking at a stanza.

use std::borrow::Cow;

use crate::tree::{AttributeRecord, NodeRecord, Stanza};
use crate::{STREAM_NAMESPACE, effective};

/// One element of a stanza. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    pub(crate) stanza: &'a Stanza,
    pub(crate) number: u32,
}

/// A child of an element.
#[derive(Clone, Copy, Debug)]
pub enum Node<'a> {
    /// An element.
    Element(Element<'a>),
    /// A text, with its node number.
    Text(u32, &'a str),
}

// What is inlined takes less than a call, and policies that are made small would call it.
impl<'a> Element<'a> {
    #[inline]
    fn record(self) -> &'a NodeRecord {
        &self.stanza.nodes[self.number as usize]
    }

    /// Its node number, by which edits name it.
    #[inline]
    pub fn number(self) -> u32 {
        self.number
    }

    /// Its name, without prefix.
    #[inline]
    pub fn name(self) -> &'a str {
        self.stanza.string(self.record().name)
    }

    /// Its effective namespace.
    #[inline]
    pub fn namespace(self) -> &'a str {
        self.stanza.string(self.record().namespace)
    }

    /// Is it this element? `namespace` may be any of the stream namespaces for the one they stand for.
    pub fn is(self, name: &str, namespace: &str) -> bool {
        same(self.name(), name) && same(self.namespace(), effective(namespace))
    }

    /// Is it in the namespace of the other? Of what inherits its namespace it need not be read.
    pub fn is_in_namespace_of(self, other: Self) -> bool {
        self.record().namespace == other.record().namespace || same(self.namespace(), other.namespace())
    }

    /// Is it in the namespace of the stream, as `body` is?
    pub fn is_stream(self) -> bool {
        same(self.namespace(), STREAM_NAMESPACE)
    }

    /// An attribute by name; namespaced ones are named `NAMESPACE\u{1}LOCAL`.
    pub fn attribute(self, name: &str) -> Option<&'a str> {
        let record = self.attribute_records().iter().find(|record| same(self.stanza.string(record.name), name))?;
        Some(self.stanza.string(record.value))
    }

    /// All attributes, by name, in a fixed order.
    #[inline]
    pub fn attributes(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let stanza = self.stanza;
        self.attribute_records().iter().map(|record| (stanza.string(record.name), stanza.string(record.value)))
    }

    /// Has it no attributes but these?
    pub fn has_only_attributes(self, names: &[&str]) -> bool {
        let is_known = |name: &str| names.iter().any(|known| same(known, name));
        self.attribute_records().iter().all(|record| is_known(self.stanza.string(record.name)))
    }

    fn attribute_records(self) -> &'a [AttributeRecord] {
        let record = self.record();
        let first = record.first_attribute as usize;
        &self.stanza.attributes[first..first + record.attribute_count as usize]
    }

    /// The children, elements and texts, in order.
    #[inline]
    pub fn children(self) -> impl Iterator<Item = Node<'a>> {
        let stanza = self.stanza;
        let end = self.record().end;
        let mut next = self.number + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let number = next;
                let record = &stanza.nodes[number as usize];
                next = record.end;
                match record.is_text() {
                    true => Node::Text(number, stanza.string(record.name)),
                    false => Node::Element(Element { stanza, number }),
                }
            })
        })
    }

    /// The child elements, in order.
    #[inline]
    pub fn child_elements(self) -> impl Iterator<Item = Element<'a>> {
        self.children().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(..) => None,
        })
    }

    /// The first child element of this name and namespace.
    pub fn child(self, name: &str, namespace: &str) -> Option<Element<'a>> {
        self.child_elements().find(|child| child.is(name, namespace))
    }

    /// The text directly inside, joined; that of child elements is not in it.
    pub fn text(self) -> Cow<'a, str> {
        let mut pieces = self.children().filter_map(|child| match child {
            Node::Text(_, text) => Some(text),
            Node::Element(_) => None,
        });
        let first = pieces.next().unwrap_or_default();
        match pieces.next() {
            None => Cow::Borrowed(first),
            Some(second) => Cow::Owned([first, second].into_iter().chain(pieces).collect()),
        }
    }

    /// This element and all elements inside it, in document order.
    pub fn subtree(self) -> impl Iterator<Item = Element<'a>> {
        let stanza = self.stanza;
        (self.number..self.record().end).filter_map(move |number| stanza.element(number))
    }

    /// The element around it; none for the stanza itself.
    pub fn parent(self) -> Option<Element<'a>> {
        (self.number != 0).then(|| Element { stanza: self.stanza, number: self.record().parent })
    }

    /// Is there text other than white space anywhere inside?
    pub fn carries_text(self) -> bool {
        let end = self.record().end as usize;
        self.stanza.nodes[self.number as usize..end]
            .iter()
            .any(|node| node.is_text() && !self.stanza.string(node.name).trim().is_empty())
    }
}

/// The same text? In a sandbox each turn of a loop is counted and nothing looks at more than a word at once, so that comparing
/// byte by byte would be most of what reading a message takes. The last word overlaps the one before.
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    match (one.last_chunk::<8>(), other.last_chunk::<8>()) {
        (Some(one_last), Some(other_last)) => {
            let words = one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0);
            one_last == other_last && words.into_iter().all(|(one, other)| one == other)
        }
        _ => short(one) == short(other),
    }
}

/// Fewer than eight bytes as one word; two of one length are the same word only if they are the same bytes.
fn short(text: &[u8]) -> u64 {
    match (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)),
        _ => text.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn the_same_are_equal() {
        let long = "urn:xmpp:omemo:2:devices";
        for length in 0..long.len() {
            let text = &long[..length];
            assert!(same(text, text) && !same(text, &long[..=length]), "{text}");
            for changed in 0..length {
                let mut other = text.to_owned();
                other.replace_range(changed..=changed, "_");
                assert!(!same(text, &other) && !same(&other, text), "{text} {other}");
            }
        }
    }
}
