//! The snapshot: a stanza as bytes, copied into the sandbox in one piece.
//!
//! Little-endian `u32`s: the format version, the counts of nodes, attributes and string bytes; then the
//! nodes (8 words each), the attributes (4 words each) and the strings. `wit/README.md` documents it for
//! SDKs in other languages.

use std::fmt;

use crate::tree::{AttributeRecord, NodeRecord, Span, Stanza};

const VERSION: u32 = 1;
const HEADER_WORDS: usize = 4;
const NODE_WORDS: usize = 8;
const ATTRIBUTE_WORDS: usize = 4;

/// Bytes that are not a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotError(&'static str);

impl fmt::Display for SnapshotError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "not a stanza snapshot: {}", self.0)
    }
}

impl std::error::Error for SnapshotError {}

impl Stanza {
    /// The snapshot of this stanza.
    pub fn encode(&self) -> Vec<u8> {
        let words = HEADER_WORDS + NODE_WORDS * self.nodes.len() + ATTRIBUTE_WORDS * self.attributes.len();
        let mut bytes = Vec::with_capacity(4 * words + self.strings.len());
        let header = [VERSION, self.nodes.len() as u32, self.attributes.len() as u32, self.strings.len() as u32];
        push(&mut bytes, header);
        for node in &self.nodes {
            push(&mut bytes, node_words(node));
        }
        for attribute in &self.attributes {
            let (name, value) = (attribute.name, attribute.value);
            push(&mut bytes, [name.start, name.length, value.start, value.length]);
        }
        bytes.extend_from_slice(self.strings.as_bytes());
        bytes
    }

    /// Reads a snapshot. Every offset is checked, so that a wrong one is an error and not a panic later.
    pub fn decode(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let mut words = Words { bytes };
        let [version, nodes, attributes, strings] = words.take()?;
        if version != VERSION {
            return Err(SnapshotError("unknown version"));
        }
        let size = 4 * (NODE_WORDS as u64 * u64::from(nodes) + ATTRIBUTE_WORDS as u64 * u64::from(attributes));
        if size + u64::from(strings) != words.bytes.len() as u64 || nodes == 0 {
            return Err(SnapshotError("wrong length"));
        }
        let nodes = (0..nodes).map(|_| words.take().map(node)).collect::<Result<Vec<_>, _>>()?;
        let attributes = (0..attributes).map(|_| words.take().map(attribute)).collect::<Result<Vec<_>, _>>()?;
        let strings = std::str::from_utf8(words.bytes).map_err(|_| SnapshotError("bad UTF-8"))?.to_owned();
        Self { nodes, attributes, strings }.checked()
    }

    fn checked(self) -> Result<Self, SnapshotError> {
        let fits = |span: Span| {
            let start = span.start as usize;
            self.strings.get(start..start.saturating_add(span.length as usize)).is_some()
        };
        let nodes_fit = self.nodes.iter().enumerate().all(|(number, node)| {
            let attributes = node.first_attribute as u64 + node.attribute_count as u64;
            fits(node.name)
                && (node.is_text() || fits(node.namespace))
                && attributes <= self.attributes.len() as u64
                && (node.parent as usize) < number.max(1)
                && (number + 1..=self.nodes.len()).contains(&(node.end as usize))
        });
        let attributes_fit = self.attributes.iter().all(|pair| fits(pair.name) && fits(pair.value));
        match nodes_fit && attributes_fit && !self.nodes[0].is_text() {
            true => Ok(self),
            false => Err(SnapshotError("offset out of bounds")),
        }
    }
}

struct Words<'a> {
    bytes: &'a [u8],
}

impl Words<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u32; N], SnapshotError> {
        let mut words = [0; N];
        for word in &mut words {
            let (first, rest) = self.bytes.split_first_chunk::<4>().ok_or(SnapshotError("too short"))?;
            *word = u32::from_le_bytes(*first);
            self.bytes = rest;
        }
        Ok(words)
    }
}

fn push<const N: usize>(bytes: &mut Vec<u8>, words: [u32; N]) {
    for word in words {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
}

fn node_words(node: &NodeRecord) -> [u32; NODE_WORDS] {
    let NodeRecord { parent, end, name, namespace, first_attribute, attribute_count } = *node;
    [parent, end, name.start, name.length, namespace.start, namespace.length, first_attribute, attribute_count]
}

fn node(words: [u32; NODE_WORDS]) -> NodeRecord {
    let [parent, end, name_start, name_length, ns_start, ns_length, first_attribute, attribute_count] = words;
    let name = Span { start: name_start, length: name_length };
    let namespace = Span { start: ns_start, length: ns_length };
    NodeRecord { parent, end, name, namespace, first_attribute, attribute_count }
}

fn attribute([name_start, name_length, value_start, value_length]: [u32; ATTRIBUTE_WORDS]) -> AttributeRecord {
    AttributeRecord {
        name: Span { start: name_start, length: name_length },
        value: Span { start: value_start, length: value_length },
    }
}

#[cfg(test)]
mod tests {
    use crate::{Limits, Stanza, xml};

    fn sample() -> Stanza {
        let text =
            "<message to='b@x' xml:lang='de'><body>hi <b xmlns='urn:b'/>there</body><x xmlns='urn:x'/></message>";
        xml::parse(text, "jabber:client", &Limits::default()).unwrap()
    }

    #[test]
    fn reads_what_it_wrote() {
        assert_eq!(Stanza::decode(&sample().encode()), Ok(sample()));
    }

    #[test]
    fn refuses_every_truncation() {
        let bytes = sample().encode();
        for length in 0..bytes.len() {
            assert!(Stanza::decode(&bytes[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn survives_every_changed_byte() {
        let bytes = sample().encode();
        for position in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[position] ^= 0xff;
            if let Ok(stanza) = Stanza::decode(&changed) {
                for element in stanza.elements() {
                    let _ = (element.name(), element.namespace(), element.text(), element.attributes().count());
                }
            }
        }
    }
}
