//! When a policy that failed is tried again.
//!
//! A stanza that makes a policy trap or time out can be sent again and again. Trying each time would let its
//! sender spend the server's time; not trying at all would let him close the host for everybody. So it is the
//! sender who waits, and the policy only when it fails for several senders: then it is the policy's fault.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Failures of one sender that are followed by a new try at once.
const FREE: u32 = 2;
/// Senders for whom it may fail before the policy itself has to wait.
const FREE_SENDERS: usize = 4;
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(60);
/// After this long without a failure the past is forgotten.
const FORGET: Duration = Duration::from_secs(120);

/// The failures of one policy.
#[derive(Debug, Default)]
pub struct Backoff {
    policy: Failures,
    /// By sender; never many, since a few are enough to stop the policy.
    senders: HashMap<String, Failures>,
}

/// Failures in a row, and when the last one was.
#[derive(Debug, Default)]
struct Failures {
    count: u32,
    last: Option<Instant>,
}

impl Backoff {
    /// It failed for what this sender sent.
    pub fn failed_for(&mut self, sender: &str, now: Instant) {
        self.senders.retain(|_, failures| !failures.is_forgotten(now));
        self.senders.entry(sender.to_owned()).or_default().add(now);
        if self.senders.len() > FREE_SENDERS {
            self.failed(now);
        }
    }

    /// It failed for no sender in particular: it could not even be made.
    pub fn failed(&mut self, now: Instant) {
        self.senders.clear();
        self.policy.add(now);
        // The free tries were had with the senders, or nothing was tried at all.
        self.policy.count = self.policy.count.max(FREE + 1);
    }

    /// Does the policy have to wait?
    pub fn waits(&self, now: Instant) -> bool {
        self.policy.waits(now)
    }

    /// Does this sender have to wait, or everybody?
    pub fn waits_for(&self, sender: &str, now: Instant) -> bool {
        self.waits(now) || self.senders.get(sender).is_some_and(|failures| failures.waits(now))
    }
}

impl Failures {
    fn add(&mut self, now: Instant) {
        if self.is_forgotten(now) {
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        self.last = Some(now);
    }

    fn is_forgotten(&self, now: Instant) -> bool {
        self.last.is_some_and(|last| now.duration_since(last) > FORGET)
    }

    fn waits(&self, now: Instant) -> bool {
        self.last.is_some_and(|last| now.duration_since(last) < self.delay())
    }

    fn delay(&self) -> Duration {
        match self.count {
            0..=FREE => Duration::ZERO,
            count => (FIRST * 2u32.saturating_pow((count - FREE - 1).min(6))).min(LONGEST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_get_rarer() {
        let start = Instant::now();
        let mut failures = Failures::default();
        assert!(!failures.waits(start));
        for (count, seconds) in [(1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 8), (7, 16), (8, 32), (9, 60), (10, 60)] {
            failures.add(start);
            assert_eq!(failures.count, count);
            assert_eq!(failures.delay(), Duration::from_secs(seconds), "{count}");
        }
        assert!(failures.waits(start + Duration::from_secs(59)));
        assert!(!failures.waits(start + Duration::from_secs(60)));
        failures.add(start + Duration::from_secs(200));
        assert_eq!(failures.count, 1);
    }

    #[test]
    fn one_sender_waits_alone() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        (0..100).for_each(|_| backoff.failed_for("mallory@x", now));
        assert!(backoff.waits_for("mallory@x", now));
        assert!(!backoff.waits_for("alice@x", now));
        assert!(!backoff.waits(now));
    }

    #[test]
    fn many_senders_stop_the_policy() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        for sender in ["a", "b", "c", "d"] {
            backoff.failed_for(sender, now);
            assert!(!backoff.waits_for(sender, now));
        }
        backoff.failed_for("e", now);
        assert!(backoff.waits(now) && backoff.waits_for("f", now));
        assert!(!backoff.waits(now + FIRST));
    }
}
