//! The flat tree: three arrays, no pointers, no recursion.

use bytemuck::{Pod, Zeroable};

use crate::Element;

/// A stanza: elements and texts in document order, every string in one buffer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stanza {
    pub(crate) nodes: Vec<NodeRecord>,
    pub(crate) attributes: Vec<AttributeRecord>,
    pub(crate) strings: String,
}

/// A piece of [`Stanza::strings`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct Span {
    pub start: u32,
    pub length: u32,
}

/// An element, or a text when `namespace` is [`TEXT`]. In memory as the snapshot has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct NodeRecord {
    pub parent: u32,
    /// The number after the last node inside this one.
    pub end: u32,
    /// The element's name, or the text itself.
    pub name: Span,
    pub namespace: Span,
    pub first_attribute: u32,
    pub attribute_count: u32,
}

/// In memory as the snapshot has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub(crate) struct AttributeRecord {
    pub name: Span,
    pub value: Span,
}

/// The namespace of a text node.
pub(crate) const TEXT: Span = Span { start: u32::MAX, length: u32::MAX };

impl NodeRecord {
    #[inline]
    pub(crate) fn is_text(&self) -> bool {
        self.namespace == TEXT
    }
}

impl Stanza {
    /// The stanza itself: `message`, `presence` or `iq`.
    pub fn root(&self) -> Element<'_> {
        Element { stanza: self, number: 0 }
    }

    /// The element with this number, if it is one.
    pub fn element(&self, number: u32) -> Option<Element<'_>> {
        let record = self.nodes.get(number as usize)?;
        (!record.is_text()).then_some(Element { stanza: self, number })
    }

    /// How many nodes there are, elements and texts.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Is there nothing, not even a stanza? Only a [`Default`] one is empty.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All elements in document order, the stanza itself first.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        (0..self.nodes.len() as u32).filter_map(|number| self.element(number))
    }

    /// The text of a text node.
    pub fn text_node(&self, number: u32) -> Option<&str> {
        let record = self.nodes.get(number as usize)?;
        record.is_text().then(|| self.string(record.name))
    }

    /// All strings: names and namespaces, texts, attributes.
    pub(crate) fn spans(&self) -> impl Iterator<Item = Span> {
        let texts = |node: &NodeRecord| if node.is_text() { [node.name; 2] } else { [node.name, node.namespace] };
        let attributes = self.attributes.iter().flat_map(|attribute| [attribute.name, attribute.value]);
        self.nodes.iter().flat_map(texts).chain(attributes)
    }

    #[inline]
    pub(crate) fn string(&self, span: Span) -> &str {
        let start = span.start as usize;
        &self.strings[start..start + span.length as usize]
    }
}
