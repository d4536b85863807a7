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

#[cfg(test)]
mod tests {
    use super::*;

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
