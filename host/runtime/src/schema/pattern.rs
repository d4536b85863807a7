//! Regular expressions that somebody else wrote.
//!
//! The engine has no backtracking, so that a match takes at most as many steps as the expression has parts, for each
//! letter. What it does not know (looking around, backward references) is refused when the schema is read.

use std::fmt;

use anyhow::{Result, anyhow, ensure};
use regex_lite::{Regex, RegexBuilder};

/// Bytes of an expression.
const LONGEST: usize = 256;
/// Bytes of an expression that is ready to use: `(a{100}){100}` is short and large.
const LARGEST: usize = 16 * 1024;
/// Groups in groups.
const DEEPEST: u32 = 16;
/// Bytes of a text that is compared with one.
pub const TEXT: usize = 4 * 1024;

/// A regular expression of limited size.
pub struct Pattern(Regex);

impl Pattern {
    /// Reads one.
    pub fn read(text: &str) -> Result<Self> {
        ensure!(text.len() <= LONGEST, "is longer than {LONGEST} bytes");
        let regex = RegexBuilder::new(text).size_limit(LARGEST).nest_limit(DEEPEST).build();
        regex.map(Self).map_err(|error| anyhow!("is a regular expression that this host does not take: {error}"))
    }

    /// Is it found in the text? `None` when that is too long to be looked at.
    pub fn is_in(&self, text: &str) -> Option<bool> {
        (text.len() <= TEXT).then(|| self.0.is_match(text))
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str())
    }
}
