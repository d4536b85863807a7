//! What was found, counted by host, store and kind. Texts are counted and forgotten.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::entry::Entry;
use super::judge;
use super::kind::Kind;
use super::period::Retention;
use super::stores::{self, printable};

/// Rows that are told apart; the rest is counted in one.
const MOST_ROWS: usize = 10_000;
const OTHERS: &str = "(others)";

/// Everything that is to be said in the end.
pub struct Report {
    pub retention: Retention,
    pub findings: BTreeMap<(String, String, Kind), Row>,
    pub logs: BTreeMap<(String, &'static str, Kind), LogRow>,
    pub needed: BTreeMap<(String, String), u64>,
    pub files: u64,
    pub entries: u64,
    pub log_lines: u64,
    pub skipped: Skipped,
}

/// Findings of one kind in one store.
#[derive(Debug)]
pub struct Row {
    pub count: u64,
    /// In seconds, of those that have an age.
    pub oldest: Option<f64>,
    pub newest: Option<f64>,
    /// Where the first is, in words that name nobody.
    pub place: String,
    /// Whose the first is.
    pub user: String,
}

/// Findings of one kind at one level of a log.
#[derive(Debug)]
pub struct LogRow {
    pub count: u64,
    pub first_line: u64,
}

/// What an audit does not look at, because nothing can be kept in it.
#[derive(Debug, Default)]
pub struct Skipped {
    pub count: u64,
    pub example: Option<String>,
}

impl Report {
    pub fn new(retention: Retention) -> Self {
        Self {
            retention,
            findings: BTreeMap::new(),
            logs: BTreeMap::new(),
            needed: BTreeMap::new(),
            files: 0,
            entries: 0,
            log_lines: 0,
            skipped: Skipped::default(),
        }
    }

    /// Judges an entry and counts what is in it.
    pub fn entry(&mut self, entry: &Entry<'_>) {
        self.entries += 1;
        if stores::rules(entry.store).is_needed {
            let key = (printable(entry.host), stores::shown(entry.store));
            let is_room = self.needed.len() < MOST_ROWS || self.needed.contains_key(&key);
            *self.needed.entry(if is_room { key } else { (OTHERS.into(), OTHERS.into()) }).or_default() += 1;
        }
        let judgement = judge::judge(entry, &self.retention);
        let age = judgement.when.and_then(|when| self.retention.age(when));
        for kind in judgement.kinds {
            self.count(entry.host, entry.store, kind, age, entry.user, entry.place);
        }
        if let Some(excess) = judgement.excess {
            self.unreadable(entry.host, entry.store, entry.user, &format_args!("{}: {excess}", entry.place));
        }
    }

    /// Counts something that cannot be read; `place` says why.
    pub fn unreadable(&mut self, host: &str, store: &str, user: &str, place: &dyn Display) {
        self.count(host, store, Kind::UnreadableFile, None, user, place);
    }

    /// Counts a file that nobody here knows. Its name may name somebody.
    pub fn unknown(&mut self, host: &str, store: &str, name: &str) {
        let place = if store.is_empty() { "a file" } else { "a file in the folder" };
        self.count(host, store, Kind::UnknownFile, None, name, &place);
    }

    /// Counts a finding.
    pub fn count(&mut self, host: &str, store: &str, kind: Kind, age: Option<f64>, user: &str, place: &dyn Display) {
        let key = (printable(host), stores::shown(store), kind);
        let is_room = self.findings.len() < MOST_ROWS || self.findings.contains_key(&key);
        let key = if is_room { key } else { (OTHERS.into(), OTHERS.into(), kind) };
        let row = self.findings.entry(key).or_insert_with(|| Row {
            count: 0,
            oldest: None,
            newest: None,
            place: printable(&place.to_string()),
            user: printable(user),
        });
        row.count += 1;
        row.oldest = [row.oldest, age].into_iter().flatten().reduce(f64::max);
        row.newest = [row.newest, age].into_iter().flatten().reduce(f64::min);
    }

    /// Counts a finding in a log.
    pub fn log(&mut self, file: &str, level: &'static str, kind: Kind, line: u64) {
        let row = self.logs.entry((file.to_owned(), level, kind)).or_insert(LogRow { count: 0, first_line: line });
        row.count += 1;
    }

    /// Counts what was not looked at.
    pub fn skip(&mut self, name: &str) {
        self.skipped.count += 1;
        self.skipped.example.get_or_insert_with(|| printable(name));
    }

    /// Is anything there that should not be?
    pub fn is_clean(&self, allowed: &[Kind]) -> bool {
        let kinds = self.findings.keys().map(|(_, _, kind)| kind).chain(self.logs.keys().map(|(_, _, kind)| kind));
        kinds.into_iter().all(|kind| kind.is_informational() || allowed.contains(kind))
    }
}
