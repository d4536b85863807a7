//! Telling text from bytes that only look like it.

/// So many bytes tell a text from anything else.
pub const GLIMPSE: usize = 24;

/// Could a person read this?
///
/// A short ciphertext may look like it by chance: of six random bytes all are letters once in 12,000 times,
/// of eight all belong into a sentence once in 28,000, and sixteen are any text once in 500,000. Only a few
/// messages are that short, so a person meets this about once in a million messages.
pub fn is_readable(bytes: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b' ';
    let is_of_a_sentence = |byte: &u8| is_letter(byte) || byte.is_ascii_digit() || b".,:;!?'-".contains(byte);
    match bytes.len() {
        0..6 => false,
        6..8 => bytes.iter().all(is_letter),
        8..16 => bytes.iter().all(is_of_a_sentence),
        _ => is_text(bytes),
    }
}

/// Is it a control character of ASCII? Whatever has one cannot be read, so the rest need not be decoded.
pub fn is_never_in_text(byte: u8) -> bool {
    byte.is_ascii_control() && !byte.is_ascii_whitespace()
}

/// A character that is cut off at the end still is one.
fn is_text(bytes: &[u8]) -> bool {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
        Err(_) => return false,
    };
    text.chars().all(|character| !character.is_control() || character.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_short_bytes_for_what_they_are() {
        assert!(!is_readable(b"okay"));
        assert!(!is_readable(b"\x00secret"));
        assert!(is_readable(b"SECRET") && is_readable(b"SECRET 1!"));
        assert!(is_readable("в полдень под часами".as_bytes()));
        assert!(is_readable(&"в полдень под часами, как всегда".as_bytes()[..37]));
    }
}
