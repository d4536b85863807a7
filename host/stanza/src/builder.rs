//! Building a stanza from a walk over something else, limits first.

use crate::tree::{AttributeRecord, NodeRecord, Span, Stanza, TEXT};
use crate::{Excess, Limits, STREAM_NAMESPACE, is_stream};

/// Builds a [`Stanza`] in document order: `open`, its `attribute`s, its content, `close`.
///
/// Every call checks the limits before it copies anything. Strings are bytes here: whether they are UTF-8 is looked at once
/// for all of them, at the end, which takes a tenth of the time.
#[derive(Debug, Default)]
pub struct Builder {
    nodes: Vec<NodeRecord>,
    attributes: Vec<AttributeRecord>,
    strings: Vec<u8>,
    open: Vec<u32>,
    text: usize,
    limits: Limits,
}

impl Builder {
    /// An empty builder.
    pub fn new(limits: Limits) -> Self {
        // Room for an ordinary message, so that it grows nothing on the way, in pieces that every allocator has at hand.
        Self {
            nodes: Vec::with_capacity(16),
            attributes: Vec::with_capacity(32),
            strings: Vec::with_capacity(1_024),
            open: Vec::with_capacity(8),
            text: 0,
            limits,
        }
    }

    /// Starts an element. `namespace` is the one written on it; without, it inherits its parent's.
    pub fn open(&mut self, name: &[u8], namespace: Option<&[u8]>) -> Result<(), Excess> {
        if self.open.len() >= self.limits.depth {
            return Err(Excess::Depth);
        }
        if self.open.is_empty() && !self.nodes.is_empty() || name.is_empty() {
            return Err(Excess::Malformed);
        }
        let name = self.intern(name)?;
        let namespace = self.namespace(namespace)?;
        let number = self.push(name, namespace)?;
        self.open.push(number);
        Ok(())
    }

    /// Adds an attribute to the element opened last, before its content.
    pub fn attribute(&mut self, name: &[u8], value: &[u8]) -> Result<(), Excess> {
        let attribute = AttributeRecord { name: self.intern(name)?, value: self.intern(value)? };
        let element = self.nodes.last_mut().ok_or(Excess::Malformed)?;
        if element.is_text() {
            return Err(Excess::Malformed);
        }
        if element.attribute_count as usize >= self.limits.attributes {
            return Err(Excess::Attributes);
        }
        element.attribute_count += 1;
        self.attributes.push(attribute);
        self.is_room_for_more()
    }

    /// Adds a text. White space counts; an empty text is a node as well.
    pub fn text(&mut self, text: &[u8]) -> Result<(), Excess> {
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
        let end = self.nodes.len() as u32;
        self.nodes[number as usize].end = end;
        self.sort_attributes(number);
        Ok(())
    }

    /// The stanza, when every element is closed and every string is UTF-8. The strings are one after the other in the buffer, so
    /// each ends where another begins: what is UTF-8 as a whole can only be cut inside a character.
    pub fn finish(self) -> Result<Stanza, Excess> {
        if !self.open.is_empty() || self.nodes.is_empty() {
            return Err(Excess::Malformed);
        }
        let Self { nodes, attributes, strings, .. } = self;
        let strings = String::from_utf8(strings).map_err(|_| Excess::Malformed)?;
        let stanza = Stanza { nodes, attributes, strings };
        if stanza.strings.is_ascii() || stanza.spans().all(|span| stanza.strings.is_char_boundary(span.start as usize))
        {
            return Ok(stanza);
        }
        Err(Excess::Malformed)
    }

    fn push(&mut self, name: Span, namespace: Span) -> Result<u32, Excess> {
        let number = self.nodes.len();
        self.nodes.push(NodeRecord {
            parent: self.open.last().copied().unwrap_or_default(),
            end: number as u32 + 1,
            name,
            namespace,
            first_attribute: self.attributes.len() as u32,
            attribute_count: 0,
        });
        self.is_room_for_more()?;
        Ok(number as u32)
    }

    fn is_room_for_more(&self) -> Result<(), Excess> {
        let things = self.nodes.len() + self.attributes.len();
        if things > self.limits.nodes { Err(Excess::Nodes) } else { Ok(()) }
    }

    fn namespace(&mut self, explicit: Option<&[u8]>) -> Result<Span, Excess> {
        let inherited = self.open.last().map(|parent| self.nodes[*parent as usize].namespace);
        let effective = |name| if is_stream(name) { STREAM_NAMESPACE.as_bytes() } else { name };
        let name = match (explicit.map(effective), inherited) {
            (None, Some(inherited)) => return Ok(inherited),
            (None, None) => STREAM_NAMESPACE.as_bytes(),
            (Some(name), Some(inherited)) if piece(&self.strings, inherited) == name => return Ok(inherited),
            (Some(name), _) => name,
        };
        self.intern(name)
    }

    fn intern(&mut self, text: &[u8]) -> Result<Span, Excess> {
        let start = self.strings.len();
        if text.len() > self.limits.bytes - start {
            return Err(Excess::Bytes);
        }
        self.strings.extend_from_slice(text);
        Ok(Span { start: start as u32, length: text.len() as u32 })
    }

    /// Lua's tables have no order; a policy must see the same stanza every time.
    fn sort_attributes(&mut self, number: u32) {
        let record = self.nodes[number as usize];
        let Self { attributes, strings, .. } = self;
        let first = record.first_attribute as usize;
        attributes[first..first + record.attribute_count as usize]
            .sort_by_key(|attribute| piece(strings, attribute.name));
    }
}

fn piece(strings: &[u8], span: Span) -> &[u8] {
    let start = span.start as usize;
    &strings[start..start + span.length as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(texts: &[&[u8]]) -> Result<Stanza, Excess> {
        let mut builder = Builder::new(Limits::default());
        builder.open(b"message", None)?;
        texts.iter().try_for_each(|text| builder.text(text))?;
        builder.close()?;
        builder.finish()
    }

    #[test]
    fn each_string_is_utf8() {
        let sound = built(&["é".as_bytes(), b"", "ü".as_bytes()]).unwrap();
        assert_eq!((sound.text_node(1), sound.text_node(2), sound.text_node(3)), (Some("é"), Some(""), Some("ü")));
        let whole = "aéb".as_bytes();
        for cut in 0..=whole.len() {
            let is_sound = std::str::from_utf8(&whole[..cut]).is_ok();
            assert_eq!(built(&[&whole[..cut], &whole[cut..]]).is_ok(), is_sound, "{cut}");
        }
        assert_eq!(built(&[b"\xff"]), Err(Excess::Malformed));
    }
}
