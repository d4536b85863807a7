//! The one thread of the library: it advances the epoch by which calls are cut.
//!
//! It starts with the first call (Prosody 0.12 forks after loading its modules), is started again in a
//! forked child, sleeps while nobody is called, takes no signals (they are Prosody's), and ends with its
//! owner.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::background;

/// The length of an epoch while a call is under way, and for some time after one that took longer than that.
const TICK: Duration = Duration::from_millis(1);
/// Its length while all calls are short: to wake up takes as much processor time as a decision. So the first call that does not end
/// is cut by so much later.
const CALM_TICK: Duration = Duration::from_millis(4);
/// After so long without a long call all are taken for short ones.
const CALM: Duration = Duration::from_millis(100);
/// After so long without a call the thread goes to sleep.
const IDLE: Duration = Duration::from_millis(20);

pub struct Watchdog {
    engine: wasmtime::Engine,
    shared: Arc<Shared>,
    thread: Mutex<Option<Ticker>>,
    /// The process in which the thread runs; 0 before there is one.
    process: AtomicU64,
}

#[derive(Default)]
struct Shared {
    calls: AtomicU64,
    /// Calls under way: Prosody's own, and one of each thread that stages a policy.
    busy: AtomicU32,
    asleep: AtomicBool,
    stop: AtomicBool,
}

struct Ticker {
    process: u32,
    handle: JoinHandle<()>,
}

/// A call under way.
pub struct Awake<'a> {
    busy: &'a AtomicU32,
}

impl<'a> Awake<'a> {
    fn new(busy: &'a AtomicU32) -> Self {
        busy.fetch_add(1, Ordering::SeqCst);
        Self { busy }
    }
}

impl Drop for Awake<'_> {
    fn drop(&mut self) {
        self.busy.fetch_sub(1, Ordering::Release);
    }
}

impl Watchdog {
    pub fn new(engine: &wasmtime::Engine) -> Self {
        Self { engine: engine.clone(), shared: Arc::default(), thread: Mutex::new(None), process: AtomicU64::new(0) }
    }

    /// A call begins: see that the epoch advances while the answer lives. Few atomic operations unless the thread
    /// sleeps. `None` when there is no thread to be had: then nothing would cut the call, and it must not begin.
    pub fn wake(&self) -> Option<Awake<'_>> {
        let awake = Awake::new(&self.shared.busy);
        self.shared.calls.fetch_add(1, Ordering::SeqCst);
        let own = u64::from(process::id()); // a system call
        if self.process.load(Ordering::Relaxed) != own {
            self.start();
        }
        if self.shared.asleep.swap(false, Ordering::SeqCst)
            && let Some(ticker) = &*self.thread.lock().unwrap_or_else(PoisonError::into_inner)
        {
            ticker.handle.thread().unpark();
        }
        (self.process.load(Ordering::Relaxed) == own).then_some(awake)
    }

    fn start(&self) {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        if thread.as_ref().is_some_and(|ticker| ticker.process == process::id()) {
            return; // another thread was faster
        }
        // A thread from before a fork is not there any more; forget its handle, there is nothing to join.
        if let Some(stale) = thread.take() {
            std::mem::forget(stale);
        }
        let (engine, shared) = (self.engine.clone(), Arc::clone(&self.shared));
        shared.asleep.store(false, Ordering::SeqCst);
        let handle = background::spawn("wasm-watchdog", move || tick(&engine, &shared));
        // Without the thread a call would never be cut: the process id stays unset and the next call tries again.
        if let Ok(handle) = handle {
            *thread = Some(Ticker { process: process::id(), handle });
            self.process.store(u64::from(process::id()), Ordering::Relaxed);
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.stop.store(true, Ordering::SeqCst);
        let ticker = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(ticker) = ticker.filter(|ticker| ticker.process == process::id()) {
            ticker.handle.thread().unpark();
            let _ = ticker.handle.join();
        }
    }
}

fn tick(engine: &wasmtime::Engine, shared: &Shared) {
    let mut lately = Lately::default();
    while !shared.stop.load(Ordering::SeqCst) {
        thread::sleep(lately.tick());
        engine.increment_epoch();
        lately.look(shared.calls.load(Ordering::SeqCst), shared.busy.load(Ordering::Acquire) > 0);
        if lately.without_call > IDLE {
            sleep(shared, lately.calls);
            lately.without_call = Duration::ZERO;
        }
    }
}

/// What the thread has seen of calls.
#[derive(Debug, Default)]
struct Lately {
    calls: u64,
    is_busy: bool,
    without_call: Duration,
    without_long_call: Duration,
}

impl Lately {
    /// How long the next epoch is.
    fn tick(&self) -> Duration {
        if self.is_busy || self.without_long_call < CALM { TICK } else { CALM_TICK }
    }

    /// At the end of an epoch, `calls` have begun, and is one of them under way?
    fn look(&mut self, calls: u64, is_busy: bool) {
        let (passed, is_same) = (self.tick(), calls == self.calls);
        self.without_call = if is_same && !is_busy { self.without_call + passed } else { Duration::ZERO };
        self.without_long_call = if is_same && is_busy { Duration::ZERO } else { self.without_long_call + passed };
        (self.calls, self.is_busy) = (calls, is_busy);
    }
}

fn sleep(shared: &Shared, seen: u64) {
    shared.asleep.store(true, Ordering::SeqCst);
    // A call that began in between has seen `asleep` unset and will not wake anybody.
    while shared.asleep.load(Ordering::SeqCst)
        && shared.calls.load(Ordering::SeqCst) == seen
        && !shared.stop.load(Ordering::SeqCst)
    {
        thread::park();
    }
    shared.asleep.store(false, Ordering::SeqCst);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advances_sleeps_and_wakes() {
        let mut config = wasmtime::Config::new();
        config.epoch_interruption(true);
        let watchdog = Watchdog::new(&wasmtime::Engine::new(&config).unwrap());
        for _ in 0..2 {
            drop(watchdog.wake().unwrap());
            let asleep = || watchdog.shared.asleep.load(Ordering::SeqCst);
            while !asleep() {
                thread::sleep(TICK);
            }
        }
    }

    /// Milliseconds of the epochs in which so many calls have begun, one of which is under way at their ends or not.
    fn check(epochs: impl IntoIterator<Item = (u64, bool)>, expected: &[u128]) {
        let mut lately = Lately::default();
        let ticks: Vec<_> = epochs
            .into_iter()
            .map(|(calls, is_busy)| {
                lately.look(calls, is_busy);
                lately.tick().as_millis()
            })
            .collect();
        assert_eq!(ticks[ticks.len() - expected.len()..], *expected);
    }

    #[test]
    fn ticks_slowly_while_all_calls_are_short() {
        let short = || (1..=100).map(|calls| (calls, false));
        check(short(), &[1, 4]);
        check(short().chain([(101, false), (102, true), (103, false)]), &[4, 1, 4]);
        let a_long_one = [(101, true), (101, true), (102, false), (103, false)];
        check(short().chain(a_long_one), &[1, 1, 1, 1]);
        check(short().chain(a_long_one).chain((104..=201).map(|calls| (calls, false))), &[1, 4]);
    }

    #[test]
    fn ends_with_its_owner() {
        let watchdog = Watchdog::new(&wasmtime::Engine::default());
        drop(watchdog.wake());
        let shared = Arc::downgrade(&watchdog.shared);
        drop(watchdog);
        assert_eq!(shared.strong_count(), 0);
    }
}
