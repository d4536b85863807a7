//! The outermost packets of an OpenPGP message (RFC 9580 §4.2).

/// One packet. Of a body in several parts only the first is kept, with the length of all.
pub struct Packet<'a> {
    /// Its type.
    pub tag: u8,
    /// Its body, or the first part of it.
    pub body: &'a [u8],
    /// The length of the whole body.
    pub length: usize,
}

/// Takes the first packet off `bytes`; none if they do not hold one whole.
pub fn next<'a>(bytes: &mut &'a [u8]) -> Option<Packet<'a>> {
    let header = take(bytes, 1)?[0];
    match header & 0xc0 {
        0xc0 => in_parts(header & 0x3f, bytes),
        0x80 => whole((header >> 2) & 0x0f, header & 3, bytes),
        _ => None,
    }
}

/// The old format: the kind of length is in the header.
fn whole<'a>(tag: u8, kind: u8, bytes: &mut &'a [u8]) -> Option<Packet<'a>> {
    let length = match kind {
        3 => bytes.len(),
        kind => number(take(bytes, 1 << kind)?),
    };
    Some(Packet { tag, body: take(bytes, length)?, length })
}

/// The current format: a body may come in parts.
fn in_parts<'a>(tag: u8, bytes: &mut &'a [u8]) -> Option<Packet<'a>> {
    let (mut part, mut last) = part(bytes)?;
    let mut packet = Packet { tag, body: part, length: part.len() };
    while !last {
        (part, last) = self::part(bytes)?;
        packet.length += part.len();
    }
    Some(packet)
}

/// One part, and whether it is the last.
fn part<'a>(bytes: &mut &'a [u8]) -> Option<(&'a [u8], bool)> {
    let first = take(bytes, 1)?[0];
    let (length, last) = match first {
        0..192 => (first as usize, true),
        192..224 => ((first as usize - 192) * 256 + take(bytes, 1)?[0] as usize + 192, true),
        224..255 => (1 << (first & 0x1f), false),
        255 => (number(take(bytes, 4)?), true),
    };
    Some((take(bytes, length)?, last))
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (head, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(head)
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |number, byte| (number << 8) | *byte as usize)
}
