//! Whom users have blocked: consents to them and what waits of them are forgotten, some at a time, since the host takes only
//! 64 writes a call. Until then it is as if it were done.

use std::collections::VecDeque;

use prosody_policy::holding;

use crate::consents;
use crate::pair::{self, Pair};

/// With two writes for each.
const MOST_AT_ONCE: usize = 30;
/// With each stanza that is decided about; it may need some writes itself.
const MOST_BESIDES: usize = 8;
/// Of more at a time, consents and messages are left, which only counts if the user takes them off his list again.
const MOST: usize = 2_000;

/// What is still to be forgotten.
#[derive(Debug, Default)]
pub struct Forgetting {
    pairs: VecDeque<Pair>,
}

impl Forgetting {
    /// These are to be forgotten: begins with it.
    pub fn begin(&mut self, pairs: impl Iterator<Item = Pair>) {
        let room = MOST - self.pairs.len();
        self.pairs.extend(pairs.take(room));
        self.forget(MOST_AT_ONCE);
    }

    /// Goes on with it, besides something else.
    pub fn go_on(&mut self) {
        self.forget(MOST_BESIDES);
    }

    /// Is this to be forgotten?
    pub fn has(&self, pair: Pair) -> bool {
        self.pairs.contains(&pair)
    }

    /// Forgets this now, if it is to be: something new begins with it.
    pub fn finish(&mut self, pair: Pair) {
        if self.has(pair) {
            self.pairs.retain(|other| *other != pair);
            forget(pair);
        }
    }

    fn forget(&mut self, most: usize) {
        let count = self.pairs.len().min(most);
        self.pairs.drain(..count).for_each(forget);
    }

    /// For a successor.
    pub fn save(&self, state: &mut Vec<u8>) {
        state.extend_from_slice(format!("{}\n", self.pairs.len()).as_bytes());
        self.pairs.iter().for_each(|pair| state.extend_from_slice(pair));
    }

    /// Takes it over from the beginning of `rest`.
    pub fn restore(&mut self, rest: &mut &[u8]) -> Option<()> {
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let count: usize = std::str::from_utf8(&rest[..end]).ok()?.parse().ok().filter(|count| *count <= MOST)?;
        let (pairs, behind) = rest[end + 1..].split_at_checked(count * size_of::<Pair>())?;
        self.pairs = pairs.chunks_exact(size_of::<Pair>()).filter_map(|pair| pair.try_into().ok()).collect();
        *rest = behind;
        Some(())
    }
}

fn forget(pair: Pair) {
    consents::forget(pair);
    holding::discard(&pair::key(pair));
}
