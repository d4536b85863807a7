//! Texts, and bytes written as texts: files that begin with a text in any usual encoding.
//!
//! Each model is a set of bytes of which all are equally probable. A file that has no others becomes shorter by the
//! same number of bits with every byte (in UTF-16, every second one).

use super::BITS;

/// A set of bytes that a text is written with.
pub struct Model {
    name: &'static str,
    /// Is this byte in the set?
    holds: fn(u8) -> bool,
    /// How many are.
    size: u32,
    /// Which bytes are in it: all of them, or only those whose place has this rest by two.
    place: Option<usize>,
}

const fn everywhere(name: &'static str, size: u32, holds: fn(u8) -> bool) -> Model {
    Model { name, holds, size, place: None }
}

const fn utf16(name: &'static str, place: usize, size: u32, holds: fn(u8) -> bool) -> Model {
    Model { name, holds, size, place: Some(place) }
}

/// All models but UTF-8, whose sets depend on the bytes before.
const SETS: [Model; 9] = [
    everywhere("hexadecimal", 27, is_hexadecimal),
    everywhere("words", 57, is_of_words),
    everywhere("base64", 70, is_of_base64),
    everywhere("ascii", 99, is_of_ascii),
    // Latin-1, Windows-1252, KOI8, Shift JIS, GBK, Big5, EUC: all but control characters.
    everywhere("8-bit", 227, |byte| is_of_ascii(byte) || byte >= 0x80),
    utf16("utf-16", 0, 20, is_alphabetic_high),
    utf16("utf-16", 1, 20, is_alphabetic_high),
    utf16("utf-16", 0, 160, is_any_high),
    utf16("utf-16", 1, 160, is_any_high),
];

/// The names of all models.
pub const MODELS: [&str; SETS.len() + 1] = {
    let mut names = ["utf-8"; SETS.len() + 1];
    let mut number = 0;
    while number < SETS.len() {
        names[number] = SETS[number].name;
        number += 1;
    }
    names
};

/// What the whole beginning is written in, if it is long enough to tell.
pub fn find(head: &[u8]) -> Option<&'static str> {
    let set = SETS.iter().find(|model| model.bits_saved(head) >= BITS);
    set.map(|model| model.name).or_else(|| is_utf8(head).then_some("utf-8"))
}

impl Model {
    fn bits_saved(&self, head: &[u8]) -> f64 {
        let (skipped, step) = self.place.map_or((0, 1), |place| (place, 2));
        let mut bytes = head.iter().skip(skipped).step_by(step);
        let count = bytes.len();
        if bytes.all(|byte| (self.holds)(*byte)) { count as f64 * (8.0 - f64::from(self.size).log2()) } else { 0.0 }
    }
}

/// Each byte of a character counts as one of 121. That is a code: of characters of one byte there are 99, of two 1,920, of
/// three 63,488, of four 1,048,576, and 99/121 + 1,920/121² + 63,488/121³ + 1,048,576/121⁴ is less than one.
const UTF8: f64 = 121.0;

/// The last character may be cut off.
fn is_utf8(head: &[u8]) -> bool {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or(""),
        Err(_) => return false,
    };
    let is_of_text = |letter: char| !letter.is_ascii() || is_of_ascii(letter as u8);
    text.len() as f64 * (8.0 - UTF8.log2()) >= BITS && text.chars().all(is_of_text)
}

fn is_hexadecimal(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || b" :\r\n,".contains(&byte)
}

fn is_of_words(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || b" ,.\r\n".contains(&byte)
}

/// With its variant for addresses, and in lines.
fn is_of_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=-_ \r\n".contains(&byte)
}

fn is_of_ascii(byte: u8) -> bool {
    (0x20..0x7f).contains(&byte) || b"\t\r\n\x0c".contains(&byte)
}

/// The upper half of what alphabets have, of punctuation, and of the mark at the beginning.
fn is_alphabetic_high(byte: u8) -> bool {
    byte < 0x10 || [0x1e, 0x1f, 0x20, 0xfe].contains(&byte)
}

/// That of Chinese, Japanese and Korean besides.
fn is_any_high(byte: u8) -> bool {
    matches!(byte, 0x00 | 0x20 | 0x30..=0x9f | 0xac..=0xd7 | 0xfe | 0xff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_as_large_as_they_say() {
        for (number, model) in SETS.iter().enumerate() {
            let size = (0..=u8::MAX).filter(|byte| (model.holds)(*byte)).count();
            assert_eq!(size, model.size as usize, "{} ({number})", model.name);
        }
        let kraft = 99.0 / UTF8 + 1_920.0 / UTF8.powi(2) + 63_488.0 / UTF8.powi(3) + 1_048_576.0 / UTF8.powi(4);
        assert!(kraft < 1.0, "{kraft}");
    }
}
