//! What is kept of a file between two pieces, as bytes. They come back from elsewhere, so nothing in them is believed.

use std::fmt;

use super::counts::{Counts, PLACES, VALUES};
use super::window::{WINDOW, Windows};
use super::{HEAD, Look, VOLUME_SIGNATURE};

/// The form of these notes. A change of anything here changes it.
const TITLE: &[u8] = b"look 1\n";

/// These bytes are no notes about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("what was kept of the file is not what was written down")
    }
}

impl std::error::Error for Malformed {}

impl Look {
    /// What was seen, in less than 8,192 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut notes = TITLE.to_vec();
        notes.extend(self.length.to_le_bytes());
        notes.extend(self.volume);
        notes.extend(self.counts.places.iter().flatten().flat_map(|count| count.to_le_bytes()));
        notes.extend(self.windows.seen.iter().flatten().flat_map(|count| count.to_le_bytes()));
        notes.extend(self.head());
        notes
    }

    /// Takes up what was seen; nothing is what was seen of a file before its first piece.
    pub fn decode(notes: &[u8]) -> Result<Self, Malformed> {
        if notes.is_empty() {
            return Ok(Self::default());
        }
        read(notes).filter(Self::is_possible).ok_or(Malformed)
    }

    /// Are there as many bytes as there should be?
    fn is_possible(&self) -> bool {
        let sum = |counts: [u64; 2]| counts[0].checked_add(counts[1]);
        let done = self.counts.places.map(|place| place.iter().try_fold(0, |sum: u64, count| sum.checked_add(*count)));
        let done = done[0].zip(done[1]).and_then(|(even, odd)| sum([even, odd]));
        let seen: usize = self.windows.seen.iter().flatten().map(|count| usize::from(*count)).sum();
        done == Some(self.windows.done * WINDOW as u64) && seen == self.windows.filled
    }
}

fn read(notes: &[u8]) -> Option<Look> {
    let mut rest = notes.strip_prefix(TITLE)?;
    let length = u64::from_le_bytes(*take(&mut rest)?);
    let volume = *take::<{ VOLUME_SIGNATURE.len() }>(&mut rest)?;
    let mut counts = Counts::default();
    for count in counts.places.iter_mut().flatten() {
        *count = u64::from_le_bytes(*take(&mut rest)?);
    }
    let mut seen = [[0; VALUES]; PLACES];
    for count in seen.iter_mut().flatten() {
        *count = u16::from_le_bytes(*take(&mut rest)?);
    }
    let windows = Windows { done: length / WINDOW as u64, filled: (length % WINDOW as u64) as usize, seen };
    let kept = length.min(HEAD as u64) as usize;
    let mut head = [0; HEAD];
    head[..kept].copy_from_slice(rest.get(..kept)?);
    (rest.len() == kept).then_some(Look { length, head, volume, counts, windows })
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (taken, after) = rest.split_first_chunk()?;
    *rest = after;
    Some(taken)
}
