//! People in the names of Prosody's files: `/var/lib/prosody/example%2eorg/accounts/alice.dat`.
//!
//! Lua cuts a long path at its front, `...d0%b5%d0%ba.list:2:`, and then a long name has nothing but that before it.

use std::ops::Range;

/// What the internal storage puts behind a name.
const ENDINGS: [&[u8]; 4] = [b".dat", b".list", b".lidx", b".xml"];

/// See [`Finder`](super::Finder).
pub fn next(line: &[u8], from: usize) -> Option<Range<usize>> {
    let mut place = from;
    loop {
        place += line[place..].iter().position(|byte| *byte == b'.')?;
        if let Some(start) = name_start(line, from, place) {
            return Some(start..place);
        }
        place += 1;
    }
}

/// Everything but ASCII letters and digits is written as `%2e`, so a name has neither full stop nor slash.
fn name_start(line: &[u8], from: usize, stop: usize) -> Option<usize> {
    let ending = ENDINGS.iter().find(|ending| line[stop..].starts_with(ending))?;
    let is_whole = !line.get(stop + ending.len()).is_some_and(u8::is_ascii_alphanumeric);
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'%';
    let length = line[from..stop].iter().rev().take_while(is_name).count();
    let before = &line[from..stop - length];
    let is_file = before.ends_with(b"/") || before.ends_with(b"...");
    (is_whole && length > 0 && is_file).then_some(stop - length)
}
