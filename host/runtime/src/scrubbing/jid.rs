//! Addresses of people and rooms: `local@domain/resource`, wherever they end.
//!
//! A domain alone is nobody's address. The local part reaches back over everything that RFC 7622 allows in it, so
//! `jid=alice@example.org` is taken whole. A resource may hold anything, spaces too, and what closes a quote or bracket
//! before the address: it ends at the last on the line that does, and without one with the line. In XML it is escaped,
//! so there the first ends it.

use std::ops::Range;

/// See [`Finder`](super::Finder).
pub fn next(line: &[u8], from: usize) -> Option<Range<usize>> {
    let mut place = from;
    loop {
        let at = next_at(line, place)?;
        if let Some(address) = around(line, from, &at) {
            return Some(address);
        }
        place = at.end;
    }
}

/// `@`, or as it stands in the names of Prosody's files.
fn next_at(line: &[u8], mut place: usize) -> Option<Range<usize>> {
    loop {
        place += line[place..].iter().position(|byte| matches!(byte, b'@' | b'%'))?;
        if line[place] == b'@' {
            return Some(place..place + 1);
        } else if line[place..].starts_with(b"%40") {
            return Some(place..place + 3);
        }
        place += 1;
    }
}

fn around(line: &[u8], from: usize, at: &Range<usize>) -> Option<Range<usize>> {
    // The domain first: a local part is then read once, whatever comes after it.
    let end = domain_end(line, at.end)?;
    let start = local_start(line, from, at.start)?;
    if line.get(end) != Some(&b'/') {
        return Some(start..without_punctuation(line, at.end, end));
    }
    Some(start..resource_end(line, end, &line[from..start]))
}

fn local_start(line: &[u8], from: usize, at: usize) -> Option<usize> {
    let length = line[from..at].iter().rev().take_while(|byte| is_local(**byte)).count();
    let skipped = line[at - length..at].iter().take_while(|byte| b"([{,;=|*`".contains(byte)).count();
    (skipped < length).then_some(at - length + skipped)
}

fn is_local(byte: u8) -> bool {
    byte > b' ' && byte != 0x7f && !b"\"&'/:<>@".contains(&byte)
}

/// Nothing but a domain follows an `@` in an address. More than one `@` is no address, but goes all the same.
fn domain_end(line: &[u8], start: usize) -> Option<usize> {
    let mut place = match *line.get(start)? {
        b'[' => return literal_end(line, start),
        byte if byte.is_ascii_alphanumeric() || !byte.is_ascii() => start + 1,
        _ => return None,
    };
    while let Some(length) = domain_step(&line[place..]) {
        place += length;
    }
    Some(place)
}

fn domain_step(rest: &[u8]) -> Option<usize> {
    match rest {
        [b'%', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => Some(3),
        [b'-' | b'.' | b'_' | b'@', ..] => Some(1),
        [byte, ..] if byte.is_ascii_alphanumeric() || !byte.is_ascii() => Some(1),
        _ => None,
    }
}

/// `[fe80::1%eth0]`
fn literal_end(line: &[u8], start: usize) -> Option<usize> {
    const LONGEST: usize = 64;
    let inside = line[start + 1..].iter().take(LONGEST);
    let length = inside.take_while(|byte| byte.is_ascii_alphanumeric() || b":.%-_".contains(byte)).count();
    (length > 0 && line.get(start + 1 + length) == Some(&b']')).then_some(start + length + 2)
}

/// The full stop of a sentence is no part of a domain.
fn without_punctuation(line: &[u8], start: usize, end: usize) -> usize {
    end - line[start..end].iter().rev().take_while(|byte| b".-_@".contains(byte)).count()
}

fn resource_end(line: &[u8], slash: usize, before: &[u8]) -> usize {
    let closing = closing(before);
    let is_closed = |place: &usize| Some(line[*place]) == closing && closes(line, *place);
    let is_over = |place: &usize| line[*place].is_ascii_control();
    if matches!(before, [.., b'=', b'"' | b'\''] | [.., b'>']) {
        return (slash..line.len()).find(|place| is_over(place) || is_closed(place)).unwrap_or(line.len());
    }
    let end = (slash..line.len()).find(is_over).unwrap_or(line.len());
    (slash..end).rfind(is_closed).unwrap_or(end)
}

fn closing(before: &[u8]) -> Option<u8> {
    match *before.last()? {
        b'(' => Some(b')'),
        b'[' => Some(b']'),
        b'{' => Some(b'}'),
        b'<' => Some(b'>'),
        b'>' => Some(b'<'),
        quote @ (b'"' | b'\'' | b'`') => Some(quote),
        _ => None,
    }
}

/// The quote in `'alice@example.org/Alice's phone'` that a letter follows does not.
fn closes(line: &[u8], place: usize) -> bool {
    line[place] == b'<' || !line.get(place + 1).is_some_and(|next| next.is_ascii_alphanumeric() || !next.is_ascii())
}
