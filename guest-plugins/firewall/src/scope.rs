//! What the words of a rule may refer to: chains, and what is defined.

use std::collections::BTreeMap;

use crate::complaint::{Complaint, nearest};
use crate::path::Path;
use crate::pattern::Pattern;
use crate::program::{BUILT_IN, Chain, Limit, Program};
use crate::rate::Rate;
use crate::sources::Sources;

/// What files have defined so far. What a later one defines anew is new for it and those that follow.
#[derive(Debug, Default)]
pub struct Definitions {
    /// Zones, by their number in the program.
    pub zones: BTreeMap<String, usize>,
    /// Rates.
    pub rates: BTreeMap<String, Rate>,
    /// Lists, by their number in the program.
    pub lists: BTreeMap<String, usize>,
    /// Patterns.
    pub patterns: BTreeMap<String, Pattern>,
    /// Places in a stanza.
    pub searches: BTreeMap<String, Path>,
}

/// Where in which program a rule stands.
#[derive(Debug)]
pub struct Scope<'a> {
    /// The program.
    pub program: &'a mut Program,
    /// What is defined.
    pub definitions: &'a Definitions,
    /// The files.
    pub sources: &'a Sources,
    /// The file.
    pub file: &'a str,
    /// The chain.
    pub chain: usize,
}

impl Scope<'_> {
    /// The number of a list.
    pub fn list(&self, name: &str) -> Result<usize, Complaint> {
        defined(&self.definitions.lists, "list", "LIST", name).copied()
    }

    /// The number of a zone.
    pub fn zone(&self, name: &str) -> Result<usize, Complaint> {
        defined(&self.definitions.zones, "zone", "ZONE", name).copied()
    }

    /// A place in a stanza.
    pub fn search(&self, name: &str) -> Result<Path, Complaint> {
        defined(&self.definitions.searches, "search", "SEARCH", name).cloned()
    }

    /// A pattern.
    pub fn pattern(&self, name: &str) -> Result<Pattern, Complaint> {
        defined(&self.definitions.patterns, "pattern", "PATTERN", name).cloned()
    }

    /// The number of the limit that this chain of this file has for a rate.
    pub fn limit(&mut self, name: &str, is_split: bool) -> Result<usize, Complaint> {
        let rate = defined(&self.definitions.rates, "rate", "RATE", name)?.clone();
        let sort = if is_split { "each" } else { "all" };
        let name = format!("{} {} {name} {sort}", self.file, self.program.chains[self.chain].name);
        let limits = &mut self.program.limits;
        Ok(limits.iter().position(|limit| limit.name == name).unwrap_or_else(|| {
            limits.push(Limit { name, rate, is_split });
            limits.len() - 1
        }))
    }

    /// The number of a chain to jump to, which may be defined elsewhere or not at all.
    pub fn chain(&mut self, name: &str) -> Result<usize, Complaint> {
        chain(self.program, name)
    }
}

/// The number of a chain, which is new if nobody spoke of it yet.
pub fn chain(program: &mut Program, name: &str) -> Result<usize, Complaint> {
    if let Some(number) = program.chains.iter().position(|chain| chain.name == name) {
        return Ok(number);
    }
    if !name.starts_with("user/") {
        let hint = match nearest(name, BUILT_IN) {
            known if known.starts_with("Did") => known,
            _ => format!("Chains of your own begin with `user/`: `user/{name}`"),
        };
        return Err(Complaint::new(format!("there is no chain `{name}`"), hint));
    }
    program.chains.push(Chain { name: name.to_owned(), parts: Vec::new() });
    Ok(program.chains.len() - 1)
}

fn defined<'a, T>(known: &'a BTreeMap<String, T>, kind: &str, word: &str, name: &str) -> Result<&'a T, Complaint> {
    known.get(name).ok_or_else(|| {
        let hint = match known.is_empty() {
            true => format!("Define it with `%{word} {name}: …` in this file or in one before it"),
            false => nearest(name, known.keys().map(String::as_str)),
        };
        Complaint::new(format!("there is no {kind} `{name}`"), hint)
    })
}
