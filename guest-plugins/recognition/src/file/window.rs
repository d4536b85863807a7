//! Parts of a file: a readable part stands out, however much ciphertext is around it.

use super::BITS;
use super::counts::{Counts, PLACES, VALUES, bits_saved};

/// Bytes of a window.
pub const WINDOW: usize = 4096;

/// The windows of a file, one beside the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows {
    /// How many are done.
    pub done: u64,
    /// How much of the next one was seen.
    pub filled: usize,
    /// What was in it.
    pub seen: [[u16; VALUES]; PLACES],
}

impl Default for Windows {
    fn default() -> Self {
        Self { done: 0, filled: 0, seen: [[0; VALUES]; PLACES] }
    }
}

impl Windows {
    /// Takes in the next piece; what is in windows that are done goes to `all`. Was one of these windows skewed?
    pub fn feed(&mut self, mut piece: &[u8], all: &mut Counts) -> bool {
        let mut is_skewed = false;
        while !piece.is_empty() {
            let (now, later) = piece.split_at(piece.len().min(WINDOW - self.filled));
            self.count(now);
            piece = later;
            if self.filled == WINDOW {
                is_skewed |= self.is_skewed();
                all.add(&self.seen);
                *self = Self { done: self.done + 1, ..Self::default() };
            }
        }
        is_skewed
    }

    /// What is in the window that is not done.
    pub fn unfinished(&self) -> &[[u16; VALUES]; PLACES] {
        &self.seen
    }

    fn count(&mut self, bytes: &[u8]) {
        let [even, odd] = &mut self.seen;
        let (first, second) = if self.filled.is_multiple_of(2) { (even, odd) } else { (odd, even) };
        let (pairs, rest) = bytes.as_chunks::<2>();
        for [one, other] in pairs {
            first[usize::from(*one)] += 1;
            second[usize::from(*other)] += 1;
        }
        if let [last] = rest {
            first[usize::from(*last)] += 1;
        }
        self.filled += bytes.len();
    }

    fn is_skewed(&self) -> bool {
        let [even, odd] = &self.seen;
        let saved = bits_saved(even.iter().zip(odd).map(|(even, odd)| u64::from(*even) + u64::from(*odd)));
        saved >= BITS + handicap(self.done)
    }
}

/// So many bits more must a window save that comes later. One in `(i + 1)(i + 2)`, summed up over all, is one.
fn handicap(number: u64) -> f64 {
    let number = number as f64;
    ((number + 1.0) * (number + 2.0)).log2()
}
