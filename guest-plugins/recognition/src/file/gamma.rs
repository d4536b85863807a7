//! The logarithm of the gamma function, where it is needed: at `n + 1/2` and at whole numbers from 128 on.

use std::sync::LazyLock;

/// Small counts are frequent, and summing up logarithms is exact.
const SMALL: usize = 128;

/// `log2(Γ(count + 1/2) / Γ(1/2))`.
pub fn half(count: u64) -> f64 {
    static TABLE: LazyLock<[f64; SMALL]> = LazyLock::new(|| {
        let mut sum = 0.0;
        std::array::from_fn(|count| {
            let this = sum;
            sum += (count as f64 + 0.5).log2();
            this
        })
    });
    match TABLE.get(usize::try_from(count).unwrap_or(SMALL)) {
        Some(value) => *value,
        None => log2_gamma(count as f64 + 0.5) - LOG2_ROOT_PI,
    }
}

/// `log2(Γ(count + 128) / Γ(128))`.
pub fn whole(count: u64) -> f64 {
    static FIRST: LazyLock<f64> = LazyLock::new(|| log2_gamma(128.0));
    log2_gamma(count as f64 + 128.0) - *FIRST
}

/// `log2(Γ(1/2))`.
const LOG2_ROOT_PI: f64 = 0.825_748_064_736_159_4;

/// Stirling's series. From 128 on what is left out is less than 10⁻¹⁸.
fn log2_gamma(x: f64) -> f64 {
    let square = x * x;
    let series = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * square)) / square) / x;
    let natural = (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series;
    natural * std::f64::consts::LOG2_E
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg_attr(miri, ignore = "200,000 logarithms, and nothing but sums of numbers")]
    fn is_the_sum_of_logarithms() {
        let (mut halves, mut wholes) = (0.0_f64, 0.0_f64);
        for count in 0..200_000_u64 {
            if count % 997 < 3 || count < 300 {
                assert!((half(count) - halves).abs() < 1e-6, "{count}: {} {halves}", half(count));
                assert!((whole(count) - wholes).abs() < 1e-6, "{count}: {} {wholes}", whole(count));
            }
            halves += (count as f64 + 0.5).log2();
            wholes += (count as f64 + 128.0).log2();
        }
    }
}
