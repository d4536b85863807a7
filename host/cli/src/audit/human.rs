//! What a person would call a text, where nothing else says whether it is one.
//!
//! A word is of letters only, two at least, large and small as people write them: `noon`, `Noon`, `NOON`, not `nOoN`.
//! Two words with a space between are a text; so is one of more than three letters, and whatever has a letter or sign
//! beyond ASCII. Numbers, dates, identifiers, hexadecimal and base64 are none.

/// A single word that is no longer could as well be a code.
const SHORT_WORD: usize = 3;
/// What is in dates and says nothing.
const DATE_WORDS: [&str; 21] = [
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
    "Oct", "Nov", "Dec", "GMT", "UTC",
];
/// What stands around a word in a sentence.
const PUNCTUATION: &[char] = &['.', ',', '!', '?', ';', ':', '\'', '"', '(', ')'];
/// Base64 in lines has lines of 64 or 76 digits, but for the last.
const BASE64_LINE: usize = 40;

/// Would a person call this a text?
pub fn is_text(text: &str) -> bool {
    is_sentence(text) || !is_coded(text) && words(text).any(|word| word.chars().count() > SHORT_WORD)
}

/// Would a person call this a text even where machines have words of their own?
pub fn is_sentence(text: &str) -> bool {
    !is_coded(text) && (!text.is_ascii() || words(text).nth(1).is_some())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split_whitespace().map(|piece| piece.trim_matches(PUNCTUATION));
    pieces.filter(|piece| is_word(piece) && !DATE_WORDS.contains(piece))
}

fn is_word(piece: &str) -> bool {
    let mut letters = piece.chars();
    letters.next();
    let rest = letters.as_str();
    let is_of_one_case = !rest.contains(char::is_uppercase) || !piece.contains(char::is_lowercase);
    !rest.is_empty() && piece.chars().all(char::is_alphabetic) && is_of_one_case
}

fn is_coded(text: &str) -> bool {
    is_hexadecimal(text) || is_base64(text)
}

/// Digits in groups of one length, as fingerprints are shown.
fn is_hexadecimal(text: &str) -> bool {
    let mut groups = text.split_whitespace();
    let length = groups.next().map_or(0, str::len);
    let is_of_digits = text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte.is_ascii_whitespace() || byte == b':');
    is_of_digits && text.contains(|letter: char| letter.is_ascii_digit()) && groups.all(|group| group.len() == length)
}

fn is_base64(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=\r\n".contains(&byte);
    text.lines().next().is_some_and(|line| line.len() >= BASE64_LINE) && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: (bool, bool) = (true, true);
    const WORD: (bool, bool) = (true, false);
    const NONE: (bool, bool) = (false, false);

    #[test]
    fn tells_texts_from_codes() {
        for (text, expected) in [
            ("meet me at eight behind the church", TEXT),
            ("See you!", TEXT),
            ("OK go", TEXT),
            ("\u{4eca}\u{665a}\u{516b}\u{70b9}", TEXT),
            ("Grüße", TEXT),
            ("\u{1f44d}", TEXT),
            ("a@b.c: see you", TEXT),
            ("noon", WORD),
            ("(Noon!)", WORD),
            ("at 8 tonight", TEXT),
            ("yes", NONE),
            ("", NONE),
            (" \n", NONE),
            ("8", NONE),
            ("2026-11-25T14:40:00Z", NONE),
            ("Wed, 25 Nov 2026 14:40:00 GMT", NONE),
            ("sha-256", NONE),
            ("d0e1b2c3d4", NONE),
            ("d0e1 feed dead 0123", NONE),
            ("AB:CD:EF:01", NONE),
            ("0aWsmgFfrC73s0FnNjVRKhUR9B/jfREbJn8DnuxdT1hqufHrj30ziPT51Yb2bpn9\ncoda", NONE),
            ("aXzQwErTyBn", NONE),
            ("urn:xmpp:mam:2", NONE),
            ("https://local.test/meet-me", NONE),
            ("192.0.2.1 5222", NONE),
            ("0e4bd5c3-0d5a-4a51-9f7c-1f7d2b6a3c11", NONE),
        ] {
            assert_eq!((is_text(text), is_sentence(text)), expected, "{text}");
        }
    }
}
