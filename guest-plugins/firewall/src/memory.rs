//! What is remembered from one stanza to the next: used up limits, what was added to lists, marks.

mod saving;

use prosody_policy::store::{self, Refusal};

use crate::program::Program;
use crate::rate::Bucket;
use crate::recent::{Recent, hash};

/// Marks of origins that are remembered.
const MOST_MARKS: usize = 5_000;

/// All of it.
#[derive(Debug)]
pub struct Memory {
    /// By the number of the limit.
    limits: Vec<Buckets>,
    /// By the number of the list.
    added: Vec<Recent<()>>,
    /// Since when an origin has a mark.
    origins: Recent<u64>,
}

/// How much is left of a limit.
#[derive(Debug)]
enum Buckets {
    One(Bucket),
    Each(Recent<Bucket>),
}

impl Memory {
    /// Nothing was used up, added or marked.
    pub fn new(program: &Program, now: u64) -> Self {
        let buckets = |limit: &crate::program::Limit| match limit.is_split {
            true => Buckets::Each(Recent::new(limit.rate.entries)),
            false => Buckets::One(limit.rate.bucket(now)),
        };
        Self {
            limits: program.limits.iter().map(buckets).collect(),
            added: program.lists.iter().map(|list| Recent::new(list.limit)).collect(),
            origins: Recent::new(MOST_MARKS),
        }
    }

    /// Counts against a limit; is it used up?
    pub fn is_used_up(&mut self, program: &Program, limit: usize, key: Option<&str>, now: u64) -> bool {
        let rate = &program.limits[limit].rate;
        !match &mut self.limits[limit] {
            Buckets::One(bucket) => rate.take(bucket, now),
            Buckets::Each(buckets) => rate.take_of(buckets, hash(&[key.unwrap_or_default()]), now),
        }
    }

    /// Has a list this text, as its filters have made it?
    pub fn has(&self, program: &Program, list: usize, filtered: &str) -> bool {
        let is_growing = program.lists[list].is_growing;
        program.lists[list].has(filtered) || is_growing && self.added[list].get(hash(&[filtered])).is_some()
    }

    /// Adds a text to a list.
    pub fn add(&mut self, list: usize, filtered: &str) {
        self.added[list].set(hash(&[filtered]), ());
    }

    /// Since when an origin has a mark.
    pub fn origin_mark(&self, origin: &str, mark: &str) -> Option<u64> {
        self.origins.get(hash(&[origin, mark])).copied()
    }

    /// Marks an origin.
    pub fn mark_origin(&mut self, origin: &str, mark: &str, now: u64) {
        self.origins.set(hash(&[origin, mark]), now);
    }

    /// Takes a mark away.
    pub fn unmark_origin(&mut self, origin: &str, mark: &str) {
        self.origins.remove(hash(&[origin, mark]));
    }
}

/// Since when a user has a mark.
pub fn user_mark(user: &str, mark: &str) -> Option<u64> {
    store::get(&key(user, mark)).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes)
}

/// Marks a user.
pub fn mark_user(user: &str, mark: &str, now: u64) -> Result<(), Refusal> {
    store::set(&key(user, mark), &now.to_le_bytes())
}

/// Takes a mark away.
pub fn unmark_user(user: &str, mark: &str) {
    store::delete(&key(user, mark));
}

/// Whoever reads the store does not read who is marked.
fn key(user: &str, mark: &str) -> String {
    format!("{:032x}", hash(&[user, mark]))
}
