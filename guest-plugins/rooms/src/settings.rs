//! The operator's settings.

use prosody_policy::List;
use serde::Deserialize;

use crate::pattern::Pattern;
use crate::properties;

/// The settings as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Rooms that stay as their owners want them, by address: `support@rooms.example.org`, `public-*@rooms.example.org`.
    exempt: List,
    /// What owners may loosen: `members-only`, `non-anonymous`, `hidden`, `persistent`, `invitations`.
    loosen: List,
    /// When an owner wants it otherwise: `keep` (default) overwrites that, `refuse` tells him.
    change: Option<String>,
    /// Rooms that are there already: `align` (default) changes them, `list` only shows them.
    found: Option<String>,
    /// Who reads the keys of others: `rooms` (default) people who share a room, `everybody`, `contacts`.
    keys: Option<String>,
}

/// When an owner loosens what he may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// The room keeps it, and nobody is told.
    Keep,
    /// The owner is told, and nothing is changed.
    Refuse,
}

/// What becomes of rooms that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// They are changed.
    Align,
    /// They are shown.
    List,
}

/// Who may read keys, besides those whom a user allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// People who share a room with him.
    Rooms,
    /// Everybody.
    Everybody,
    /// Nobody.
    Contacts,
}

/// The settings as they are used.
#[derive(Debug)]
pub struct Rules {
    /// Rooms that stay as their owners want them.
    pub exempt: Vec<Pattern>,
    /// The names of what owners may loosen.
    pub loosen: Vec<&'static str>,
    /// When an owner loosens something else.
    pub change: Change,
    /// Rooms that are there already.
    pub found: Found,
    /// Who may read keys.
    pub keys: Keys,
}

const CHANGES: &[(&str, Change)] = &[("keep", Change::Keep), ("refuse", Change::Refuse)];
const FOUND: &[(&str, Found)] = &[("align", Found::Align), ("list", Found::List)];
const KEYS: &[(&str, Keys)] = &[("rooms", Keys::Rooms), ("everybody", Keys::Everybody), ("contacts", Keys::Contacts)];
/// So alike is what was written to what was meant, of 1.
const LIKENESS: f64 = 0.8;

impl Settings {
    /// Checks the settings; the error is for the operator.
    pub fn check(self) -> Result<Rules, String> {
        let exempt: Result<_, _> = self.exempt.entries().iter().map(|text| pattern(text)).collect();
        let loosen: Result<_, _> = self.loosen.entries().iter().map(|word| property(word)).collect();
        Ok(Rules {
            exempt: exempt?,
            loosen: loosen?,
            change: one_of("change", self.change.as_deref(), CHANGES)?,
            found: one_of("found", self.found.as_deref(), FOUND)?,
            keys: one_of("keys", self.keys.as_deref(), KEYS)?,
        })
    }
}

fn pattern(text: &str) -> Result<Pattern, String> {
    Pattern::parse(text).map_err(|why| format!("`exempt` has \"{text}\": {why}"))
}

fn property(word: &str) -> Result<&'static str, String> {
    let names: Vec<&'static str> = properties::ALL.iter().map(|property| property.name).collect();
    let found = names.iter().find(|name| **name == word).copied();
    found.ok_or_else(|| format!("`loosen` has \"{word}\": {}", hint(word, &names)))
}

/// The first is meant when nothing is written.
fn one_of<T: Copy>(option: &str, word: Option<&str>, values: &[(&'static str, T)]) -> Result<T, String> {
    let names: Vec<&'static str> = values.iter().map(|(name, _)| *name).collect();
    let word = word.or(names.first().copied()).unwrap_or_default();
    let found = values.iter().find(|(name, _)| *name == word).map(|(_, value)| *value);
    found.ok_or_else(|| format!("`{option}` cannot be \"{word}\": {}", hint(word, &names)))
}

fn hint(word: &str, names: &[&str]) -> String {
    let likeness = |name: &&&str| strsim::jaro_winkler(&word.to_lowercase().replace(['_', ' '], "-"), name);
    let meant =
        names.iter().filter(|name| likeness(name) >= LIKENESS).max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let meant = meant.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
    let list: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("it is one of {}{meant}", list.join(", "))
}
