//! When a policy that failed is tried again.
//!
//! A stanza that makes a policy trap can be sent again and again; making a new instance each time would
//! let its sender spend the server's time. So after a few failures in a row the tries get rarer.

use std::time::{Duration, Instant};

/// Failures that are followed by a new try at once.
const FREE: u32 = 2;
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
/// After this long without a failure the past is forgotten.
const FORGET: Duration = Duration::from_secs(120);

/// The failures of one policy.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
    last: Option<Instant>,
}

impl Backoff {
    /// It failed.
    pub fn failed(&mut self, now: Instant) {
        if self.last.is_some_and(|last| now.duration_since(last) > FORGET) {
            self.failures = 0;
        }
        self.failures = self.failures.saturating_add(1);
        self.last = Some(now);
    }

    /// Does it have to wait?
    pub fn waits(&self, now: Instant) -> bool {
        self.last.is_some_and(|last| now.duration_since(last) < self.delay())
    }

    fn delay(&self) -> Duration {
        match self.failures {
            0..=FREE => Duration::ZERO,
            failures => (FIRST * 2u32.saturating_pow((failures - FREE - 1).min(6))).min(LONGEST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_get_rarer() {
        let start = Instant::now();
        let mut backoff = Backoff::default();
        assert!(!backoff.waits(start));
        for (failures, seconds) in [(1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (7, 16), (8, 32), (9, 60), (10, 60)]
        {
            backoff.failed(start);
            assert_eq!(backoff.failures, failures);
            assert_eq!(backoff.delay(), Duration::from_secs(seconds), "{failures}");
        }
        assert!(backoff.waits(start + Duration::from_secs(59)));
        assert!(!backoff.waits(start + Duration::from_secs(60)));
        backoff.failed(start + Duration::from_secs(200));
        assert_eq!(backoff.failures, 1);
    }
}
