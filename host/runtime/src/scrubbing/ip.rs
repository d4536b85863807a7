//! Addresses of machines: IPv4 in four numbers, IPv6 in every form that is written.
//!
//! What looks like one and is none stays: `13.0.1`, `12:34:56`, `v1.2.3.4`, `a::b`, object identifiers, fingerprints.

use std::net::Ipv6Addr;
use std::ops::Range;

/// More than the longest IPv6 address with full stops and colons around it.
const LONGEST: usize = 64;

/// See [`Finder`](super::Finder).
pub fn next(line: &[u8], from: usize) -> Option<Range<usize>> {
    let mut place = from;
    while let Some(skipped) = line[place..].iter().position(|byte| is_part(*byte)) {
        let start = place + skipped;
        let length = line[start..].iter().take(LONGEST).take_while(|byte| is_part(**byte)).count();
        let run = start..start + length;
        if let Some(address) = within(line, from, &run) {
            return Some(address);
        }
        place = run.end;
    }
    None
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b':' || byte == b'.'
}

/// The first address in a run of hexadecimal digits, colons and full stops.
fn within(line: &[u8], from: usize, run: &Range<usize>) -> Option<Range<usize>> {
    let bytes = &line[run.clone()];
    let count = |wanted: u8| bytes.iter().filter(|byte| **byte == wanted).count();
    let (colons, stops) = (count(b':'), count(b'.'));
    if colons < 2 && stops == 0 {
        return None;
    }
    if colons >= 2
        && let Some(address) = v6(line, from, run)
    {
        return Some(address);
    }
    let address = (stops > 0).then(|| first_v4(line, from, run)).flatten()?;
    // What stood before it is a run of its own now.
    Some(v6(line, from, &(run.start..address.start)).unwrap_or(address))
}

fn v6(line: &[u8], from: usize, run: &Range<usize>) -> Option<Range<usize>> {
    let address = trimmed(line, run);
    let text = str::from_utf8(&line[address.clone()]).ok()?;
    let is_address = text.parse::<Ipv6Addr>().is_ok() && is_written_as_address(text);
    (is_address && is_apart(line, from, run, &address)).then(|| address.start..zone_end(line, address.end))
}

/// Without the punctuation around it: a colon before or after, the full stop of a sentence.
fn trimmed(line: &[u8], run: &Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (run.start, run.end);
    while matches!(&line[start..end], [.., b'.'] | [.., b':', b':', b':'])
        || is_lone_colon(line[start..end].iter().rev())
    {
        end -= 1;
    }
    while matches!(&line[start..end], [b'.', ..] | [b':', b':', b':', ..]) || is_lone_colon(line[start..end].iter()) {
        start += 1;
    }
    start..end
}

fn is_lone_colon<'a>(mut bytes: impl Iterator<Item = &'a u8>) -> bool {
    bytes.next() == Some(&b':') && bytes.next() != Some(&b':')
}

/// `a::b` is one too, but then it is code. Every address that is given out has a digit, or begins like a private one.
fn is_written_as_address(text: &str) -> bool {
    let is_private =
        text.len() > 4 && matches!(&text.as_bytes()[..2], b"fc" | b"fd" | b"FC" | b"FD") && !text[..4].contains(':');
    is_private || text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Words of code reach into a run: `std::e2ee`, `abc::next`. A digit after `::` begins no word.
fn is_apart(line: &[u8], from: usize, run: &Range<usize>, address: &Range<usize>) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let before = (address.start > from).then(|| line[address.start - 1]);
    let is_apart_before = !before.is_some_and(is_word)
        || line[address.start] == b':' && line.get(address.start + 2).is_some_and(u8::is_ascii_digit);
    let is_cut =
        run.end - run.start >= LONGEST || before.is_some_and(|byte| address.start == run.start && is_part(byte));
    is_apart_before && !is_cut && !line.get(address.end).copied().is_some_and(is_word)
}

/// `%eth0`
fn zone_end(line: &[u8], end: usize) -> usize {
    let Some((b'%', zone)) = line[end..].split_first() else { return end };
    let length = zone.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).count();
    if length == 0 { end } else { end + 1 + length }
}

/// One that begins in the run; it may end after it.
fn first_v4(line: &[u8], from: usize, run: &Range<usize>) -> Option<Range<usize>> {
    (run.start..run.end).find_map(|start| Some(start..v4_end(line, from, start)?))
}

fn v4_end(line: &[u8], from: usize, start: usize) -> Option<usize> {
    if !line[start].is_ascii_digit() || continues_before(&line[from..start]) {
        return None;
    }
    let mut end = number_end(line, start)?;
    for _ in 0..3 {
        if line.get(end) != Some(&b'.') {
            return None;
        }
        end = number_end(line, end + 1)?;
    }
    (!matches!(&line[end..], [b'.', digit, ..] if digit.is_ascii_digit())).then_some(end)
}

/// In the middle of a number or of more than four of them, or after the v of a version.
fn continues_before(before: &[u8]) -> bool {
    match before {
        [.., digit] if digit.is_ascii_digit() => true,
        [.., digit, b'.'] => digit.is_ascii_digit(),
        [.., letter, b'v' | b'V'] => !letter.is_ascii_alphanumeric(),
        [b'v' | b'V'] => true,
        _ => false,
    }
}

/// The end of a number up to 255.
fn number_end(line: &[u8], start: usize) -> Option<usize> {
    let digits = line[start..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let value = line[start..start + digits].iter().fold(0_u32, |value, digit| value * 10 + u32::from(digit - b'0'));
    ((1..=3).contains(&digits) && value <= 255).then_some(start + digits)
}
