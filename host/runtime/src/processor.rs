//! The processor time of this thread, looked at seldom: reading it is a system call, as dear as a short decision.

use std::time::{Duration, Instant};

use nix::time::{ClockId, clock_gettime};

/// What is shorter is measured on the wall alone.
const SHORT: Duration = Duration::from_millis(1);

/// What calls used. Short ones by the wall; of a longer one the server may have been kept from running.
#[derive(Debug, Default)]
pub struct Meter {
    /// A moment, and the processor time then.
    read: Option<(Instant, Duration)>,
}

impl Meter {
    /// A call begins.
    pub fn begin(&mut self, now: Instant) {
        if self.read.is_none_or(|(at, _)| now.saturating_duration_since(at) >= SHORT) {
            self.read = thread_time().ok().map(|used| (now, used));
        }
    }

    /// What the call used that has taken so long: at most a millisecond too much, from before it began.
    pub fn used(&self, spent: Duration) -> Duration {
        match (self.read, (spent >= SHORT).then(thread_time)) {
            (Some((_, before)), Some(Ok(now))) => spent.min(now.saturating_sub(before)),
            _ => spent,
        }
    }
}

/// The processor time of this thread.
pub fn thread_time() -> nix::Result<Duration> {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map(Duration::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_not_using() {
        let (mut meter, start) = (Meter::default(), Instant::now());
        meter.begin(start);
        std::thread::sleep(Duration::from_millis(50));
        assert!(meter.used(start.elapsed()) < Duration::from_millis(25));
        assert_eq!(meter.used(Duration::from_micros(999)), Duration::from_micros(999));
    }

    #[test]
    fn working_is() {
        let (mut meter, start, before) = (Meter::default(), Instant::now(), thread_time().unwrap());
        meter.begin(start);
        while thread_time().unwrap() - before < Duration::from_millis(5) {}
        assert!(meter.used(start.elapsed()) >= Duration::from_millis(4));
    }
}
