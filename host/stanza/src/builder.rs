//! Building a stanza from a walk over something else, limits first.

use crate::tree::{AttributeRecord, NodeRecord, Span, Stanza, TEXT};
use crate::{Excess, Limits, STREAM_NAMESPACE, effective};

/// Builds a [`Stanza`] in document order: `open`, its `attribute`s, its content, `close`.
///
/// Every call checks the limits before it copies anything.
#[derive(Debug, Default)]
pub struct Builder {
    stanza: Stanza,
    open: Vec<u32>,
    text: usize,
    limits: Limits,
}

impl Builder {
    /// An empty builder.
    pub fn new(limits: Limits) -> Self {
        // Room for an ordinary message, so that it grows nothing on the way, in pieces that every allocator has at hand.
        let stanza = Stanza {
            nodes: Vec::with_capacity(16),
            attributes: Vec::with_capacity(32),
            strings: String::with_capacity(1_024),
        };
        Self { stanza, limits, open: Vec::with_capacity(8), ..Self::default() }
    }

    /// Starts an element. `namespace` is the one written on it; without, it inherits its parent's.
    pub fn open(&mut self, name: &str, namespace: Option<&str>) -> Result<(), Excess> {
        if self.open.len() >= self.limits.depth {
            return Err(Excess::Depth);
        }
        if self.open.is_empty() && !self.stanza.is_empty() || name.is_empty() {
            return Err(Excess::Malformed);
        }
        let name = self.intern(name)?;
        let namespace = self.namespace(namespace)?;
        let number = self.push(name, namespace)?;
        self.open.push(number);
        Ok(())
    }

    /// Adds an attribute to the element opened last, before its content.
    pub fn attribute(&mut self, name: &str, value: &str) -> Result<(), Excess> {
        let attribute = AttributeRecord { name: self.intern(name)?, value: self.intern(value)? };
        let element = self.stanza.nodes.last_mut().ok_or(Excess::Malformed)?;
        if element.is_text() {
            return Err(Excess::Malformed);
        }
        if element.attribute_count as usize >= self.limits.attributes {
            return Err(Excess::Attributes);
        }
        element.attribute_count += 1;
        self.stanza.attributes.push(attribute);
        self.is_room_for_more()
    }

    /// Adds a text. White space counts; an empty text is a node as well.
    pub fn text(&mut self, text: &str) -> Result<(), Excess> {
        if self.open.is_empty() {
            return Err(Excess::Malformed);
        }
        self.text += text.len();
        if self.text > self.limits.text {
            return Err(Excess::Bytes);
        }
        let text = self.intern(text)?;
        self.push(text, TEXT).map(drop)
    }

    /// Ends the element opened last.
    pub fn close(&mut self) -> Result<(), Excess> {
        let number = self.open.pop().ok_or(Excess::Malformed)?;
        let end = self.stanza.nodes.len() as u32;
        self.stanza.nodes[number as usize].end = end;
        self.sort_attributes(number);
        Ok(())
    }

    /// The stanza, when every element is closed.
    pub fn finish(self) -> Result<Stanza, Excess> {
        if !self.open.is_empty() || self.stanza.is_empty() {
            return Err(Excess::Malformed);
        }
        Ok(self.stanza)
    }

    fn push(&mut self, name: Span, namespace: Span) -> Result<u32, Excess> {
        let number = self.stanza.nodes.len();
        self.stanza.nodes.push(NodeRecord {
            parent: self.open.last().copied().unwrap_or_default(),
            end: number as u32 + 1,
            name,
            namespace,
            first_attribute: self.stanza.attributes.len() as u32,
            attribute_count: 0,
        });
        self.is_room_for_more()?;
        Ok(number as u32)
    }

    fn is_room_for_more(&self) -> Result<(), Excess> {
        let things = self.stanza.nodes.len() + self.stanza.attributes.len();
        if things > self.limits.nodes { Err(Excess::Nodes) } else { Ok(()) }
    }

    fn namespace(&mut self, explicit: Option<&str>) -> Result<Span, Excess> {
        let inherited = self.open.last().map(|parent| self.stanza.nodes[*parent as usize].namespace);
        let name = match (explicit.map(effective), inherited) {
            (None, Some(inherited)) => return Ok(inherited),
            (None, None) => STREAM_NAMESPACE,
            (Some(name), Some(inherited)) if self.stanza.string(inherited) == name => return Ok(inherited),
            (Some(name), _) => name,
        };
        self.intern(name)
    }

    fn intern(&mut self, text: &str) -> Result<Span, Excess> {
        let start = self.stanza.strings.len();
        if text.len() > self.limits.bytes - start {
            return Err(Excess::Bytes);
        }
        self.stanza.strings.push_str(text);
        Ok(Span { start: start as u32, length: text.len() as u32 })
    }

    /// Lua's tables have no order; a policy must see the same stanza every time.
    fn sort_attributes(&mut self, number: u32) {
        let record = self.stanza.nodes[number as usize];
        let Stanza { attributes, strings, .. } = &mut self.stanza;
        let first = record.first_attribute as usize;
        let name = |span: Span| &strings[span.start as usize..(span.start + span.length) as usize];
        attributes[first..first + record.attribute_count as usize].sort_by_key(|attribute| name(attribute.name));
    }
}
