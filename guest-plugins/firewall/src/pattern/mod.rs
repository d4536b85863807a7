//! Lua patterns (Lua 5.4 manual, §6.4.1), over bytes as in Lua.
//!
//! The crates that have them count no steps, and what is matched here comes from strangers.

mod class;
mod matching;
mod parse;

pub use matching::Budget;
pub use parse::Flaw;

use matching::Attempt;
use parse::Item;

/// A pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    items: Vec<Item>,
    is_anchored: bool,
}

impl Pattern {
    /// A pattern that is looked for, from the first byte on if it begins with `^`.
    pub fn new(text: &str) -> Result<Self, Flaw> {
        let (text, is_anchored) = text.strip_prefix('^').map_or((text, false), |text| (text, true));
        let items = parse::items(text).map_err(|(at, what)| (at + usize::from(is_anchored), what))?;
        Ok(Self { items, is_anchored })
    }

    /// A pattern that a whole text has to match.
    pub fn whole(text: &str) -> Result<Self, Flaw> {
        let mut items = parse::items(text)?;
        items.push(Item::End);
        Ok(Self { items, is_anchored: true })
    }

    /// A pattern that is looked for again and again; there `^` is a sign like others.
    pub fn repeated(text: &str) -> Result<Self, Flaw> {
        Ok(Self { items: parse::items(text)?, is_anchored: false })
    }

    /// Does it match somewhere?
    pub fn is_in(&self, text: &str, budget: &mut Budget) -> bool {
        if self.is_anchored {
            return Attempt::new(&self.items, text.as_bytes(), budget).from(0).is_some();
        }
        let mut is_found = false;
        self.each(text, budget, |_, _| {
            is_found = true;
            true
        });
        is_found
    }

    /// Calls `found` with every match, or its first capture, and with the budget, until that says that it has enough.
    pub fn each(&self, text: &str, budget: &mut Budget, mut found: impl FnMut(Option<&[u8]>, &mut Budget) -> bool) {
        let mut attempt = Attempt::new(&self.items, text.as_bytes(), budget);
        let (mut start, mut last) = (0, None);
        while let Some(place) = attempt.next_start(start) {
            match attempt.from(place).filter(|end| Some(*end) != last) {
                Some(end) if found(attempt.token(place, end), attempt.budget()) => return,
                Some(end) => (start, last) = (end, Some(end)),
                None => start = place + 1,
            }
        }
    }
}

#[cfg(test)]
mod tests;
