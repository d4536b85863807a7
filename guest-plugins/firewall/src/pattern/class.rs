//! Sets of bytes: what one step of a pattern takes.

/// A set of bytes. Lua's own classes are those of ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class([u64; 4]);

impl Class {
    /// No byte.
    pub const NONE: Self = Self([0; 4]);
    /// Every byte.
    pub const ALL: Self = Self([u64::MAX; 4]);

    /// This byte alone.
    pub fn byte(byte: u8) -> Self {
        Self::NONE.with(byte)
    }

    /// Is it in the set?
    pub fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] & bit(byte) != 0
    }

    /// This one as well.
    #[must_use]
    pub fn with(mut self, byte: u8) -> Self {
        self.0[usize::from(byte >> 6)] |= bit(byte);
        self
    }

    /// Those of both.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(ours, theirs)| *ours |= theirs);
        self
    }

    /// All others.
    #[must_use]
    pub fn inverted(self) -> Self {
        Self(self.0.map(|bits| !bits))
    }

    /// What `%` and this byte stand for: a class, its opposite in upper case, or the byte itself.
    pub fn escaped(byte: u8) -> Self {
        let Some(is_member) = members(byte.to_ascii_lowercase()) else { return Self::byte(byte) };
        let class = (0..=u8::MAX).filter(is_member).fold(Self::NONE, Self::with);
        if byte.is_ascii_uppercase() { class.inverted() } else { class }
    }
}

fn bit(byte: u8) -> u64 {
    1 << (byte & 63)
}

fn members(letter: u8) -> Option<fn(&u8) -> bool> {
    Some(match letter {
        b'a' => u8::is_ascii_alphabetic,
        b'c' => u8::is_ascii_control,
        b'd' => u8::is_ascii_digit,
        b'g' => u8::is_ascii_graphic,
        b'l' => u8::is_ascii_lowercase,
        b'p' => u8::is_ascii_punctuation,
        b's' => |byte| matches!(byte, b' ' | 9..=13),
        b'u' => u8::is_ascii_uppercase,
        b'w' => u8::is_ascii_alphanumeric,
        b'x' => u8::is_ascii_hexdigit,
        // Lua has it from its past.
        b'z' => |byte| *byte == 0,
        _ => return None,
    })
}
