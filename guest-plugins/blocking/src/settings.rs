//! The operator's settings.

use std::collections::BTreeMap;

use prosody_policy::texts::Texts;
use serde::Deserialize;

/// The settings as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How many addresses a block list may have (default: 1,000).
    limit: Option<u32>,
    /// How many one request may name (default: 100).
    batch: Option<u32>,
    /// How often an hour a user may change his (default: 120).
    hourly: Option<u32>,
    /// What strangers may send: `pass` (default), `encrypted`, `hold`, `refuse`.
    strangers: Option<String>,
    /// Is the operator told of reports (default: true)?
    reports: Option<bool>,
    /// Also by whom (default: false)?
    reporters: Option<bool>,
    /// Also what he wrote about it (default: false)?
    report_texts: Option<bool>,
    /// What strangers read whose messages are refused, by language; and a `link` where to read more.
    texts: BTreeMap<String, String>,
}

/// What strangers may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Anything.
    Pass,
    /// What is end-to-end encrypted.
    Encrypted,
    /// Nothing until the user agrees; it waits for that.
    Hold,
    /// Nothing.
    Refuse,
}

/// Limits of block lists.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Addresses on a list.
    pub size: u32,
    /// Addresses in a request.
    pub batch: u32,
    /// Changes of a user in an hour.
    pub hourly: u32,
}

/// What the operator is told of reports.
#[derive(Clone, Copy, Debug)]
pub struct Reports {
    /// Anything?
    pub are_told: bool,
    /// By whom?
    pub name_reporters: bool,
    /// What he wrote?
    pub quote: bool,
}

/// The settings as they are used.
#[derive(Debug)]
pub struct Rules {
    /// Limits of block lists.
    pub limits: Limits,
    /// What strangers may send.
    pub strangers: Mode,
    /// What the operator is told.
    pub reports: Reports,
    /// What strangers read.
    pub texts: Texts,
}

const MODES: [(&str, Mode); 4] =
    [("pass", Mode::Pass), ("encrypted", Mode::Encrypted), ("hold", Mode::Hold), ("refuse", Mode::Refuse)];

impl Settings {
    /// Checks the settings; the error is for the operator.
    pub fn check(self) -> Result<Rules, String> {
        let reports = Reports {
            are_told: self.reports.unwrap_or(true),
            name_reporters: self.reporters.unwrap_or(false),
            quote: self.report_texts.unwrap_or(false),
        };
        if !reports.are_told && (reports.name_reporters || reports.quote) {
            return Err("`reporters` and `report_texts` say what is told of reports, and `reports` is false".into());
        }
        let limits = Limits {
            size: number("limit", self.limit, 1_000, 100_000)?,
            batch: number("batch", self.batch, 100, 10_000)?,
            hourly: number("hourly", self.hourly, 120, 10_000)?,
        };
        Ok(Rules { limits, strangers: mode(self.strangers)?, reports, texts: Texts::new(self.texts)? })
    }
}

fn number(setting: &str, value: Option<u32>, default: u32, most: u32) -> Result<u32, String> {
    let value = value.unwrap_or(default);
    let is_right = (1..=most).contains(&value);
    is_right.then_some(value).ok_or_else(|| format!("`{setting}` cannot be {value}: it is 1 to {most}"))
}

fn mode(word: Option<String>) -> Result<Mode, String> {
    let word = word.unwrap_or_else(|| "pass".into());
    let found = MODES.iter().find(|(known, _)| *known == word).map(|(_, mode)| *mode);
    found.ok_or_else(|| {
        format!("`strangers` cannot be \"{word}\": it is \"pass\", \"encrypted\", \"hold\" or \"refuse\"")
    })
}
