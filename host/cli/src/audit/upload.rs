//! Uploaded files: ciphertext looks like nothing that anybody knows.

use recognition::file::Look;

/// So much of a file is looked at.
pub const GLIMPSE: u64 = 4096;

/// Is it anything but ciphertext, by how it begins? What is shorter than ciphertext can be is something else; an empty file
/// says nothing.
pub fn is_readable(beginning: &[u8]) -> bool {
    let mut look = Look::default();
    !beginning.is_empty() && (look.feed(beginning).is_some() || look.end().is_some())
}

/// Does the name of a file say anything? A UUID with an ending says nothing: `upload` and many clients make such names.
pub fn is_name(name: &str) -> bool {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_ending = ending.len() <= 8 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_random = is_uuid(stem) && is_ending;
    !name.trim().is_empty() && !is_random
}

fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    groups.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_names_from_random_ones() {
        for (name, expected) in [
            ("", false),
            (" ", false),
            ("cat.png", true),
            ("a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d", false),
            ("A1B2C3D4-e5f6-4a7b-8c9d-0e1f2a3b4c5d.png", false),
            ("a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d.of anna", true),
            ("a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d.photographs", true),
            ("a1b2c3d4-anna-4a7b-8c9d-0e1f2a3b4c5d", true),
        ] {
            assert_eq!(is_name(name), expected, "{name}");
        }
    }

    #[test]
    fn tells_files_from_ciphertext() {
        for (beginning, expected) in [
            (b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), true),
            (b"\0\0\0\x20ftypisom\0\0\0\0", true),
            ("Grüße".as_bytes(), true),
            ("Viele Grüße aus den Bergen, bis morgen!".as_bytes(), true),
            (b"\x93\x8a\x01\xf0\xee\x77\x10\x99\x0c\xd4\x3b\xe1\x28\xf6\x5a\x87", false),
            (b"", false),
        ] {
            assert_eq!(is_readable(beginning), expected, "{beginning:?}");
        }
    }
}
