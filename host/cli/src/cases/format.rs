//! How a file of cases is written: a line for each field of a case, so that differences are easy to read.

use std::io::{Result, Write};

use anyhow::Context;
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::Case;

/// The levels that get lines of their own: the list, and a case.
const LINES: usize = 2;

/// The text of a file with these cases.
pub fn written(cases: &[Case]) -> anyhow::Result<String> {
    let mut text = Vec::new();
    cases.serialize(&mut Serializer::with_formatter(&mut text, Layout::default())).context("cases as JSON")?;
    text.push(b'\n');
    Ok(String::from_utf8(text)?)
}

#[derive(Default)]
struct Layout {
    depth: usize,
}

impl Layout {
    fn next<W: Write + ?Sized>(&self, writer: &mut W, is_first: bool, space: &[u8]) -> Result<()> {
        if !is_first {
            writer.write_all(b",")?;
        }
        match self.depth <= LINES {
            true => self.line(writer),
            false if is_first => writer.write_all(space),
            false => writer.write_all(b" "),
        }
    }

    fn line<W: Write + ?Sized>(&self, writer: &mut W) -> Result<()> {
        write!(writer, "\n{:1$}", "", self.depth * 2)
    }

    fn end<W: Write + ?Sized>(&mut self, writer: &mut W, space: &[u8]) -> Result<()> {
        self.depth -= 1;
        match self.depth < LINES {
            true => self.line(writer),
            false => writer.write_all(space),
        }
    }
}

impl Formatter for Layout {
    fn begin_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        self.depth += 1;
        writer.write_all(b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        self.end(writer, b"")?;
        writer.write_all(b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, writer: &mut W, is_first: bool) -> Result<()> {
        self.next(writer, is_first, b"")
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        self.end(writer, b" ")?;
        writer.write_all(b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, writer: &mut W, is_first: bool) -> Result<()> {
        self.next(writer, is_first, b" ")
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is blessed differs from what was there by what came out otherwise, and by nothing else.
    #[test]
    fn the_templates_cases_are_written_as_they_were_read() {
        let text = include_str!("../../../../guest-plugins/templates/common/cases/{{name}}.json");
        let cases: Vec<Case> = serde_json::from_str(text).unwrap();
        assert_eq!(written(&cases).unwrap(), text);
    }
}
