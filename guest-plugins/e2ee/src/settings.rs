//! The operator's settings.

use std::collections::BTreeMap;

use prosody_policy::List;
use prosody_policy::texts::Texts;
use serde::Deserialize;

/// The settings as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Short for `direct` and `rooms`: `mandatory`, `mixed`, `optional`, `off`.
    mode: Option<String>,
    /// Messages between two people: `mandatory` (default), `optional`, `off`.
    direct: Option<String>,
    /// Messages in rooms: `mandatory` (default), `optional`, `off`.
    rooms: Option<String>,
    /// Addresses (`bot@example.org`) and domains (`irc.example.org`) that may write and be written to in plain text.
    exempt: List,
    /// Judge also presence texts, IQ payloads, publishes and reactions.
    strict: bool,
    /// What a refused sender reads, by language; and a `link` where to read more.
    texts: BTreeMap<String, String>,
    /// How long a sender is not warned again about the same contact: seconds, or `"12h"`, `"7d"`.
    warn_every: Option<Period>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "`warn_every` is a whole number of seconds, or a text like \"12h\" or \"7d\"")]
enum Period {
    Seconds(u64),
    Text(String),
}

/// What is asked of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They are encrypted, or refused.
    Mandatory,
    /// Whoever does not encrypt is warned.
    Optional,
    /// Nothing.
    Off,
}

/// The settings as they are used.
#[derive(Debug)]
pub struct Rules {
    /// For messages between two people.
    pub direct: Mode,
    /// For messages in rooms.
    pub rooms: Mode,
    /// Bare addresses and domains, in lower case.
    pub exempt: Vec<String>,
    /// Are presence, IQs, publishes and reactions judged?
    pub strict: bool,
    /// What people read.
    pub texts: Texts,
    /// Seconds between two warnings.
    pub warn_every: u64,
}

const MODES: &[(&str, Mode)] = &[("mandatory", Mode::Mandatory), ("optional", Mode::Optional), ("off", Mode::Off)];
const WEEK: u64 = 7 * 24 * 60 * 60;

impl Settings {
    /// Checks the settings; the error is for the operator.
    pub fn check(self) -> Result<Rules, String> {
        let (direct, rooms) = self.modes()?;
        let exempt: Result<_, _> = self.exempt.entries().iter().map(|entry| address(entry)).collect();
        Ok(Rules {
            direct,
            rooms,
            exempt: exempt?,
            strict: self.strict,
            texts: Texts::new(self.texts)?,
            warn_every: self.warn_every.map_or(Ok(WEEK), Period::seconds)?,
        })
    }

    /// The safest unless told otherwise.
    fn modes(&self) -> Result<(Mode, Mode), String> {
        let Some(short) = &self.mode else {
            return Ok((mode("direct", self.direct.as_deref())?, mode("rooms", self.rooms.as_deref())?));
        };
        if self.direct.is_some() || self.rooms.is_some() {
            return Err("`mode` is short for `direct` and `rooms`: set either `mode` or these two".to_owned());
        }
        match short.as_str() {
            "mixed" => Ok((Mode::Mandatory, Mode::Optional)),
            short => {
                let both = find("mode", short, &["mandatory", "mixed", "optional", "off"])?;
                Ok((both, both))
            }
        }
    }
}

fn mode(option: &str, word: Option<&str>) -> Result<Mode, String> {
    word.map_or(Ok(Mode::Mandatory), |word| find(option, word, &["mandatory", "optional", "off"]))
}

fn find(option: &str, word: &str, allowed: &[&str]) -> Result<Mode, String> {
    let found = MODES.iter().find(|(name, _)| *name == word).map(|(_, mode)| *mode);
    found.ok_or_else(|| {
        let list: Vec<String> = allowed.iter().map(|name| format!("\"{name}\"")).collect();
        let meant = allowed.iter().find(|name| is_close(name, word));
        let hint = meant.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
        format!("`{option}` cannot be \"{word}\": it is one of {}{hint}", list.join(", "))
    })
}

/// Do they begin alike, or end alike? Enough for the slips of a hand in three words.
fn is_close(name: &str, word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.get(..2).is_some_and(|start| name.starts_with(start))
        || word.len() > 3 && word.get(word.len() - 3..).is_some_and(|end| name.ends_with(end))
}

fn address(entry: &str) -> Result<String, String> {
    let wrong = |why: &str| Err(format!("`exempt` has \"{entry}\": {why}"));
    let (local, domain) = entry.split_once('@').unwrap_or(("x", entry));
    if entry.contains('/') {
        return wrong("write the address without what follows the slash");
    }
    if entry.contains('*') {
        return wrong("there are no patterns; write each domain");
    }
    if local.is_empty() || domain.is_empty() || domain.contains('@') || entry.contains(char::is_whitespace) {
        return wrong("this is neither an address (user@example.org) nor a domain (example.org)");
    }
    Ok(entry.to_lowercase())
}

impl Period {
    fn seconds(self) -> Result<u64, String> {
        let text = match self {
            Self::Seconds(seconds) => return Ok(seconds),
            Self::Text(text) => text,
        };
        let units = [('s', 1), ('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60), ('w', WEEK)];
        let unit = units.iter().find(|(unit, _)| text.ends_with(*unit));
        let number = unit.and_then(|_| text[..text.len() - 1].trim_ascii_end().parse::<u32>().ok());
        match (unit, number) {
            (Some((_, seconds)), Some(number)) => Ok(seconds * u64::from(number)),
            _ => Err(format!(
                "`warn_every` cannot be \"{text}\": write seconds, or a number with s, m, h, d or w (\"7d\")"
            )),
        }
    }
}
