//! Tells a file that somebody can open without a key from one that looks like nothing, as ciphertext does.
//!
//! A file is looked at piece by piece, and what is kept in between is small ([`Look::encode`]).
//!
//! # How often is ciphertext refused?
//!
//! Good ciphertext cannot be told from bytes that are drawn at random, so the question is how often such bytes are taken
//! for something else. Nothing here guesses; each test is one of two kinds, for which that can be counted:
//!
//! * A signature or structure fixes a number of bits at places that are known before. Random bytes have them with a
//!   probability of 2⁻ᵇⁱᵗˢ. The shortest fixes 36.
//! * A model says how probable each next byte is, so it is a code that makes some files shorter. No code makes many files
//!   shorter: of random files, one in 2ᵏ or fewer is at any moment, however long it grows, shorter by `k` bits (Kraft's
//!   inequality; that it may be asked again and again is Ville's). A file that one of the [models](MODELS) makes shorter by
//!   [`BITS`] is not random. Windows have a code each, of which there may be millions, so that the one with number `i` has to
//!   be shorter by `log2((i + 1)(i + 2))` bits more: the sum over all of them is again one in 2ᵏ.
//!
//! [`false_refusals`] adds it all up: less than one in 10⁹, for files of any size from [`TAG`] bytes on. A shorter file is no
//! ciphertext of any client (XEP-0454: AES-GCM with a tag of 16 bytes behind it), and is [its own finding](Finding::TooShort).

mod counts;
mod gamma;
mod notes;
mod signature;
mod structure;
mod table;
mod text;
mod window;

use counts::Counts;
use window::Windows;

pub use notes::Malformed;

/// Bytes of the tag at the end of each file that AES-GCM encrypts: no encrypted file is shorter.
pub const TAG: u64 = 16;

/// So many bits shorter than random bytes makes a file readable.
const BITS: f64 = 36.0;

/// How many models there are beside those of texts: of all bytes, of those at even and odd places, of windows.
const STATISTICS: usize = 3;

/// So much of the beginning is kept: three frames of MPEG audio, twelve packets of an MPEG stream.
const HEAD: usize = 2304;

/// Where the descriptor of a disc image (ECMA-119) begins, behind its type.
const VOLUME: u64 = 32_769;
const VOLUME_SIGNATURE: [u8; 5] = *b"CD001";

/// What a file turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It begins like a file of a known format.
    Format(&'static str),
    /// It is text, or bytes written as text.
    Text(&'static str),
    /// Some bytes are much more frequent than others, in all of it or in a part.
    Skewed,
    /// It cannot hold so much as the tag of a ciphertext.
    TooShort,
}

impl Finding {
    /// For logs.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Format(_) => "format",
            Self::Text(_) => "text",
            Self::Skewed => "skewed",
            Self::TooShort => "too-short",
        }
    }
}

/// What was seen of a file so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    length: u64,
    head: [u8; HEAD],
    volume: [u8; VOLUME_SIGNATURE.len()],
    counts: Counts,
    windows: Windows,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            length: 0,
            head: [0; HEAD],
            volume: [0; VOLUME_SIGNATURE.len()],
            counts: Counts::default(),
            windows: Windows::default(),
        }
    }
}

impl Look {
    /// How many bytes were seen.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Was nothing seen yet?
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Looks at the next piece, of any size. The first finding is final.
    pub fn feed(&mut self, piece: &[u8]) -> Option<Finding> {
        let is_beginning = self.length < HEAD as u64;
        keep(&mut self.head, 0, self.length, piece);
        keep(&mut self.volume, VOLUME, self.length, piece);
        self.length += piece.len() as u64;
        let is_skewed = self.windows.feed(piece, &mut self.counts);
        let beginning = is_beginning.then(|| beginning(self.head())).flatten();
        beginning.or_else(|| self.disc()).or_else(|| (is_skewed || self.is_skewed()).then_some(Finding::Skewed))
    }

    /// What remains to be said when there is no more to come.
    pub fn end(&self) -> Option<Finding> {
        (self.length < TAG).then_some(Finding::TooShort)
    }

    fn head(&self) -> &[u8] {
        &self.head[..self.length.min(HEAD as u64) as usize]
    }

    fn disc(&self) -> Option<Finding> {
        (self.volume == VOLUME_SIGNATURE).then_some(Finding::Format("iso"))
    }

    /// By the models of all bytes.
    fn is_skewed(&self) -> bool {
        let all = self.counts.with(self.windows.unfinished());
        all.bits_saved() >= BITS || all.bits_saved_by_places() >= BITS
    }
}

/// What a file is by how it begins.
fn beginning(head: &[u8]) -> Option<Finding> {
    let format = signature::find(head).or_else(|| structure::find(head));
    format.map(Finding::Format).or_else(|| text::find(head).map(Finding::Text))
}

/// Copies what a piece at `offset` has of the bytes from `start` on.
fn keep(kept: &mut [u8], start: u64, offset: u64, piece: &[u8]) {
    let end = offset + piece.len() as u64;
    let (from, to) = (start.max(offset), (start + kept.len() as u64).min(end));
    if from < to {
        let source = &piece[(from - offset) as usize..(to - offset) as usize];
        kept[(from - start) as usize..(to - start) as usize].copy_from_slice(source);
    }
}

/// An upper bound of the probability that random bytes, of whatever number from [`TAG`] on, are taken for something else.
pub fn false_refusals() -> f64 {
    let fixed = signature::all_bits().chain(structure::all_bits()).chain([8 * VOLUME_SIGNATURE.len() as u32]);
    let signatures: f64 = fixed.map(|bits| (-f64::from(bits)).exp2()).sum();
    let models = text::MODELS.len() + STATISTICS;
    signatures + models as f64 * (-BITS).exp2()
}
