//! The time in which a new generation has to prove itself.

use std::time::{Duration, Instant};

/// When a generation on trial is taken back.
#[derive(Clone, Copy, Debug)]
pub struct Thresholds {
    /// How many failures are one too many: traps, time-outs, replies that are none.
    pub failures: u32,
    /// The mean time of a decision that is too long.
    pub mean: Duration,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { failures: 3, mean: Duration::from_millis(1) }
    }
}

/// Decisions before their mean time means something: the first ones warm up.
const ENOUGH_DECISIONS: u32 = 50;

/// A generation on trial.
#[derive(Debug)]
pub struct Probation {
    thresholds: Thresholds,
    /// `None`: until somebody ends it.
    until: Option<Instant>,
    /// Failures so far.
    pub failures: u32,
    /// Decisions so far.
    pub decisions: u32,
    spent: Duration,
}

impl Probation {
    /// On trial for this long, or until somebody ends it.
    pub fn new(thresholds: Thresholds, lasts: Option<Duration>) -> Self {
        let until = lasts.map(|lasts| Instant::now() + lasts);
        Self { thresholds, until, failures: 0, decisions: 0, spent: Duration::ZERO }
    }

    /// Counts a decision.
    pub fn count(&mut self, is_failure: bool, spent: Duration) {
        self.failures += u32::from(is_failure);
        self.decisions = self.decisions.saturating_add(1);
        self.spent += spent;
    }

    /// Why it is to be taken back, if it is.
    pub fn verdict(&self) -> Option<String> {
        let mean = self.spent / self.decisions.max(1);
        if self.failures >= self.thresholds.failures {
            return Some(format!("it failed {} times in {} decisions", self.failures, self.decisions));
        }
        (self.decisions >= ENOUGH_DECISIONS && mean > self.thresholds.mean).then(|| {
            let (mean, allowed) = (mean.as_micros(), self.thresholds.mean.as_micros());
            format!("a decision took {mean} µs on average, more than {allowed} µs")
        })
    }

    /// How long it still lasts; `None` when nobody has set an end.
    pub fn left(&self) -> Option<Duration> {
        self.until.map(|until| until.saturating_duration_since(Instant::now()))
    }

    /// Is it over?
    pub fn is_over(&self) -> bool {
        self.left() == Some(Duration::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(failures: u32, decisions: u32, mean: u64, expected: Option<&str>) {
        let thresholds = Thresholds { failures: 3, mean: Duration::from_micros(100) };
        let mut probation = Probation::new(thresholds, Some(Duration::from_secs(60)));
        (0..decisions).for_each(|number| probation.count(number < failures, Duration::from_micros(mean)));
        assert_eq!(probation.verdict().as_deref(), expected);
        assert!(!probation.is_over());
    }

    #[test]
    fn thresholds() {
        check(2, 100, 10, None);
        check(3, 100, 10, Some("it failed 3 times in 100 decisions"));
        check(0, 49, 1_000, None);
        check(0, 50, 1_000, Some("a decision took 1000 µs on average, more than 100 µs"));
        check(0, 50, 100, None);
    }

    #[test]
    fn ends() {
        assert!(Probation::new(Thresholds::default(), Some(Duration::ZERO)).is_over());
        assert!(!Probation::new(Thresholds::default(), None).is_over());
    }
}
