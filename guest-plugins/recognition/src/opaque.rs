//! Base64 that holds something other than readable text.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Decodes base64; white space between is allowed, as clients wrap lines. None if it is not canonical
/// base64, or if what it holds can be read.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let packed: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(packed).ok().filter(|bytes| !is_readable(bytes))
}

/// Could a person read this? The lengths keep real ciphertext out: six random bytes are letters once in
/// 14,000 times, sixteen are text once in 500,000.
pub fn is_readable(bytes: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b' ';
    let is_text = |text: &str| text.chars().all(|character| !character.is_control() || character.is_ascii_whitespace());
    bytes.len() >= 6 && bytes.iter().all(is_letter)
        || bytes.len() >= 16 && std::str::from_utf8(bytes).is_ok_and(is_text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_what_is_not_text() {
        assert_eq!(decode("AAEC\n Aw== "), Some(vec![0, 1, 2, 3]));
        for refused in ["SECRET", "AAE", "AAEC=", "U0VDUkVU", "QXQgbm9vbiwgdW5kZXIgdGhlIGNsb2NrLg==", "AA-_"] {
            assert_eq!(decode(refused), None, "{refused}");
        }
    }

    #[test]
    fn takes_short_bytes_for_what_they_are() {
        assert!(!is_readable(b"okay"));
        assert!(!is_readable(b"d41d8cd98f00"));
        assert!(is_readable("в полдень под часами".as_bytes()));
    }
}
