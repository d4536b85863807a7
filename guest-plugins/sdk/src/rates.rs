//! How often somebody did something lately, for policies that limit it.
//!
//! In memory only, and under hashes: nobody has to know later who did it. What is over says nothing any more and is
//! forgotten. [`Rates::save`] and [`Rates::restore`] are for [`KeepsState`](crate::KeepsState).
//!
//! ```
//! use prosody_policy::rates::Rates;
//!
//! let mut rates = Rates::new(60);
//! rates.count("mallory@example.org", 1_000);
//! assert_eq!(rates.lately("mallory@example.org", 1_030), (1, Some(1_000)));
//! assert_eq!(rates.lately("mallory@example.org", 1_060), (0, None));
//! ```

use std::collections::{BTreeMap, VecDeque};

use sha2::{Digest, Sha256};

/// So many are remembered; beyond that the one is forgotten whose window began first. Whoever counts only what he allows
/// makes it expensive to be forgotten: it takes as many others first.
pub const MOST: usize = 10_000;

/// Bytes of one of them in a saved state: hash, start, how long after it the last time was, count.
const RECORD: usize = 8 + 8 + 4 + 4;

/// How often within a window of time that begins with the first time.
#[derive(Debug)]
pub struct Rates {
    seconds: u64,
    known: BTreeMap<u64, Window>,
    /// Whose window began when, oldest first. What is not known under this start is over.
    order: VecDeque<(u64, u64)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    start: u64,
    last: u64,
    count: u32,
}

impl Rates {
    /// Nobody did anything yet. `seconds`: the length of a window.
    pub fn new(seconds: u64) -> Self {
        Self { seconds, known: BTreeMap::new(), order: VecDeque::new() }
    }

    /// How often somebody did it in the window of this moment, and when last.
    pub fn lately(&self, who: &str, now: u64) -> (u32, Option<u64>) {
        match self.known.get(&hash(who)).filter(|window| window.is_open(self.seconds, now)) {
            Some(window) => (window.count, Some(window.last)),
            None => (0, None),
        }
    }

    /// Somebody did it.
    pub fn count(&mut self, who: &str, now: u64) {
        let who = hash(who);
        while self.order.front().is_some_and(|(_, start)| is_over(*start, self.seconds, now)) {
            self.forget_oldest();
        }
        match self.known.get_mut(&who).filter(|window| window.is_open(self.seconds, now)) {
            Some(window) => (window.count, window.last) = (window.count.saturating_add(1), now),
            None => self.begin(who, Window { start: now, last: now, count: 1 }),
        }
    }

    fn begin(&mut self, who: u64, window: Window) {
        if self.order.len() >= MOST {
            self.forget_oldest();
        }
        self.known.insert(who, window);
        self.order.push_back((who, window.start));
    }

    fn forget_oldest(&mut self) {
        let Some((who, start)) = self.order.pop_front() else { return };
        if self.known.get(&who).is_some_and(|window| window.start == start) {
            self.known.remove(&who);
        }
    }

    /// Writes down what is remembered, the oldest first: at most 240,004 bytes.
    pub fn save(&self, state: &mut Vec<u8>) {
        let known = self.order.iter().filter_map(|(who, start)| {
            self.known.get(who).filter(|window| window.start == *start).map(|window| (who, window))
        });
        let known: Vec<_> = known.collect();
        state.extend(u32::try_from(known.len()).unwrap_or_default().to_le_bytes());
        for (who, Window { start, last, count }) in known {
            state.extend(who.to_le_bytes());
            state.extend(start.to_le_bytes());
            state.extend(u32::try_from(last - start).unwrap_or(u32::MAX).to_le_bytes());
            state.extend(count.to_le_bytes());
        }
    }

    /// Takes over what was written down, and leaves what follows it. `None` if nothing like this was.
    pub fn restore(&mut self, state: &mut &[u8]) -> Option<()> {
        let (number, rest) = state.split_first_chunk()?;
        let number = usize::try_from(u32::from_le_bytes(*number)).ok().filter(|number| *number <= MOST)?;
        let (records, rest) = rest.split_at_checked(number * RECORD)?;
        for record in records.chunks_exact(RECORD) {
            let (who, record) = record.split_first_chunk()?;
            let (start, record) = record.split_first_chunk()?;
            let (after, count) = record.split_first_chunk()?;
            let start = u64::from_le_bytes(*start);
            let last = start.checked_add(u32::from_le_bytes(*after).into())?;
            let count = u32::from_le_bytes(count.try_into().ok()?);
            self.begin(u64::from_le_bytes(*who), Window { start, last, count });
        }
        *state = rest;
        Some(())
    }
}

impl Window {
    /// Has it begun and not ended? A clock that was set back must lock nobody out.
    fn is_open(&self, seconds: u64, now: u64) -> bool {
        self.last <= now && !is_over(self.start, seconds, now)
    }
}

/// A time that has not come yet is over as well.
fn is_over(start: u64, seconds: u64, now: u64) -> bool {
    now.checked_sub(start).is_none_or(|passed| passed >= seconds)
}

/// With a hash for which anybody can find another name, one could use up what is another's.
fn hash(who: &str) -> u64 {
    let digest = Sha256::digest(who.as_bytes());
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn often(rates: &Rates, who: &str, now: u64) -> u32 {
        rates.lately(who, now).0
    }

    #[test]
    fn counts_from_the_first_time() {
        let mut rates = Rates::new(60);
        for (now, before) in [(0, 0), (59, 1), (59, 2), (60, 0), (119, 1), (120, 0)] {
            assert_eq!(often(&rates, "mallory", now), before, "{now}");
            rates.count("mallory", now);
        }
        assert_eq!(rates.lately("mallory", 130), (1, Some(120)));
        assert_eq!(rates.lately("trent", 130), (0, None));
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let mut rates = Rates::new(60);
        rates.count("mallory", 1_000_000);
        assert_eq!(often(&rates, "mallory", 10), 0);
        rates.count("mallory", 10);
        assert_eq!((often(&rates, "mallory", 11), often(&rates, "mallory", 9)), (1, 0));
        assert_eq!(often(&rates, "mallory", u64::MAX), 0);
    }

    #[test]
    #[cfg_attr(miri, ignore = "thousands of keys")]
    fn is_bounded_and_forgets_the_oldest() {
        let mut rates = Rates::new(60);
        for number in 0..=MOST {
            rates.count(&number.to_string(), 1);
        }
        assert_eq!((rates.order.len(), rates.known.len()), (MOST, MOST));
        assert_eq!((often(&rates, "0", 2), often(&rates, "1", 2)), (0, 1));
        rates.count("later", 61);
        assert_eq!((rates.order.len(), rates.known.len()), (1, 1));
    }

    /// As many as there can be; under Miri, where each takes a hundredth of a second, fewer.
    const KEPT: usize = if cfg!(miri) { 30 } else { MOST };

    #[test]
    fn survives_as_bytes() {
        let mut rates = Rates::new(60);
        (0..KEPT).for_each(|number| rates.count(&number.to_string(), 1));
        rates.count("7", 30);
        let mut state = Vec::new();
        rates.save(&mut state);
        assert_eq!(state.len(), 4 + KEPT * RECORD);
        let mut other = Rates::new(60);
        let mut rest = &[state.as_slice(), b"x"].concat()[..];
        other.restore(&mut rest).unwrap();
        assert_eq!((rest, other.lately("7", 31), other.lately("7", 61)), (&b"x"[..], (2, Some(30)), (0, None)));
        for length in 0..state.len().min(100) {
            assert_eq!(Rates::new(60).restore(&mut &state[..length]), None);
        }
        let too_many = u32::try_from(MOST + 1).unwrap().to_le_bytes();
        assert_eq!(Rates::new(60).restore(&mut &[&too_many[..], &vec![0; (MOST + 1) * RECORD]].concat()[..]), None);
    }
}
