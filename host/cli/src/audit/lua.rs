//! The part of Lua in which Prosody writes what it keeps: `return { … };` and `item({ … });`.
//!
//! Nothing is run: a file that holds more than values is one that cannot be read. Nesting is followed on a stack of our
//! own, not by recursion. Beyond 200 levels (Prosody writes 127 at most) or a million values, reading ends with an error.

mod number;
mod text;

use std::fmt;

use super::value::Value;

/// Levels of tables.
const DEEPEST: usize = 200;
/// Values of all kinds in one file or item.
const MOST_VALUES: usize = 1_000_000;

/// Why a text is not a value, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    what: &'static str,
    at: usize,
}

impl fmt::Display for Mistake {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} at byte {}", self.what, self.at)
    }
}

/// Reads `return VALUE;`, the whole of a `.dat` file.
pub fn parse_file(text: &[u8]) -> Result<Value, Mistake> {
    let mut reader = Reader::new(text);
    if reader.is_at_end()? {
        return Ok(Value::Nil);
    }
    reader.expect_word("return")?;
    reader.last_value()
}

/// Reads `item(VALUE);`, one of the items of a `.list` file.
pub fn parse_item(text: &[u8]) -> Result<Value, Mistake> {
    let mut reader = Reader::new(text);
    reader.expect_word("item")?;
    reader.expect(b'(', "no opening parenthesis")?;
    let value = reader.value()?;
    reader.expect(b')', "no closing parenthesis")?;
    reader.end(value)
}

/// A table that is being read.
#[derive(Default)]
struct Open {
    pairs: Vec<(Value, Value)>,
    /// Under what the next value goes; without, it is the next of a list.
    key: Option<Value>,
    listed: u32,
}

impl Open {
    fn take(&mut self, value: Value) {
        let key = self.key.take().unwrap_or_else(|| {
            self.listed += 1;
            Value::Number(f64::from(self.listed))
        });
        self.pairs.push((key, value));
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    values: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, values: 0 }
    }

    fn mistake<T>(&self, what: &'static str) -> Result<T, Mistake> {
        Err(Mistake { what, at: self.at })
    }

    fn last_value(&mut self) -> Result<Value, Mistake> {
        let value = self.value()?;
        self.end(value)
    }

    fn end(&mut self, value: Value) -> Result<Value, Mistake> {
        while self.take(b';')? {}
        if self.is_at_end()? { Ok(value) } else { self.mistake("more than one value") }
    }

    fn value(&mut self) -> Result<Value, Mistake> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            let mut done = match self.take(b'{')? {
                true if open.len() >= DEEPEST => return self.mistake("tables nested too deep"),
                true => {
                    open.push(Open::default());
                    None
                }
                false => Some(self.scalar()?),
            };
            // A value ends the entry it is in, and the end of a table is the end of a value.
            loop {
                let Some(table) = open.last_mut() else { return done.map_or_else(|| self.mistake("no value"), Ok) };
                if let Some(value) = done.take() {
                    table.take(value);
                    self.separator()?;
                }
                if !self.take(b'}')? {
                    table.key = self.key()?;
                    break;
                }
                done = open.pop().map(|table| Value::Table(table.pairs));
            }
            self.values += 1;
            if self.values > MOST_VALUES {
                return self.mistake("too many values");
            }
        }
    }

    /// After an entry of a table comes a separator or its end.
    fn separator(&mut self) -> Result<(), Mistake> {
        if self.take(b';')? || self.take(b',')? || self.peek() == Some(b'}') {
            return Ok(());
        }
        self.mistake("no separator between entries")
    }

    /// `[KEY] =` or `NAME =`, if that is what comes.
    fn key(&mut self) -> Result<Option<Value>, Mistake> {
        if self.peek() == Some(b'[') && !matches!(self.text.get(self.at + 1), Some(b'[' | b'=')) {
            self.at += 1;
            let key = self.scalar()?;
            self.expect(b']', "no end of a key")?;
            self.expect(b'=', "no value for a key")?;
            return Ok(Some(key));
        }
        let before = self.at;
        let name = self.word();
        if !name.is_empty() && self.take(b'=')? {
            return Ok(Some(Value::Text(String::from_utf8_lossy(name).into_owned())));
        }
        self.at = before;
        Ok(None)
    }

    fn scalar(&mut self) -> Result<Value, Mistake> {
        self.skip_blank()?;
        match self.peek() {
            Some(b'"' | b'\'' | b'[') => self.string().map(Value::Text),
            Some(b'0'..=b'9' | b'-' | b'.' | b'(') => self.number().map(Value::Number),
            _ => self.named(),
        }
    }

    fn named(&mut self) -> Result<Value, Mistake> {
        let before = self.at;
        match self.word() {
            b"nil" => Ok(Value::Nil),
            b"true" => Ok(Value::Boolean(true)),
            b"false" => Ok(Value::Boolean(false)),
            _ => {
                self.at = before;
                self.mistake("not a value")
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Result<bool, Mistake> {
        self.skip_blank()?;
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Mistake> {
        if self.take(byte)? { Ok(()) } else { self.mistake(what) }
    }

    fn word(&mut self) -> &'a [u8] {
        let rest = &self.text[self.at..];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        self.at += length;
        &rest[..length]
    }

    fn expect_word(&mut self, word: &str) -> Result<(), Mistake> {
        self.skip_blank()?;
        if self.word() == word.as_bytes() { Ok(()) } else { self.mistake("not what Prosody writes") }
    }

    fn is_at_end(&mut self) -> Result<bool, Mistake> {
        self.skip_blank()?;
        Ok(self.at == self.text.len())
    }

    /// White space, and comments of whoever edited the file by hand.
    fn skip_blank(&mut self) -> Result<(), Mistake> {
        loop {
            let rest = &self.text[self.at..];
            self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace() || **byte == 0x0b).count();
            if !self.text[self.at..].starts_with(b"--") {
                return Ok(());
            }
            self.at += 2;
            if self.long_bracket().is_some() {
                self.long_string()?;
                continue;
            }
            let rest = &self.text[self.at..];
            self.at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        }
    }
}

#[cfg(test)]
mod tests;
