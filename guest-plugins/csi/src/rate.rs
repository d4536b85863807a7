//! How often somebody did something lately. A name is remembered as a hash: nothing here tells who writes to whom.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// So many are remembered, beyond that the oldest is forgotten. Only what was allowed is counted, so whoever wants to be
/// forgotten needs as many others first.
pub const MOST: usize = 10_000;

/// Bytes of one of them in a saved state: hash, start, count.
const RECORD: usize = 8 + 8 + 4;

/// So often in so many seconds, counted from the first time.
#[derive(Debug)]
pub struct Rate {
    limit: u32,
    seconds: u64,
    known: BTreeMap<u64, Count>,
    /// Whose time began when, oldest first.
    order: VecDeque<(u64, u64)>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    start: u64,
    count: u32,
}

impl Rate {
    /// Nobody did anything yet.
    pub fn new(limit: u32, seconds: u64) -> Self {
        Self { limit, seconds, known: BTreeMap::new(), order: VecDeque::new() }
    }

    /// May somebody do it once more?
    pub fn has_room(&self, who: &str, now: u64) -> bool {
        self.known
            .get(&hash(who))
            .is_none_or(|known| is_over(known.start, self.seconds, now) || known.count < self.limit)
    }

    /// Somebody did it.
    pub fn count(&mut self, who: &str, now: u64) {
        let who = hash(who);
        while self.order.front().is_some_and(|(_, start)| is_over(*start, self.seconds, now)) {
            self.forget_oldest();
        }
        match self.known.get_mut(&who).filter(|known| !is_over(known.start, self.seconds, now)) {
            Some(known) => known.count += 1,
            None => self.begin(who, now, 1),
        }
    }

    fn begin(&mut self, who: u64, start: u64, count: u32) {
        if self.order.len() >= MOST {
            self.forget_oldest();
        }
        self.known.insert(who, Count { start, count });
        self.order.push_back((who, start));
    }

    fn forget_oldest(&mut self) {
        let Some((who, start)) = self.order.pop_front() else { return };
        if self.known.get(&who).is_some_and(|known| known.start == start) {
            self.known.remove(&who);
        }
    }

    /// Writes down who did it how often, the longest ago first.
    pub fn save(&self, state: &mut Vec<u8>) {
        let known = self.order.iter().filter_map(|(who, start)| {
            self.known.get(who).filter(|known| known.start == *start).map(|known| (who, known))
        });
        let records: Vec<(&u64, &Count)> = known.collect();
        state.extend(u32::try_from(records.len()).unwrap_or_default().to_le_bytes());
        for (who, Count { start, count }) in records {
            state.extend(who.to_le_bytes());
            state.extend(start.to_le_bytes());
            state.extend(count.to_le_bytes());
        }
    }

    /// Takes over what was written down; none if nothing like this was. What follows is left.
    pub fn restore(&mut self, state: &mut &[u8]) -> Option<()> {
        let (number, rest) = state.split_first_chunk()?;
        let number = usize::try_from(u32::from_le_bytes(*number)).ok().filter(|number| *number <= MOST)?;
        let (records, rest) = rest.split_at_checked(number * RECORD)?;
        for record in records.chunks_exact(RECORD) {
            let (who, record) = record.split_first_chunk()?;
            let (start, count) = record.split_first_chunk()?;
            let count = u32::from_le_bytes(count.try_into().ok()?);
            self.begin(u64::from_le_bytes(*who), u64::from_le_bytes(*start), count);
        }
        *state = rest;
        Some(())
    }
}

/// A time that has not come yet is over as well: the clock was set back.
fn is_over(start: u64, seconds: u64, now: u64) -> bool {
    now.checked_sub(start).is_none_or(|passed| passed >= seconds)
}

fn hash(who: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    who.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_from_the_first_time() {
        let mut rate = Rate::new(2, 60);
        for (now, expected) in [(0, true), (59, true), (59, false), (60, true), (61, true), (61, false), (120, true)] {
            assert_eq!(rate.has_room("mallory", now), expected, "{now}");
            if expected {
                rate.count("mallory", now);
            }
        }
        assert!(rate.has_room("trent", 61));
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let mut rate = Rate::new(1, 60);
        rate.count("mallory", 1_000_000);
        assert!(rate.has_room("mallory", 10));
        rate.count("mallory", 10);
        assert!(!rate.has_room("mallory", 11));
    }

    #[test]
    fn is_bounded_and_forgets_the_oldest() {
        let mut rate = Rate::new(1, 60);
        for number in 0..=MOST {
            rate.count(&number.to_string(), 1);
        }
        assert_eq!((rate.order.len(), rate.known.len()), (MOST, MOST));
        assert!(rate.has_room("0", 2) && !rate.has_room("1", 2));
        rate.count("later", 61);
        assert_eq!((rate.order.len(), rate.known.len()), (1, 1));
    }

    #[test]
    fn survives_as_bytes() {
        let mut rate = Rate::new(1, 60);
        (0..MOST).for_each(|number| rate.count(&number.to_string(), 1));
        let mut state = Vec::new();
        rate.save(&mut state);
        assert!(4 * state.len() < 1024 * 1024, "{}", state.len());
        let mut other = Rate::new(1, 60);
        let mut rest = state.as_slice();
        other.restore(&mut rest).unwrap();
        assert!(rest.is_empty() && !other.has_room("7", 2) && other.has_room("7", 61));
        for length in 0..state.len().min(100) {
            assert_eq!(Rate::new(1, 60).restore(&mut &state[..length]), None);
        }
    }
}
