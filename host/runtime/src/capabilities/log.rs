//! `log`: lines that cannot carry a stanza's text out.

use std::collections::HashSet;
use std::fmt::Write;

use prosody_stanza::{Node, Stanza};

use crate::bindings::log::{Host, Level};
use crate::effect::Effect;
use crate::limits;
use crate::scene::PANIC_WORDS;
use crate::session::Session;

/// A line that shares this many bytes in a row with the stanza is withheld.
const SHARED: usize = 8;
const _: () = assert!(SHARED == size_of::<u64>(), "pieces are compared as numbers");
const WITHHELD: &str = "(a line that repeats the stanza was withheld)";

impl Host for Session {
    fn write(&mut self, level: Level, line: String) -> wasmtime::Result<()> {
        self.called()?;
        if !self.lines() {
            return Ok(());
        }
        let line = limits::cut(&line, limits::LOG_LINE);
        let is_for_the_author = self.is_offline && line.starts_with(PANIC_WORDS);
        let repeats = !is_for_the_author && self.judged.as_ref().is_some_and(|judged| repeats(line, &judged.stanza));
        let line = if repeats { WITHHELD.to_owned() } else { escaped(line) };
        // At `info` and above there are no JIDs.
        let level = if line.contains('@') { Level::Debug } else { level };
        self.effects.push(Effect::Log { level, line });
        Ok(())
    }
}

/// One line, with nothing that a terminal or a log parser would act on.
fn escaped(line: &str) -> String {
    line.chars().fold(String::with_capacity(line.len()), |mut escaped, character| {
        let _ = match character.is_control() {
            true => write!(escaped, "{}", character.escape_default()),
            false => escaped.write_char(character),
        };
        escaped
    })
}

/// Does the line repeat text or attributes of the stanza? A guest that wants to can still encode them: this
/// is against the honest policy that logs too much.
fn repeats(line: &str, stanza: &Stanza) -> bool {
    let pieces = Pieces::new(line);
    let repeated = |text: &str| pieces.are_in(text) || is_short_repeat(line, text);
    stanza.elements().any(|element| {
        let texts = element.children().any(|child| matches!(child, Node::Text(_, text) if repeated(text)));
        texts || element.attributes().any(|(name, value)| name != "xmlns" && value.len() >= SHARED && repeated(value))
    })
}

/// All pieces of a line. Most of what is not one is known by a bit: a stanza of half a megabyte has as many to be looked up,
/// and whatever a line costs is the guest's time.
struct Pieces {
    bits: Box<[u64; BITS / 64]>,
    known: HashSet<u64>,
}

const BITS: usize = 1 << 16;

impl Pieces {
    fn new(line: &str) -> Self {
        let mut pieces = Self { bits: Box::new([0; BITS / 64]), known: HashSet::new() };
        for piece in each(line) {
            let (word, bit) = place(piece);
            pieces.bits[word] |= bit;
            pieces.known.insert(piece);
        }
        pieces
    }

    fn are_in(&self, text: &str) -> bool {
        each(text).any(|piece| {
            let (word, bit) = place(piece);
            self.bits[word] & bit != 0 && self.known.contains(&piece)
        })
    }
}

fn each(text: &str) -> impl Iterator<Item = u64> {
    let pieces = text.as_bytes().windows(SHARED);
    pieces.filter_map(|piece| piece.try_into().ok().map(u64::from_le_bytes))
}

/// The bit of a piece.
fn place(piece: u64) -> (usize, u64) {
    let mixed = piece.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48;
    (usize::try_from(mixed >> 6).unwrap_or_default(), 1 << (mixed & 63))
}

/// A text that is shorter than a piece, but not so short that it is in every line.
fn is_short_repeat(line: &str, text: &str) -> bool {
    let text = text.trim();
    (4..SHARED).contains(&text.len()) && line.contains(text)
}

#[cfg(test)]
mod tests {
    use prosody_stanza::{Limits, xml};

    use super::*;

    #[test]
    fn withholds_repeats() {
        let text = "<message to='bob@example.org'><body>my secret word</body><subject>tiny</subject></message>";
        let stanza = xml::parse(text, "jabber:client", &Limits::default()).unwrap();
        for (line, expected) in [
            ("said: my secret word", true),
            ("y secret", true),
            ("to bob@example.org", true),
            ("it is tiny", true),
            ("a message with a body", false),
            ("", false),
        ] {
            assert_eq!(repeats(line, &stanza), expected, "{line}");
        }
    }

    /// The last of many pieces is found, too.
    #[test]
    fn long_stanzas() {
        let words: String = (0..20_000).map(|number| format!("{number} ")).collect();
        let text = format!("<message><body>{words}my secret word</body></message>");
        let stanza = xml::parse(&text, "jabber:client", &Limits::default()).unwrap();
        assert_eq!(["said: ret word", "said: a word"].map(|line| repeats(line, &stanza)), [true, false]);
    }

    #[test]
    fn escapes() {
        assert_eq!(escaped("a\nb\u{1b}[31m\u{9b}ü"), "a\\nb\\u{1b}[31m\\u{9b}ü");
    }
}
