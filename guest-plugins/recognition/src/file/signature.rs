//! How files of known formats begin.

use super::table::TABLE;

/// A format with how its files look at some place.
pub struct Signature {
    pub format: &'static str,
    pub offset: usize,
    pub pattern: &'static [Part],
}

/// A part of a pattern.
pub enum Part {
    /// These bytes.
    Bytes(&'static [u8]),
    /// So many bytes of any kind.
    Any(usize),
    /// A byte that has this value under this mask.
    Masked(u8, u8),
}

impl Part {
    fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::Any(count) => *count,
            Self::Masked(..) => 1,
        }
    }

    fn bits(&self) -> u32 {
        match self {
            Self::Bytes(bytes) => 8 * bytes.len() as u32,
            Self::Any(_) => 0,
            Self::Masked(mask, _) => mask.count_ones(),
        }
    }

    fn fits(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Bytes(expected) => bytes == *expected,
            Self::Any(_) => true,
            Self::Masked(mask, value) => bytes.iter().all(|byte| byte & mask == *value),
        }
    }
}

impl Signature {
    fn fits(&self, head: &[u8]) -> bool {
        let mut rest = head.get(self.offset..).unwrap_or_default();
        self.pattern.iter().all(|part| match rest.split_at_checked(part.len()) {
            Some((bytes, after)) => {
                rest = after;
                part.fits(bytes)
            }
            None => false,
        })
    }

    fn bits(&self) -> u32 {
        self.pattern.iter().map(Part::bits).sum()
    }
}

/// The format that a file begins like.
pub fn find(head: &[u8]) -> Option<&'static str> {
    TABLE.iter().find(|signature| signature.fits(head)).map(|signature| signature.format)
}

/// How many bits each signature fixes.
pub fn all_bits() -> impl Iterator<Item = u32> {
    TABLE.iter().map(Signature::bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_is_short() {
        for signature in TABLE {
            let bits = signature.bits();
            assert!(bits >= 36, "{} at {}: {bits} bits", signature.format, signature.offset);
        }
    }
}
