//! Looking at a stanza.

use std::borrow::Cow;

use crate::tree::{NodeRecord, Stanza};
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

impl<'a> Element<'a> {
    fn record(self) -> &'a NodeRecord {
        &self.stanza.nodes[self.number as usize]
    }

    /// Its node number, by which edits name it.
    pub fn number(self) -> u32 {
        self.number
    }

    /// Its name, without prefix.
    pub fn name(self) -> &'a str {
        self.stanza.string(self.record().name)
    }

    /// Its effective namespace.
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
        self.attributes().find(|(key, _)| same(key, name)).map(|(_, value)| value)
    }

    /// All attributes, by name, in a fixed order.
    pub fn attributes(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let (stanza, record) = (self.stanza, self.record());
        let first = record.first_attribute as usize;
        stanza.attributes[first..first + record.attribute_count as usize]
            .iter()
            .map(move |attribute| (stanza.string(attribute.name), stanza.string(attribute.value)))
    }

    /// The children, elements and texts, in order.
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

/// The same text? In a sandbox each turn of a loop is counted, so that comparing byte by byte is what takes the most time
/// of reading a message.
fn same(one: &str, other: &str) -> bool {
    let ((one, one_rest), (other, other_rest)) = (one.as_bytes().as_chunks::<8>(), other.as_bytes().as_chunks::<8>());
    let words = |chunks: &[[u8; 8]], index: usize| u64::from_le_bytes(chunks[index]);
    one.len() == other.len()
        && one_rest.len() == other_rest.len()
        && (0..one.len()).all(|index| words(one, index) == words(other, index))
        && one_rest == other_rest
}
