//! Base64 that holds something other than readable text.
//!
//! A message may be half a megabyte of it and has to be judged in a few milliseconds: all of it is looked
//! over, but only what is asked for is decoded.

use std::borrow::Cow;

use crate::readable::{GLIMPSE, is_never_in_text, is_readable};

/// Canonical base64.
#[derive(Clone, Debug)]
pub struct Opaque<'a> {
    digits: Cow<'a, [u8]>,
}

/// What each digit stands for.
static VALUES: [u8; 256] = {
    let mut values = [0; 256];
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut value = 0;
    while value < 64 {
        values[digits[value] as usize] = value as u8;
        value += 1;
    }
    values
};

/// More lines than a message has.
const MOST_LINES: usize = 16 * 1024;

impl<'a> Opaque<'a> {
    /// Reads base64, perhaps in lines. None if it is not canonical, or if what it holds begins with readable
    /// text.
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim_ascii();
        let digits = match text.as_bytes() {
            line if is_canonical(line) => Cow::Borrowed(line),
            lines if lines.contains(&b'\n') => Cow::Owned(joined(text).filter(|line| is_canonical(line))?),
            _ => return None,
        };
        let opaque = Self { digits };
        (!opaque.is_readable(0, opaque.len())).then_some(opaque)
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
        let mut bytes = Vec::with_capacity(count + 4);
        bytes.extend(self.groups(start, end).flatten());
        bytes.truncate(end - start / 3 * 3);
        bytes.drain(..start % 3);
        Some(bytes)
    }

    /// Do these bytes begin with readable text?
    pub fn is_readable(&self, start: usize, count: usize) -> bool {
        let Some(end) = start.checked_add(count.min(GLIMPSE)).filter(|end| *end <= self.len()) else { return false };
        // Every key of a message is asked this: nothing is allocated for it, and ciphertext soon has a byte that no text has.
        let first = start / 3 * 3;
        let mut bytes = [[0; 3]; GLIMPSE / 3 + 1];
        for ((place, group), at) in bytes.iter_mut().zip(self.groups(start, end)).zip((first..).step_by(3)) {
            if at >= start && at + 3 <= end && group.into_iter().any(is_never_in_text) {
                return false;
            }
            *place = group;
        }
        is_readable(&bytes.as_flattened()[start - first..end - first])
    }

    /// The bytes from `start` to `end` by threes, with those of the first and the last three that are not asked for.
    fn groups(&self, start: usize, end: usize) -> impl Iterator<Item = [u8; 3]> {
        let value = |digit: u8| u32::from(VALUES[usize::from(digit)]);
        self.digits[start / 3 * 4..end.div_ceil(3) * 4].as_chunks::<4>().0.iter().map(move |[a, b, c, d]| {
            let [_, first, second, third] =
                ((value(*a) << 18) | (value(*b) << 12) | (value(*c) << 6) | value(*d)).to_be_bytes();
            [first, second, third]
        })
    }
}

/// Whole groups of digits, then padding whose left-over bits are zero.
fn is_canonical(line: &[u8]) -> bool {
    line.len().is_multiple_of(4)
        && match line {
            [digits @ .., last, b'=', b'='] => is_digits(digits) && b"AQgw".contains(last),
            [digits @ .., last, b'='] => is_digits(digits) && b"AEIMQUYcgkosw048".contains(last),
            digits => is_digits(digits),
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

/// Is this nothing but digits of base64? This is what a large message costs: without a branch or a table, a compiler makes
/// sixteen at a time of it.
pub fn is_digits(text: &[u8]) -> bool {
    // A slash is the one before the figures.
    let is_digit =
        |byte: u8| ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'/') <= b'9' - b'/') | (byte == b'+');
    text.iter().fold(true, |all, byte| all & is_digit(*byte))
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
    fn knows_every_digit() {
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for byte in 0..=u8::MAX {
            for text in [[byte; 1].as_slice(), &[byte; 40], &[&[b'A'; 39][..], &[byte]].concat()] {
                assert_eq!(is_digits(text), digits.contains(&byte), "{byte}");
            }
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
