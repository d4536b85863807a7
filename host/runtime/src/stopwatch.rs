//! How long a call has run: the processor time of this thread, looked at once a tick.
//!
//! Not the time on the wall: on a busy machine the server can be kept from running for longer than a policy's
//! whole limit, and a message must not be refused for that. A call that uses little processor time and still
//! does not end is cut by the wall clock, much later.

use std::time::Duration;

use wasmtime::{Trap, UpdateDeadline};

use crate::processor::thread_time;

/// Times its limit that a call may take on the wall.
const PATIENCE: u32 = 20;

/// One call of a guest.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stopwatch {
    limit: Duration,
    /// The processor time of the thread at the first tick.
    since: Option<Duration>,
    used: Duration,
    ticks: u32,
}

impl Stopwatch {
    pub fn new(milliseconds: u32) -> Self {
        Self { limit: Duration::from_millis(milliseconds.into()), since: None, used: Duration::ZERO, ticks: 0 }
    }

    /// The processor time since the first tick, as far as it was looked at. None before.
    pub fn used(&self) -> Duration {
        self.used
    }

    /// A tick has passed: may the call go on?
    pub fn tick(&mut self) -> wasmtime::Result<UpdateDeadline> {
        self.ticks += 1;
        let now = thread_time()?;
        self.used = now.saturating_sub(*self.since.get_or_insert(now));
        let waited = Duration::from_millis(self.ticks.into());
        match self.used >= self.limit || waited >= self.limit * PATIENCE {
            true => Err(Trap::Interrupt.into()),
            false => Ok(UpdateDeadline::Continue(1)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks_until_cut(mut stopwatch: Stopwatch, between: impl Fn()) -> u32 {
        while stopwatch.tick().is_ok() {
            between();
        }
        stopwatch.ticks
    }

    #[test]
    fn processor_time_is_what_counts() {
        let busy = || {
            let before = thread_time().unwrap();
            while thread_time().unwrap() - before < Duration::from_millis(1) {}
        };
        assert!((5..=7).contains(&ticks_until_cut(Stopwatch::new(5), busy)));
    }

    #[test]
    fn idling_is_cut_as_well() {
        assert_eq!(ticks_until_cut(Stopwatch::new(5), || std::thread::sleep(Duration::from_micros(10))), 100);
    }
}
