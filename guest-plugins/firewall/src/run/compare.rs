//! Texts: made by expressions, compared, counted, looked up.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Run;
use crate::address::Address;
use crate::path::{End, Path};
use crate::pattern::Pattern;
use crate::program::{Comparison, Operator};
use crate::recent::hashing;
use crate::template::{Function, Piece, Template, Value};

/// Work for a word that a scan finds.
const WORD: usize = 2;
/// Work for one that it did not find before.
const NEW_WORD: usize = 5;

impl Run<'_> {
    /// A text with its expressions filled in.
    pub fn fill(&mut self, template: &Template) -> String {
        let pieces = template.0.iter().map(|piece| match piece {
            Piece::Fixed(text) => Cow::Borrowed(text.as_str()),
            Piece::TopTag => Cow::Owned(self.view.top_tag()),
            Piece::Value(value) => Cow::Owned(self.value(value).unwrap_or_else(|| value.default.clone())),
        });
        pieces.collect()
    }

    fn value(&mut self, Value { path, functions, .. }: &Value) -> Option<String> {
        // As in mod_firewall a stanza without `to` is for the sender's own account.
        let is_to = path.segments.is_empty() && path.end == End::Attribute("to".into());
        let text =
            if is_to { self.view.to.as_deref().map(Cow::Borrowed) } else { self.view.text(path, &mut self.budget) };
        let text = text?;
        self.budget.spend(text.len() / 16);
        functions.iter().try_fold(text.into_owned(), |text, function| part(*function, &text))
    }

    /// Does the text at the end of a path compare?
    pub fn compares(&mut self, path: &Path, comparison: &Comparison) -> bool {
        let other = match comparison {
            Comparison::Equal(text) | Comparison::Contains(text) | Comparison::MatchesOf(text) => self.fill(text),
            Comparison::Matches(_) => String::new(),
        };
        let found = self.view.text(path, &mut self.budget);
        let text = found.as_deref().unwrap_or_default();
        self.budget.spend(text.len() / 16);
        match comparison {
            Comparison::Equal(_) => found.as_deref() == Some(&other),
            Comparison::Contains(_) => text.contains(&other),
            Comparison::Matches(pattern) => pattern.is_in(text, &mut self.budget),
            // What strangers write may be no pattern. In mod_firewall the stanza is lost then.
            Comparison::MatchesOf(_) => Pattern::new(&other).is_ok_and(|pattern| pattern.is_in(text, &mut self.budget)),
        }
    }

    /// How often a pattern is found.
    pub fn count(&mut self, path: &Path, pattern: &Pattern) -> u64 {
        let text = self.view.text(path, &mut self.budget).unwrap_or_default();
        let mut count = 0;
        pattern.each(&text, &mut self.budget, |_, _| {
            count += 1;
            false
        });
        count
    }

    /// Has a list anything of what a pattern finds?
    pub fn scans(&mut self, path: &Path, pattern: &Pattern, list: usize) -> bool {
        let text = self.view.text(path, &mut self.budget).unwrap_or_default();
        let mut words = HashSet::new();
        pattern.each(&text, &mut self.budget, |word, budget| {
            budget.spend(WORD);
            if let Some(word) =
                word.and_then(|word| std::str::from_utf8(word).ok()).filter(|word| !words.contains(*word))
            {
                budget.spend(NEW_WORD);
                words.insert(word.to_owned());
            }
            false
        });
        words.iter().any(|word| !self.budget.is_spent() && self.is_listed(list, word))
    }

    /// Has a list this text?
    pub fn is_listed(&mut self, list: usize, text: &str) -> bool {
        let Some(text) = self.filtered(list, text) else { return false };
        if self.program.lists[list].is_growing {
            self.budget.spend(hashing(text.len()));
        }
        self.memory.has(self.program, list, &text)
    }

    /// What a list makes of this text.
    pub fn filtered(&mut self, list: usize, text: &str) -> Option<String> {
        let list = &self.program.lists[list];
        self.budget.spend(list.work(text));
        list.filtered(text)
    }
}

fn part(function: Function, text: &str) -> Option<String> {
    let address = Address::split(text)?;
    let part = match function {
        Function::Bare => Some(address.bare),
        Function::Node => address.node,
        Function::Host => Some(address.host),
        Function::Resource => address.resource,
    };
    part.map(str::to_owned)
}

/// Does a number compare?
pub fn compares(operator: Operator, number: u64, other: u64) -> bool {
    match operator {
        Operator::Less => number < other,
        Operator::LessOrEqual => number <= other,
        Operator::Equal => number == other,
        Operator::GreaterOrEqual => number >= other,
        Operator::Greater => number > other,
    }
}
