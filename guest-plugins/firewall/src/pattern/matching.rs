//! Whether a text matches, and how much work that may be.
//!
//! A pattern that tries again and again takes longer than anybody waits, and whoever writes the text chooses how long. So
//! every step is counted, over all patterns of one stanza; when there are too many, nothing matches and the one who asked
//! looks whether the [`Budget`] is used up before he believes it.

use super::class::Class;
use super::parse::{Item, MOST_CAPTURES, Times};

/// How much work is left.
#[derive(Debug)]
pub struct Budget(u32);

/// Work for one stanza: about two milliseconds in the sandbox. A text of 256 KiB can be cut into its words once.
const STEPS: u32 = 100_000;
/// Bytes that are looked at in a row count as a step together.
const ROW: usize = 8;

impl Default for Budget {
    fn default() -> Self {
        Self(STEPS)
    }
}

impl Budget {
    /// For what the operator himself wrote: the host ends what takes too long.
    pub fn without_end() -> Self {
        Self(u32::MAX)
    }

    /// Uses so many steps.
    pub fn spend(&mut self, steps: usize) -> bool {
        self.0 = self.0.saturating_sub(u32::try_from(steps).unwrap_or(u32::MAX));
        self.0 > 0
    }

    /// Is nothing left?
    pub fn is_spent(&self) -> bool {
        self.0 == 0
    }
}

/// A part of the text that a capture took; a place when `end` is none.
#[derive(Clone, Copy, Debug, Default)]
struct Capture {
    start: usize,
    end: Option<usize>,
    is_open: bool,
}

/// One try.
pub struct Attempt<'a> {
    items: &'a [Item],
    text: &'a [u8],
    budget: &'a mut Budget,
    captures: [Capture; MOST_CAPTURES],
    count: usize,
}

impl<'a> Attempt<'a> {
    /// Nothing was tried yet.
    pub fn new(items: &'a [Item], text: &'a [u8], budget: &'a mut Budget) -> Self {
        Self { items, text, budget, captures: [Capture::default(); MOST_CAPTURES], count: 0 }
    }

    /// The first place from `start` on where a match can begin, if there is one and work is left. Places where the first
    /// byte is wrong are passed quickly.
    pub fn next_start(&mut self, start: usize) -> Option<usize> {
        let rest = self.text.get(start..)?;
        let place = match self.first_bytes() {
            Some(class) => start + rest.iter().position(|byte| class.has(*byte)).unwrap_or(rest.len()),
            None => start,
        };
        self.budget.spend((place - start) / ROW).then_some(place)
    }

    /// The bytes of which one begins every match, as far as that is easily said.
    fn first_bytes(&self) -> Option<Class> {
        match self.items.iter().find(|item| !matches!(item, Item::Open | Item::Place))? {
            Item::Bytes(class, Times::Once | Times::MostOnce) | Item::Frontier(class) => Some(*class),
            Item::Balanced(open, _) => Some(Class::byte(*open)),
            _ => None,
        }
    }

    /// Where a match that begins here ends.
    pub fn from(&mut self, start: usize) -> Option<usize> {
        self.count = 0;
        self.run(0, start)
    }

    /// What the first capture took, or else the whole match; none if it took only a place.
    pub fn token(&self, start: usize, end: usize) -> Option<&'a [u8]> {
        match self.count {
            0 => Some(&self.text[start..end]),
            _ => self.captures[0].end.map(|end| &self.text[self.captures[0].start..end]),
        }
    }

    /// How much work is left.
    pub fn budget(&mut self) -> &mut Budget {
        self.budget
    }

    fn run(&mut self, mut item: usize, mut at: usize) -> Option<usize> {
        let items = self.items;
        loop {
            if !self.budget.spend(1) {
                return None;
            }
            let Some(next) = items.get(item) else { return Some(at) };
            at = match next {
                Item::Bytes(_, Times::Once) => self.takes(next, at).then_some(at + 1)?,
                Item::Bytes(_, times) => return self.repeat(*times, item, at),
                Item::Open => return self.open(Capture { start: at, end: None, is_open: true }, item, at),
                Item::Place => return self.open(Capture { start: at, end: None, is_open: false }, item, at),
                Item::Close => return self.close(item, at),
                Item::Again(number) => self.again(*number, at)?,
                Item::Balanced(open, close) => self.balanced(*open, *close, at)?,
                Item::Frontier(_) => self.is_frontier(next, at).then_some(at)?,
                Item::End => (at == self.text.len()).then_some(at)?,
            };
            item += 1;
        }
    }

    fn takes(&self, item: &Item, at: usize) -> bool {
        let Item::Bytes(class, _) = item else { return false };
        self.text.get(at).is_some_and(|byte| class.has(*byte))
    }

    fn repeat(&mut self, times: Times, item: usize, at: usize) -> Option<usize> {
        match times {
            Times::Fewest => self.fewest(item, at),
            Times::Perhaps => self.most(item, at, 0, 1),
            Times::MostOnce => self.most(item, at, 1, usize::MAX),
            Times::Most | Times::Once => self.most(item, at, 0, usize::MAX),
        }
    }

    fn most(&mut self, item: usize, at: usize, least: usize, most: usize) -> Option<usize> {
        let Item::Bytes(class, _) = &self.items[item] else { return None };
        let count = self.text[at..].iter().take(most).take_while(|byte| class.has(**byte)).count();
        self.budget.spend(count / ROW);
        let tries = (least..=count).rev();
        tries.map_while(|count| (!self.budget.is_spent()).then(|| self.run(item + 1, at + count))).find_map(|end| end)
    }

    fn fewest(&mut self, item: usize, mut at: usize) -> Option<usize> {
        let items = self.items;
        loop {
            if let Some(end) = self.run(item + 1, at) {
                return Some(end);
            }
            if self.budget.is_spent() || !self.takes(&items[item], at) {
                return None;
            }
            at += 1;
        }
    }

    fn open(&mut self, capture: Capture, item: usize, at: usize) -> Option<usize> {
        self.captures[self.count] = capture;
        self.count += 1;
        let end = self.run(item + 1, at);
        self.count -= usize::from(end.is_none());
        end
    }

    fn close(&mut self, item: usize, at: usize) -> Option<usize> {
        let number = self.captures[..self.count].iter().rposition(|capture| capture.is_open)?;
        let capture = self.captures[number];
        self.captures[number] = Capture { end: Some(at), is_open: false, ..capture };
        let end = self.run(item + 1, at);
        if end.is_none() {
            self.captures[number] = capture;
        }
        end
    }

    fn again(&mut self, number: usize, at: usize) -> Option<usize> {
        let capture = self.captures[number];
        let taken = &self.text[capture.start..capture.end?];
        self.budget.spend(taken.len() / ROW);
        self.text[at..].starts_with(taken).then_some(at + taken.len())
    }

    fn balanced(&mut self, open: u8, close: u8, at: usize) -> Option<usize> {
        (self.text.get(at) == Some(&open)).then_some(())?;
        let mut depth = 1_usize;
        for (offset, byte) in self.text[at + 1..].iter().enumerate() {
            self.budget.spend(1).then_some(())?;
            match *byte {
                byte if byte == close => depth -= 1,
                byte if byte == open => depth += 1,
                _ => {}
            }
            if depth == 0 {
                return Some(at + offset + 2);
            }
        }
        None
    }

    /// Before the text and behind it is a zero byte.
    fn is_frontier(&self, item: &Item, at: usize) -> bool {
        let Item::Frontier(class) = item else { return false };
        let byte = |at: Option<usize>| at.and_then(|at| self.text.get(at)).copied().unwrap_or_default();
        !class.has(byte(at.checked_sub(1))) && class.has(byte(Some(at)))
    }
}
