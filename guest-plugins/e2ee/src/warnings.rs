//! Warnings to people who do not encrypt: seldom, and only as long as they want them.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

use prosody_policy::texts::Texts;
use prosody_policy::{Stanza, clock, outbox, store};

use crate::address::bare;
use crate::texts::{Say, say};

/// So many pairs of people are remembered; beyond that the oldest may be warned once more.
const MOST: usize = 1024;

/// Who was warned about whom, oldest first. In memory only, and as hashes: nothing on disk may tell who
/// writes to whom.
#[derive(Debug, Default)]
pub struct Warnings {
    given: VecDeque<(u64, u64)>,
}

impl Warnings {
    /// Warns the sender of a stanza, unless that was done lately or is not wanted.
    pub fn give(&mut self, stanza: &Stanza, texts: &Texts, every: u64) {
        let root = stanza.root();
        let (Some(from), to) = (root.attribute("from"), root.attribute("to").unwrap_or_default()) else { return };
        if store::get(&key(bare(from))).is_some() || !self.is_due(hash(bare(from), bare(to)), every) {
            return;
        }
        outbox::reply(&say(texts, Say::Warning, root.attribute("xml:lang")));
    }

    fn is_due(&mut self, pair: u64, every: u64) -> bool {
        let now = clock::now();
        while self.given.front().is_some_and(|(_, when)| when.saturating_add(every) <= now) {
            self.given.pop_front();
        }
        if self.given.iter().any(|(given, _)| *given == pair) {
            return false;
        }
        if self.given.len() >= MOST {
            self.given.pop_front();
        }
        self.given.push_back((pair, now));
        true
    }
}

/// Switches warnings off or on for a user, and says so.
pub fn switch(stanza: &Stanza, texts: &Texts, on: bool) {
    let root = stanza.root();
    let key = key(bare(root.attribute("from").unwrap_or_default()));
    let answer = match on {
        true => {
            store::delete(&key);
            Say::Loud
        }
        // A full store, or an address too long to be a key: warnings go on, and the user is told so.
        false => store::set(&key, b"1").map_or(Say::Loud, |()| Say::Quiet),
    };
    outbox::reply(&say(texts, answer, root.attribute("xml:lang")));
}

fn key(user: &str) -> String {
    format!("no-warnings/{user}")
}

fn hash(from: &str, to: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (from, to).hash(&mut hasher);
    hasher.finish()
}
