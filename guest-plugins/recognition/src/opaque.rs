//! Base64 that holds something other than readable text.
//!
//! A message may be half a megabyte of it and has to be judged in a few milliseconds: all of it is looked
//! over, but only what is asked for is decoded.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Canonical base64.
#[derive(Clone, Debug)]
pub struct Opaque<'a> {
    digits: Cow<'a, [u8]>,
}

const DIGIT: u8 = 0;
const WHITE_SPACE: u8 = 1;
const PADDING: u8 = 2;
const OTHER: u8 = 4;

/// What each byte is, so that a long text costs one look-up a byte.
static KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        kinds[byte] = match byte as u8 {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => DIGIT,
            b' ' | b'\t' | b'\r' | b'\n' => WHITE_SPACE,
            b'=' => PADDING,
            _ => OTHER,
        };
        byte += 1;
    }
    kinds
};

impl<'a> Opaque<'a> {
    /// Reads base64; clients wrap lines, so white space may be between. None if it is not canonical, or if
    /// what it holds begins with readable text.
    pub fn parse(text: &'a str) -> Option<Self> {
        let kinds = kinds(text.as_bytes());
        if kinds >= OTHER {
            return None;
        }
        let digits = match kinds & WHITE_SPACE {
            0 => Cow::Borrowed(text.as_bytes()),
            _ => text.bytes().filter(|byte| KINDS[usize::from(*byte)] != WHITE_SPACE).collect(),
        };
        let opaque = Self { digits };
        let is_base64 = opaque.digits.len().is_multiple_of(4) && (kinds & PADDING == 0 || opaque.ends_well());
        (is_base64 && !is_readable(&opaque.start())).then_some(opaque)
    }

    /// How many bytes it holds.
    pub fn len(&self) -> usize {
        self.digits.len() / 4 * 3 - self.padding()
    }

    /// Does it hold nothing?
    pub fn is_empty(&self) -> bool {
        self.digits.is_empty()
    }

    /// Was there no white space between?
    pub fn is_packed(&self) -> bool {
        matches!(self.digits, Cow::Borrowed(_))
    }

    /// Some of the bytes; none if it does not hold them.
    pub fn read(&self, start: usize, count: usize) -> Option<Vec<u8>> {
        let end = start.checked_add(count).filter(|end| *end <= self.len())?;
        let first = start / 3;
        let groups = STANDARD.decode(&self.digits[first * 4..end.div_ceil(3) * 4]).ok()?;
        groups.get(start - first * 3..end - first * 3).map(<[u8]>::to_vec)
    }

    /// Do these bytes begin with readable text?
    pub fn is_readable(&self, start: usize, count: usize) -> bool {
        self.read(start, count.min(GLIMPSE)).is_some_and(|bytes| is_readable(&bytes))
    }

    fn start(&self) -> Vec<u8> {
        self.read(0, self.len().min(GLIMPSE)).unwrap_or_default()
    }

    fn padding(&self) -> usize {
        self.digits.iter().rev().take_while(|digit| **digit == b'=').count()
    }

    /// Padding is at the end, and the bits it leaves over are zero.
    fn ends_well(&self) -> bool {
        match self.digits.as_ref() {
            [digits @ .., last, b'=', b'='] => kinds(digits) & PADDING == 0 && b"AQgw".contains(last),
            [digits @ .., last, b'='] => kinds(digits) & PADDING == 0 && b"AEIMQUYcgkosw048".contains(last),
            _ => false,
        }
    }
}

/// Everything that is in a text, eight bytes at a time.
fn kinds(text: &[u8]) -> u8 {
    let kind = |byte: u8| KINDS[usize::from(byte)];
    let (eights, rest) = text.as_chunks::<8>();
    let most = eights.iter().fold(0, |kinds, [a, b, c, d, e, f, g, h]| {
        kinds | kind(*a) | kind(*b) | kind(*c) | kind(*d) | kind(*e) | kind(*f) | kind(*g) | kind(*h)
    });
    rest.iter().fold(most, |kinds, byte| kinds | kind(*byte))
}

/// So many bytes tell a text from anything else.
const GLIMPSE: usize = 24;

/// Could a person read this?
///
/// A short ciphertext may look like it by chance: of six random bytes all are letters once in 12,000 times,
/// of eight all belong into a sentence once in 28,000, and sixteen are any text once in 500,000. Only a few
/// messages are that short, so a person meets this about once in a million messages.
pub fn is_readable(bytes: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b' ';
    let is_of_a_sentence = |byte: &u8| is_letter(byte) || byte.is_ascii_digit() || b".,:;!?'-".contains(byte);
    match bytes.len() {
        0..6 => false,
        6..8 => bytes.iter().all(is_letter),
        8..16 => bytes.iter().all(is_of_a_sentence),
        _ => is_text(bytes),
    }
}

/// A character that is cut off at the end still is one.
fn is_text(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
        Err(_) => return false,
    };
    text.chars().all(|character| !character.is_control() || character.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
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
        ] {
            assert!(Opaque::parse(refused).is_none(), "{refused}");
        }
    }

    #[test]
    fn reads_any_part() {
        let bytes: Vec<u8> = (128..228).collect();
        let text = STANDARD.encode(&bytes);
        let opaque = Opaque::parse(&text).unwrap();
        for start in 0..bytes.len() {
            for count in 0..bytes.len() - start {
                assert_eq!(opaque.read(start, count).as_deref(), Some(&bytes[start..start + count]));
            }
        }
    }

    #[test]
    fn takes_short_bytes_for_what_they_are() {
        assert!(!is_readable(b"okay"));
        assert!(!is_readable(b"\x00secret"));
        assert!(is_readable(b"SECRET") && is_readable(b"SECRET 1!"));
        assert!(is_readable("в полдень под часами".as_bytes()));
        assert!(is_readable(&"в полдень под часами, как всегда".as_bytes()[..37]));
    }
}
