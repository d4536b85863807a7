//! How often within an hour something was done for a user.
//!
//! In memory only, and under hashes: nobody has to know later who was notified. What is an hour old says nothing any more
//! and is forgotten.

pub mod saved;

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

const HOUR: u64 = 60 * 60;

/// So many users are remembered.
pub const MOST_USERS: usize = 10_000;

/// How often within an hour something was done for whom.
#[derive(Debug, Default)]
pub struct Rates {
    users: BTreeMap<u64, Hour>,
}

/// An hour that begins with what is counted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Hour {
    since: u64,
    last: u64,
    count: u32,
}

impl Rates {
    /// Counts one more for a user, unless that makes more than `most`. What happens fewer than `merged` seconds after what
    /// was counted last is one with it.
    pub fn count(&mut self, user: &str, most: u32, merged: u32, now: u64) -> bool {
        let user = hash(user);
        self.make_room(user, now);
        let hour = self.users.entry(user).or_insert(Hour::starting(now));
        if !hour.is_current(now) {
            *hour = Hour::starting(now);
        }
        if hour.count > 0 && now - hour.last < u64::from(merged) {
            return true;
        }
        let is_within = hour.count < most;
        if is_within {
            (hour.count, hour.last) = (hour.count + 1, now);
        }
        is_within
    }

    /// Forgets what is over, and if that is not enough a tenth: whose hours began first.
    fn make_room(&mut self, user: u64, now: u64) {
        if self.users.len() < MOST_USERS || self.users.contains_key(&user) {
            return;
        }
        self.users.retain(|_, hour| hour.is_current(now));
        if self.users.len() >= MOST_USERS {
            let mut begun: Vec<(u64, u64)> = self.users.iter().map(|(user, hour)| (hour.since, *user)).collect();
            let tenth = *begun.select_nth_unstable(MOST_USERS / 10).1;
            self.users.retain(|user, hour| (hour.since, *user) > tenth);
        }
    }
}

impl Hour {
    fn starting(now: u64) -> Self {
        Self { since: now, last: now, count: 0 }
    }

    /// A clock that was set back must not stop anybody's hour.
    fn is_current(&self, now: u64) -> bool {
        self.last <= now && now - self.since < HOUR
    }
}

/// With a hash that anybody can find another name for, one could use up what is another's.
fn hash(user: &str) -> u64 {
    let digest = Sha256::digest(user.as_bytes());
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_so_many_an_hour() {
        let mut rates = Rates::default();
        let mut counted = |user: &str, now| rates.count(user, 2, 0, now);
        assert!(counted("a", 0) && counted("a", 1) && !counted("a", 2) && !counted("a", HOUR - 1));
        assert!(counted("b", 2));
        assert!(counted("a", HOUR) && counted("a", HOUR) && !counted("a", HOUR + 1));
    }

    #[test]
    fn what_is_merged_is_one() {
        let mut rates = Rates::default();
        let mut counted = |now| rates.count("a", 2, 10, now);
        assert!((0..10).all(&mut counted));
        assert!((10..20).all(&mut counted));
        assert!(!counted(20));
    }

    #[test]
    fn a_clock_may_be_set_back() {
        let mut rates = Rates::default();
        assert!(rates.count("a", 1, 0, 1_000_000) && !rates.count("a", 1, 0, 1_000_001));
        assert!(rates.count("a", 1, 0, 5) && !rates.count("a", 1, 0, 6));
        assert!(rates.count("a", 1, 10, u64::MAX));
    }

    #[test]
    fn there_is_an_end_to_remembering() {
        let mut rates = Rates::default();
        for number in 0..3 * MOST_USERS as u64 {
            assert!(rates.count(&number.to_string(), 1, 0, number / 10));
        }
        assert!(rates.users.len() <= MOST_USERS);
        assert!(!rates.count(&(3 * MOST_USERS - 1).to_string(), 1, 0, 3_000), "the last one is remembered");
        for number in 0..MOST_USERS {
            assert!(rates.count(&format!("later {number}"), 1, 0, 10_000));
        }
        for number in 0..2 * MOST_USERS {
            assert!(rates.count(&format!("all at once {number}"), 1, 0, 10_000));
        }
        assert!(rates.users.len() <= MOST_USERS);
    }
}
