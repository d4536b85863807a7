//! Lists of texts: from files, and what rules add to them.

use std::collections::HashSet;

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::address::Address;
use crate::complaint::{Complaint, nearest};
use crate::preparation::{self, prepared};
use crate::recent::hashing;

/// A list as it is defined.
#[derive(Clone, Debug)]
pub struct List {
    /// What it is called, with its file.
    pub name: String,
    /// What is in it from the beginning.
    items: HashSet<Box<str>>,
    /// What is made of a text before it is added or looked up.
    filters: Vec<Filter>,
    /// So many may be added.
    pub limit: usize,
    /// Does a rule add anything?
    pub is_growing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filter {
    Upper,
    Lower,
    Md5,
    Sha1,
    Sha256,
    Prepared,
    Bare,
    /// Something for the log in mod_firewall, which would tell who wrote.
    Nothing,
}

const FILTERS: [(&str, Filter); 8] = [
    ("upper", Filter::Upper),
    ("lower", Filter::Lower),
    ("md5", Filter::Md5),
    ("sha1", Filter::Sha1),
    ("sha256", Filter::Sha256),
    ("prep", Filter::Prepared),
    ("bare", Filter::Bare),
    ("log", Filter::Nothing),
];

/// Steps for writing a hash in hexadecimal digits.
const DIGITS: usize = 10;

/// So many may be added to a list that has no limit of its own.
pub const LIMIT: usize = 8_000;

/// A definition in its parts: where the list comes from, and options like `(limit: 100, filter: lower)`.
pub struct Definition<'a> {
    /// `memory`, `file:…`, `https://…`.
    pub source: &'a str,
    options: Vec<(&'a str, &'a str)>,
}

impl<'a> Definition<'a> {
    /// Reads `SOURCE (name: value, …)`.
    pub fn new(text: &'a str) -> Self {
        let (source, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let options =
            rest.trim().strip_prefix('(').and_then(|rest| rest.rsplit_once(')')).map_or("", |(inside, _)| inside);
        let option = |option: &'a str| option.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
        Self { source, options: options.split(',').filter_map(option).collect() }
    }

    /// The value of an option.
    pub fn option(&self, name: &str) -> Option<&'a str> {
        self.options.iter().rev().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }
}

impl List {
    /// A list that begins with these lines.
    pub fn new(name: String, definition: &Definition, items: HashSet<Box<str>>) -> Result<Self, Complaint> {
        let names = definition.option("filter").into_iter().chain(definition.option("hash"));
        let words = names.flat_map(|names| names.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '_'));
        let filters = words.filter(|word| !word.is_empty()).map(filter).collect::<Result<_, _>>()?;
        let limit = definition.option("limit").map_or(Ok(LIMIT), str::parse).ok().filter(|limit| *limit > 0);
        let limit =
            limit.ok_or_else(|| Complaint::new("the limit is not a number", "Write it like `memory (limit: 100)`"))?;
        Ok(Self { name, items, filters, limit, is_growing: false })
    }

    /// What is added or looked up for a text; nothing if a filter makes nothing of it.
    pub fn filtered(&self, text: &str) -> Option<String> {
        self.filters.iter().try_fold(text.to_owned(), |text, filter| filter.apply(&text))
    }

    /// How many steps that is.
    pub fn work(&self, text: &str) -> usize {
        text.len() / 4 + self.filters.iter().map(|filter| filter.work(text)).sum::<usize>()
    }

    /// Was it in the list from the beginning?
    pub fn has(&self, filtered: &str) -> bool {
        self.items.contains(filtered)
    }
}

fn filter(name: &str) -> Result<Filter, Complaint> {
    let known = FILTERS.iter().find(|(known, _)| *known == name).map(|(_, filter)| *filter);
    known.ok_or_else(|| {
        Complaint::new(format!("there is no filter `{name}`"), nearest(name, FILTERS.map(|(known, _)| known)))
    })
}

impl Filter {
    fn work(self, text: &str) -> usize {
        match self {
            Self::Md5 | Self::Sha1 | Self::Sha256 => hashing(text.len()) + DIGITS,
            Self::Prepared if !text.is_ascii() => preparation::work(text),
            _ => text.len() / 4,
        }
    }

    fn apply(self, text: &str) -> Option<String> {
        Some(match self {
            Self::Upper => text.to_ascii_uppercase(),
            Self::Lower => text.to_ascii_lowercase(),
            Self::Md5 => hex(&Md5::digest(text)),
            Self::Sha1 => hex(&Sha1::digest(text)),
            Self::Sha256 => hex(&Sha256::digest(text)),
            Self::Prepared => prepared(text)?,
            Self::Bare => Address::split(text)?.bare.to_owned(),
            Self::Nothing => text.to_owned(),
        })
    }
}

fn hex(digest: &[u8]) -> String {
    let digit = |number: u8| char::from_digit(u32::from(number), 16).unwrap_or_default();
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filtered(definition: &str, text: &str) -> Option<String> {
        List::new(String::new(), &Definition::new(definition), HashSet::new()).unwrap().filtered(text)
    }

    #[test]
    fn filters() {
        for (filter, text, expected) in [
            ("lower", "A@X/É", Some("a@x/É")),
            ("upper", "aé", Some("Aé")),
            ("prep", "Ａlice@X.org./Desk", Some("alice@x.org/Desk")),
            ("bare", "alice@x/desk", Some("alice@x")),
            ("bare", "a@b@c", None),
            ("log", "x", Some("x")),
            ("bare lower", "A@X/r", Some("a@x")),
            ("md5", "a", Some("0cc175b9c0f1b6a831c399e269772661")),
            ("sha1", "a", Some("86f7e437faa5a7fce15d1ddcb9eaeaea377667b8")),
            ("lower sha256", "A", Some("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")),
        ] {
            assert_eq!(filtered(&format!("memory (filter: {filter})"), text).as_deref(), expected, "{filter}");
        }
        let wrong = Definition::new("memory (filter: lowr)");
        assert_eq!(List::new(String::new(), &wrong, HashSet::new()).unwrap_err().hint, "Did you mean `lower`?");
    }

    #[test]
    fn options() {
        let definition = Definition::new("file:/a/b.txt (missing: ignore, limit:5)");
        assert_eq!(
            (definition.source, definition.option("missing"), definition.option("limit")),
            ("file:/a/b.txt", Some("ignore"), Some("5"))
        );
        let list = List::new("l".into(), &definition, HashSet::from(["x".into()])).unwrap();
        assert!(list.limit == 5 && list.has("x") && !list.has("y"));
        assert!(List::new("l".into(), &Definition::new("memory (limit: 0)"), HashSet::new()).is_err());
    }
}
