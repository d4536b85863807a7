//! Numbers: decimal, hexadecimal, and the three that Prosody writes as divisions.

use super::{Mistake, Reader};

impl Reader<'_> {
    pub(super) fn number(&mut self) -> Result<f64, Mistake> {
        for (written, value) in [("(1/0)", f64::INFINITY), ("(-1/0)", f64::NEG_INFINITY), ("(0/0)", f64::NAN)] {
            if self.text[self.at..].starts_with(written.as_bytes()) {
                self.at += written.len();
                return Ok(value);
            }
        }
        let start = self.at;
        let length = numeral_length(&self.text[start..]);
        let numeral = str::from_utf8(&self.text[start..start + length]).unwrap_or_default();
        match value(numeral) {
            Some(value) => {
                self.at += length;
                Ok(value)
            }
            None => self.mistake("not a number"),
        }
    }
}

/// A sign, digits and letters, and the sign of an exponent.
fn numeral_length(text: &[u8]) -> usize {
    let mut before = 0;
    let belongs = |byte: &&u8| {
        let is_sign = matches!(**byte, b'-' | b'+') && matches!(before, 0 | b'e' | b'E' | b'p' | b'P');
        before = **byte;
        is_sign || byte.is_ascii_alphanumeric() || **byte == b'.'
    };
    text.iter().take_while(belongs).count()
}

fn value(numeral: &str) -> Option<f64> {
    let (sign, digits) = numeral.strip_prefix('-').map_or((1.0, numeral), |digits| (-1.0, digits));
    let begins_well = digits.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    let value = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hexadecimal) => u64::from_str_radix(hexadecimal, 16).ok()? as f64,
        None if begins_well => digits.parse().ok()?,
        None => return None,
    };
    Some(sign * value)
}
