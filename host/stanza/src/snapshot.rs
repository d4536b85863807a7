//! The snapshot: a stanza as bytes, copied into the sandbox in one piece.
//!
//! Little-endian `u32`s: the format version, the counts of nodes, attributes and string bytes; then the
//! nodes (8 words each), the attributes (4 words each) and the strings. `wit/README.md` documents it for
//! SDKs in other languages.

use std::fmt;

use bytemuck::{cast_slice, pod_collect_to_vec};

use crate::tree::{AttributeRecord, NodeRecord, Span, Stanza};

const VERSION: u32 = 1;
const HEADER_BYTES: usize = 16;
const NODE_BYTES: usize = size_of::<NodeRecord>();
const ATTRIBUTE_BYTES: usize = size_of::<AttributeRecord>();

// The records are copied as they are in memory. All machines that this runs on count from the little end.
const _: () = assert!(cfg!(target_endian = "little") && NODE_BYTES == 32 && ATTRIBUTE_BYTES == 16);

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
        let header = [VERSION, self.nodes.len() as u32, self.attributes.len() as u32, self.strings.len() as u32];
        let parts =
            [cast_slice(&header), cast_slice(&self.nodes), cast_slice(&self.attributes), self.strings.as_bytes()];
        parts.concat()
    }

    /// Reads a snapshot. Every offset is checked, so that a wrong one is an error and not a panic later.
    pub fn decode(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let (header, records) = bytes.split_at_checked(HEADER_BYTES).ok_or(SnapshotError("too short"))?;
        let [version, nodes, attributes, strings] = pod_collect_to_vec::<u8, u32>(header)[..] else {
            return Err(SnapshotError("too short"));
        };
        if version != VERSION {
            return Err(SnapshotError("unknown version"));
        }
        let (nodes, attributes) =
            (NODE_BYTES as u64 * u64::from(nodes), ATTRIBUTE_BYTES as u64 * u64::from(attributes));
        if nodes + attributes + u64::from(strings) != records.len() as u64 || nodes == 0 {
            return Err(SnapshotError("wrong length"));
        }
        let (nodes, records) = records.split_at(nodes as usize);
        let (attributes, strings) = records.split_at(attributes as usize);
        let strings = std::str::from_utf8(strings).map_err(|_| SnapshotError("bad UTF-8"))?.to_owned();
        Self { nodes: pod_collect_to_vec(nodes), attributes: pod_collect_to_vec(attributes), strings }.checked()
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
