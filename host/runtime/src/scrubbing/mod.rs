//! A line of a log without addresses: of people ([JIDs](jid), [files](file)) and of their machines ([IPs](ip)).
//!
//! A pure function over bytes, because a line need not be UTF-8. Linear in the length of the line whatever is in it,
//! so nothing has to be cut. When in doubt more goes than must: what is too much missing can be seen, what is too
//! much there cannot be taken back.

mod file;
mod ip;
mod jid;

use std::borrow::Cow;
use std::ops::Range;

/// Finds the first address at or after a place, which is the start of the line or the end of the last address.
type Finder = fn(&[u8], usize) -> Option<Range<usize>>;

/// The line with `<jid>` and `<ip>` where addresses were. Borrowed when there are none; a scrubbed line stays as it is.
pub fn scrub(line: &[u8]) -> Cow<'_, [u8]> {
    const FINDERS: [(&[u8], Finder); 3] = [(b"<jid>", jid::next), (b"<jid>", file::next), (b"<ip>", ip::next)];
    let mut clean = Cow::Borrowed(line);
    for (word, next) in FINDERS {
        if let Some(first) = next(&clean, 0) {
            clean = Cow::Owned(replaced(&clean, word, next, first));
        }
    }
    clean
}

fn replaced(line: &[u8], word: &[u8], next: Finder, first: Range<usize>) -> Vec<u8> {
    let (mut clean, mut done) = (Vec::with_capacity(line.len()), 0);
    let mut found = Some(first);
    while let Some(address) = found {
        clean.extend_from_slice(&line[done..address.start]);
        clean.extend_from_slice(word);
        done = address.end;
        found = next(line, done);
    }
    clean.extend_from_slice(&line[done..]);
    clean
}

#[cfg(test)]
mod tests;
