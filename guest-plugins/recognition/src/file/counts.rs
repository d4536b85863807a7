//! How often each byte was there, and what a code makes of that.

use super::gamma;

/// At even and at odd places.
pub const PLACES: usize = 2;
/// Values of a byte.
pub const VALUES: usize = 256;

/// How often each byte was there, by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    pub places: [[u64; VALUES]; PLACES],
}

impl Default for Counts {
    fn default() -> Self {
        Self { places: [[0; VALUES]; PLACES] }
    }
}

impl Counts {
    /// These and those of a window together.
    pub fn with(&self, window: &[[u16; VALUES]; PLACES]) -> Self {
        let mut sum = self.clone();
        sum.add(window);
        sum
    }

    /// Adds those of a window.
    pub fn add(&mut self, window: &[[u16; VALUES]; PLACES]) {
        for (all, more) in self.places.iter_mut().flatten().zip(window.iter().flatten()) {
            *all = all.saturating_add(u64::from(*more));
        }
    }

    /// By how many bits the code of frequencies makes all bytes shorter.
    pub fn bits_saved(&self) -> f64 {
        let [even, odd] = &self.places;
        bits_saved(even.iter().zip(odd).map(|(even, odd)| even.saturating_add(*odd)))
    }

    /// The same with one code for even places and one for odd ones: UTF-16 and sounds.
    pub fn bits_saved_by_places(&self) -> f64 {
        self.places.iter().map(|place| bits_saved(place.iter().copied())).sum()
    }
}

/// By how many bits bytes with these frequencies are shorter in the code that expects each byte as often as it has come
/// so far, and half a time more (Krichevsky and Trofimov). Negative for random bytes.
pub fn bits_saved(frequencies: impl Iterator<Item = u64>) -> f64 {
    let (mut count, mut gained) = (0, 0.0);
    for frequency in frequencies {
        count += frequency;
        gained += gamma::half(frequency);
    }
    8.0 * count as f64 + gained - gamma::whole(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the code is defined: byte after byte.
    fn bit_by_bit(bytes: &[u8]) -> f64 {
        let mut seen = [0.0_f64; VALUES];
        let mut saved = 0.0;
        for (count, byte) in bytes.iter().enumerate() {
            saved += 8.0 + ((seen[usize::from(*byte)] + 0.5) / (count as f64 + 128.0)).log2();
            seen[usize::from(*byte)] += 1.0;
        }
        saved
    }

    #[test]
    fn is_the_length_of_a_code() {
        for text in ["", "a", "aaaaaaaaaaaaaaaa", "the quick brown fox jumps over the lazy dog"] {
            let frequency = |value: usize| text.bytes().filter(|byte| usize::from(*byte) == value).count() as u64;
            let saved = bits_saved((0..VALUES).map(frequency));
            assert!((saved - bit_by_bit(text.as_bytes())).abs() < 1e-9, "{text}: {saved}");
        }
    }

    /// All files of one and of two bytes: what the code makes shorter is paid for by the others.
    #[test]
    #[cfg_attr(miri, ignore = "65,536 files, and nothing but sums of numbers")]
    fn is_a_code() {
        let weight = |bytes: &[u8]| (bit_by_bit(bytes) - 8.0 * bytes.len() as f64).exp2();
        let one: f64 = (0..=255).map(|byte| weight(&[byte])).sum();
        let two: f64 = (0..=u16::MAX).map(|bytes| weight(&bytes.to_be_bytes())).sum();
        assert!((one - 1.0).abs() < 1e-9 && (two - 1.0).abs() < 1e-9, "{one} {two}");
    }
}
