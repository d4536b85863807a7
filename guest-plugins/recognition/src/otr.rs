//! OTR in bodies (XEP-0364; Off-the-Record protocol, versions 2 and 3).

use crate::opaque::{Opaque, is_digits};
use crate::otr_message;

/// More than any client has to say to those who do not speak OTR.
const LONGEST_QUERY: usize = 16 * 1024;

/// A body that speaks OTR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body<'a> {
    /// A message of the key exchange or of the conversation, or a fragment of one.
    Encrypted,
    /// The question whether the other side speaks OTR.
    Query {
        /// The question itself.
        bare: &'a str,
        /// What follows, for people whose client does not speak OTR.
        rest: &'a str,
    },
    /// It begins like OTR and is not: an error message, version 1, a text behind the prefix.
    Malformed,
}

/// Reads a body; none if it does not begin like OTR. A plain text with the white-space tag that offers
/// OTR is a plain text.
pub fn read(body: &str) -> Option<Body<'_>> {
    let body = body.starts_with("?OTR").then(|| trimmed(body))?;
    let rest = &body["?OTR".len()..];
    let encrypted = match rest.as_bytes().first() {
        Some(b':') => is_message(body),
        Some(b',') => is_fragment(&rest[1..]),
        Some(b'|') => tagged(&rest[1..]).is_some_and(is_fragment),
        _ => return Some(query(body).unwrap_or(Body::Malformed)),
    };
    Some(if encrypted { Body::Encrypted } else { Body::Malformed })
}

/// What OTR writes behind its prefix: data, fragments, queries, errors.
const BEHIND_PREFIX: &[&str] = &[":", ",", "|", "?", "v", " Error:"];

/// White space in a plain text that offers OTR; the versions follow.
const OFFER: &str = " \t  \t\t\t\t \t \t \t  ";

/// Would a client that speaks OTR take this text for its own, whether it is encrypted or not? Clients look for the
/// prefix anywhere in it.
pub fn is_meant(body: &str) -> bool {
    let behind = body.match_indices("?OTR").map(|(at, prefix)| &body[at + prefix.len()..]);
    body.contains(OFFER) || behind.into_iter().any(|rest| BEHIND_PREFIX.iter().any(|known| rest.starts_with(known)))
}

/// Without a line break or two at the end.
fn trimmed(body: &str) -> &str {
    let blanks = body.bytes().rev().take(8).take_while(u8::is_ascii_whitespace).count();
    &body[..body.len() - blanks]
}

/// `?OTR?`, `?OTRv23?`, `?OTR?v2?`, and some text behind it.
fn query(body: &str) -> Option<Body<'_>> {
    if body.len() > LONGEST_QUERY {
        return None;
    }
    let after = &body["?OTR".len()..];
    let version_1 = after.strip_prefix('?');
    let rest = match versions(version_1.unwrap_or(after)) {
        Some(rest) => rest,
        None => version_1?,
    };
    let (bare, rest) = body.split_at(body.len() - rest.len());
    Some(Body::Query { bare, rest: rest.trim_ascii() })
}

/// Takes `v23?` off; each digit is a version, so few make sense.
fn versions(text: &str) -> Option<&str> {
    let (digits, rest) = text.strip_prefix('v')?.split_once('?')?;
    (digits.len() <= 4 && digits.bytes().all(|digit| digit.is_ascii_digit())).then_some(rest)
}

/// `?OTR:` base64 `.`
fn is_message(text: &str) -> bool {
    let inside = text.strip_prefix("?OTR:").and_then(|rest| rest.strip_suffix('.'));
    inside.and_then(Opaque::parse).is_some_and(|bytes| bytes.is_one_line() && otr_message::is_well_formed(&bytes))
}

/// Takes the instance tags of version 3 off: `sender|receiver,`
fn tagged(text: &str) -> Option<&str> {
    let is_tag = |tag: &str| (1..=8).contains(&tag.len()) && tag.bytes().all(|digit| digit.is_ascii_hexdigit());
    let (tags, rest) = text.split_once(',')?;
    let (sender, receiver) = tags.split_once('|')?;
    (is_tag(sender) && is_tag(receiver)).then_some(rest)
}

/// `number,count,piece,`
fn is_fragment(text: &str) -> bool {
    let mut fields = text.split(',');
    let (number, count) = (place(fields.next()), place(fields.next()));
    let (Some(piece), Some(""), None) = (fields.next(), fields.next(), fields.next()) else { return false };
    match (number, count) {
        (Some(1), Some(1)) => is_message(piece),
        (Some(number), Some(count)) if number <= count => is_piece(piece, number == 1, number == count),
        _ => false,
    }
}

fn place(field: Option<&str>) -> Option<u16> {
    let digits = field.filter(|field| field.bytes().all(|digit| digit.is_ascii_digit()))?;
    digits.parse().ok().filter(|number| *number > 0)
}

/// A piece of `?OTR:` base64 `.`, of which the other pieces are not at hand.
fn is_piece(piece: &str, first: bool, last: bool) -> bool {
    if first {
        return piece.strip_prefix("?OTR:").is_some_and(|rest| begins_well(rest) && is_base64(rest) && is_mixed(rest));
    }
    match last {
        true => piece.strip_suffix('.').is_some_and(is_base64),
        false => is_base64(piece) && is_mixed(piece),
    }
}

/// The header of a message is in its first four digits: version and type.
fn begins_well(encoded: &str) -> bool {
    let header = encoded.get(..4).and_then(Opaque::parse).and_then(|bytes| bytes.read(0, 3));
    header.is_some_and(|bytes| otr_message::is_header(&bytes))
}

fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    text.len() - digits.len() <= 2 && is_digits(digits.as_bytes())
}

/// Random base64 of this length has all kinds of digits; a sentence run together has not.
fn is_mixed(text: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| text.as_bytes().iter().any(kind);
    text.len() >= 32 && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_clients_take_for_otr() {
        for body in ["?OTRv23?", "?OTR?", "Hello ?OTR?v2? there", "?OTR:AAMD.", "?OTR,1,2,AA,", "?OTR|5a|27,1,2,AA,"] {
            assert!(is_meant(body), "{body}");
        }
        assert!(is_meant("?OTR Error: You sent something unreadable."));
        assert!(is_meant("Hello \t  \t\t\t\t \t \t \t    \t\t  \t "));
        for body in ["", "Do you speak OTR?", "?OTR is old", "?otr?", "Hello \t  \t\t\t "] {
            assert!(!is_meant(body), "{body}");
        }
    }
}
