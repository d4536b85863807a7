//! Strings: in quotes with escapes, and in long brackets. Bytes that are not UTF-8 are replaced.

use super::{Mistake, Reader};

impl Reader<'_> {
    pub(super) fn string(&mut self) -> Result<String, Mistake> {
        match self.peek() {
            Some(quote @ (b'"' | b'\'')) => self.quoted(quote),
            _ => self.long_string(),
        }
    }

    fn quoted(&mut self, quote: u8) -> Result<String, Mistake> {
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.iter().take_while(|byte| !matches!(**byte, b'\\' | b'\n') && **byte != quote).count();
            bytes.extend_from_slice(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'\\') => self.escape(&mut bytes)?,
                Some(byte) if byte == quote => {
                    self.at += 1;
                    return Ok(text(bytes));
                }
                _ => return self.mistake("a string without an end"),
            }
        }
    }

    fn escape(&mut self, bytes: &mut Vec<u8>) -> Result<(), Mistake> {
        self.at += 1;
        let Some(letter) = self.peek() else { return self.mistake("a string without an end") };
        match letter {
            b'0'..=b'9' => return self.decimal(bytes),
            b'x' => return self.hexadecimal(bytes),
            b'u' => return self.character(bytes),
            b'z' => {
                let rest = &self.text[self.at + 1..];
                self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            }
            letter => match simple(letter) {
                Some(byte) => bytes.push(byte),
                None => return self.mistake("an unknown escape"),
            },
        }
        self.at += 1;
        Ok(())
    }

    /// `\ddd`: up to three digits.
    fn decimal(&mut self, bytes: &mut Vec<u8>) -> Result<(), Mistake> {
        let rest = &self.text[self.at..];
        let digits = rest.iter().take(3).take_while(|byte| byte.is_ascii_digit());
        let (length, value) =
            digits.fold((0, 0_u32), |(length, value), digit| (length + 1, value * 10 + u32::from(digit - b'0')));
        match u8::try_from(value) {
            Ok(byte) => bytes.push(byte),
            Err(_) => return self.mistake("an escape beyond 255"),
        }
        self.at += length;
        Ok(())
    }

    /// `\xhh`.
    fn hexadecimal(&mut self, bytes: &mut Vec<u8>) -> Result<(), Mistake> {
        let digits = self.text.get(self.at + 1..self.at + 3).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let byte = digits.and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok());
        let Some(byte) = byte else { return self.mistake("an escape without two digits") };
        bytes.push(byte);
        self.at += 3;
        Ok(())
    }

    /// `\u{hhhh}`.
    fn character(&mut self, bytes: &mut Vec<u8>) -> Result<(), Mistake> {
        let rest = &self.text[self.at + 1..];
        let end = rest.iter().take(16).position(|byte| *byte == b'}');
        let digits = end.and_then(|end| str::from_utf8(rest[..end].strip_prefix(b"{")?).ok());
        let character = digits.and_then(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
        let (Some(end), Some(character)) = (end, character) else { return self.mistake("not a character") };
        bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        self.at += end + 2;
        Ok(())
    }

    /// The level of the long bracket that opens here: `[[` is 0, `[==[` is 2.
    pub(super) fn long_bracket(&self) -> Option<usize> {
        let rest = self.text[self.at..].strip_prefix(b"[")?;
        let level = rest.iter().take_while(|byte| **byte == b'=').count();
        (rest.get(level) == Some(&b'[')).then_some(level)
    }

    pub(super) fn long_string(&mut self) -> Result<String, Mistake> {
        let Some(level) = self.long_bracket() else { return self.mistake("not a value") };
        let rest = &self.text[self.at + level + 2..];
        let end = [b"]".as_slice(), &vec![b'='; level], b"]"].concat();
        let Some(length) = position(rest, &end) else { return self.mistake("a string without an end") };
        self.at += level + 2 + length + end.len();
        let inside = &rest[..length];
        Ok(text(inside.strip_prefix(b"\n").unwrap_or(inside).to_vec()))
    }
}

/// Looked for only where a bracket closes, so that a long one costs no more than its length.
fn position(text: &[u8], end: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(bracket) = text[from..].iter().position(|byte| *byte == b']') {
        let place = from + bracket;
        if text[place..].starts_with(end) {
            return Some(place);
        }
        let equals = text[place + 1..].iter().take_while(|byte| **byte == b'=').count();
        from = place + 1 + equals;
    }
    None
}

fn simple(letter: u8) -> Option<u8> {
    Some(match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' | b'"' | b'\'' | b'\n' => letter,
        _ => return None,
    })
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
