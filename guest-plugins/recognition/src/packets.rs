//! The outermost packets of an OpenPGP message (RFC 9580 §4.2).

use crate::opaque::Opaque;

/// Reads packets one after the other, from their headers; the bodies are skipped.
pub struct Packets<'a> {
    bytes: &'a Opaque<'a>,
    position: usize,
}

/// One packet. Of a body in several parts the first is where it starts, and the length is that of all.
#[derive(Clone, Copy, Debug)]
pub struct Packet {
    /// Its type.
    pub tag: u8,
    /// Where its body starts.
    pub start: usize,
    /// How long the first part is.
    pub part: usize,
    /// How long the body is.
    pub length: usize,
}

impl<'a> Packets<'a> {
    /// From the first.
    pub fn of(bytes: &'a Opaque<'a>) -> Self {
        Self { bytes, position: 0 }
    }

    /// Is there nothing left?
    pub fn is_done(&self) -> bool {
        self.position == self.bytes.len()
    }

    /// The next packet; none if there is none whole.
    pub fn next(&mut self) -> Option<Packet> {
        let header = self.take(1)?[0];
        match header & 0xc0 {
            0xc0 => self.in_parts(header & 0x3f),
            0x80 => self.whole((header >> 2) & 0x0f, header & 3),
            _ => None,
        }
    }

    /// The old format: the kind of length is in the header.
    fn whole(&mut self, tag: u8, kind: u8) -> Option<Packet> {
        let length = match kind {
            3 => self.bytes.len() - self.position,
            kind => number(&self.take(1 << kind)?),
        };
        let start = self.skip(length)?;
        Some(Packet { tag, start, part: length, length })
    }

    /// The current format: a body may come in parts, of which only the first has to be long. Many small
    /// ones are nobody's message.
    fn in_parts(&mut self, tag: u8) -> Option<Packet> {
        let (start, part, mut last) = self.part()?;
        let mut packet = Packet { tag, start, part, length: part };
        for _ in 0..1024 {
            if last {
                return Some(packet);
            }
            let length;
            (_, length, last) = self.part()?;
            packet.length += length;
        }
        None
    }

    /// Where a part starts, its length, and whether it is the last.
    fn part(&mut self) -> Option<(usize, usize, bool)> {
        let first = self.take(1)?[0];
        let (length, last) = match first {
            0..192 => (usize::from(first), true),
            192..224 => ((usize::from(first) - 192) * 256 + usize::from(self.take(1)?[0]) + 192, true),
            224..255 => (1 << (first & 0x1f), false),
            255 => (number(&self.take(4)?), true),
        };
        Some((self.skip(length)?, length, last))
    }

    fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        let bytes = self.bytes.read(self.position, count)?;
        self.position += count;
        Some(bytes)
    }

    fn skip(&mut self, count: usize) -> Option<usize> {
        let start = self.position;
        self.position = start.checked_add(count).filter(|end| *end <= self.bytes.len())?;
        Some(start)
    }
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| (number << 8) | usize::from(*byte))
}
