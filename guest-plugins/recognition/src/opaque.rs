//! Base64 that holds something other than readable text.
//!
//! A message may be half a megabyte of it and has to be judged in a few milliseconds: all of it is looked
//! over, but only what is asked for is decoded.

use std::borrow::Cow;

use crate::readable::{GLIMPSE, is_readable};

/// Canonical base64.
#[derive(Clone, Debug)]
pub struct Opaque<'a> {
    digits: Cow<'a, [u8]>,
}

const PADDING: u8 = 0x40;
const OTHER: u8 = 0x80;

/// What each byte stands for: 0 to 63, the end, or nothing.
static VALUES: [u8; 256] = {
    let mut values = [OTHER; 256];
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < 64 {
        values[digits[value] as usize] = value as u8;
        value += 1;
    }
    values[b'=' as usize] = PADDING;
    values
};

/// More lines than a message has.
const MOST_LINES: usize = 16 * 1024;

impl<'a> Opaque<'a> {
    /// Reads base64, perhaps in lines. None if it is not canonical, or if what it holds begins with readable
    /// text.
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim_ascii();
        let digits = if text.contains('\n') { Cow::Owned(joined(text)?) } else { Cow::Borrowed(text.as_bytes()) };
        let opaque = Self { digits };
        let whole = opaque.digits.len().is_multiple_of(4);
        (whole && opaque.ends_well() && !opaque.is_readable(0, opaque.len())).then_some(opaque)
    }

    /// How many bytes it holds.
    pub fn len(&self) -> usize {
        let padding = self.digits.iter().rev().take_while(|digit| **digit == b'=').count();
        self.digits.len() / 4 * 3 - padding
    }

    /// Does it hold nothing?
    pub fn is_empty(&self) -> bool {
        self.digits.is_empty()
    }

    /// Is it all in one line?
    pub fn is_one_line(&self) -> bool {
        matches!(self.digits, Cow::Borrowed(_))
    }

    /// Some of the bytes; none if it does not hold them.
    pub fn read(&self, start: usize, count: usize) -> Option<Vec<u8>> {
        let end = start.checked_add(count).filter(|end| *end <= self.len())?;
        let first = start / 3;
        let mut bytes = Vec::with_capacity(count + 4);
        for group in self.digits[first * 4..end.div_ceil(3) * 4].as_chunks::<4>().0 {
            let value = |place: usize| u32::from(VALUES[usize::from(group[place])] & 0x3f);
            let whole = (value(0) << 18) | (value(1) << 12) | (value(2) << 6) | value(3);
            bytes.extend_from_slice(&whole.to_be_bytes()[1..]);
        }
        bytes.truncate(end - first * 3);
        bytes.drain(..start - first * 3);
        Some(bytes)
    }

    /// Do these bytes begin with readable text?
    pub fn is_readable(&self, start: usize, count: usize) -> bool {
        self.read(start, count.min(GLIMPSE)).is_some_and(|bytes| is_readable(&bytes))
    }

    /// Digits, then padding whose left-over bits are zero.
    fn ends_well(&self) -> bool {
        match self.digits.as_ref() {
            [digits @ .., last, b'=', b'='] => is_digits(digits) && b"AQgw".contains(last),
            [digits @ .., last, b'='] => is_digits(digits) && b"AEIMQUYcgkosw048".contains(last),
            digits => is_digits(digits),
        }
    }
}

/// Without the breaks between lines.
fn joined(text: &str) -> Option<Vec<u8>> {
    let mut digits = Vec::with_capacity(text.len());
    for (number, line) in text.split('\n').enumerate() {
        digits.extend_from_slice(line.trim_ascii().as_bytes());
        if number > MOST_LINES {
            return None;
        }
    }
    Some(digits)
}

/// Is this nothing but digits of base64? Eight at a time: this is what a large message costs.
pub fn is_digits(text: &[u8]) -> bool {
    let value = |byte: u8| VALUES[usize::from(byte)];
    let (eights, rest) = text.as_chunks::<8>();
    let most = eights.iter().fold(0, |all, [a, b, c, d, e, f, g, h]| {
        all | value(*a) | value(*b) | value(*c) | value(*d) | value(*e) | value(*f) | value(*g) | value(*h)
    });
    rest.iter().fold(most, |all, byte| all | value(*byte)) < PADDING
}

#[cfg(test)]
mod tests {
    use base64::Engine;

    use super::*;

    #[test]
    fn reads_what_is_not_text() {
        let opaque = Opaque::parse("AAEC\n AwQ= ").unwrap();
        assert_eq!((opaque.len(), opaque.read(1, 3), opaque.read(3, 3)), (5, Some(vec![1, 2, 3]), None));
        assert_eq!(Opaque::parse("").map(|empty| empty.len()), Some(0));
        for refused in [
            "SECRET",
            "AAE",
            "AAEC=",
            "AA==AAEC",
            "A===",
            "====",
            "AAF=",
            "U0VDUkVU",
            "QXQgbm9vbiwgdW5kZXIgdGhlIGNsb2NrLg==",
            "AA-_",
            "AA EC",
        ] {
            assert!(Opaque::parse(refused).is_none(), "{refused}");
        }
    }

    #[test]
    fn reads_any_part() {
        // All parts, of which there are as many as the square of this; Miri takes minutes for them.
        let bytes: Vec<u8> = if cfg!(miri) { (128..150).collect() } else { (128..228).collect() };
        let text = base64::engine::general_purpose::STANDARD.encode(&bytes);
        let opaque = Opaque::parse(&text).unwrap();
        for start in 0..bytes.len() {
            for count in 0..bytes.len() - start {
                assert_eq!(opaque.read(start, count).as_deref(), Some(&bytes[start..start + count]));
            }
        }
    }
}
