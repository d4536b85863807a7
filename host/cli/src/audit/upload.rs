//! Uploaded files: ciphertext has no beginning that anybody knows.

/// So much of a file is looked at.
pub const GLIMPSE: u64 = 4096;

/// How files begin that people can open: pictures, films, sounds, documents, archives. None is shorter than three bytes:
/// ciphertext begins like one of two bytes once in 65,536 files.
const BEGINNINGS: [&[u8]; 20] = [
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"II*\0",
    b"MM\0*",
    b"%PDF",
    b"PK\x03\x04",
    b"OggS",
    b"ID3",
    b"fLaC",
    b"\x1a\x45\xdf\xa3",
    b"#!AMR",
    b"\x1f\x8b\x08",
    b"BZh",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\xfd7zXZ",
    b"\x7fELF",
    b"SQLite format 3",
];

/// Does it begin like a file that somebody can open without a key?
pub fn is_readable(beginning: &[u8]) -> bool {
    let is_film = beginning.get(4..8) == Some(b"ftyp");
    let is_known = is_film || BEGINNINGS.iter().any(|known| beginning.starts_with(known));
    is_known || is_text(beginning)
}

/// The last character may be cut off.
fn is_text(bytes: &[u8]) -> bool {
    let text = match str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
        Err(_) => return false,
    };
    !text.is_empty() && text.chars().all(|letter| !letter.is_control() || letter.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_files_from_ciphertext() {
        for (beginning, expected) in [
            (b"\x89PNG\r\n\x1a\n".as_slice(), true),
            (b"\0\0\0\x20ftypisom", true),
            ("Grüße".as_bytes(), true),
            (&"Grüße".as_bytes()[..3], true),
            (b"\x93\x8a\x01\xf0\xee\x77\x10\x99", false),
            (b"BM\x00\xff", false),
            (b"", false),
        ] {
            assert_eq!(is_readable(beginning), expected, "{beginning:?}");
        }
    }
}
