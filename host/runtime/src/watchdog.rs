//! The one thread of the library: it advances the epoch by which calls are cut.
//!
//! It starts with the first call (Prosody 0.12 forks after loading its modules), is started again in a
//! forked child, sleeps while nobody is called, takes no signals (they are Prosody's), and ends with its
//! owner.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use nix::sys::signal::SigSet;

/// The length of an epoch.
const TICK: Duration = Duration::from_millis(1);
/// Ticks without a call after which the thread goes to sleep.
const IDLE_TICKS: u32 = 100;

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
    /// Is a call under way?
    busy: AtomicBool,
    asleep: AtomicBool,
    stop: AtomicBool,
}

struct Ticker {
    process: u32,
    handle: JoinHandle<()>,
}

impl Watchdog {
    pub fn new(engine: &wasmtime::Engine) -> Self {
        Self { engine: engine.clone(), shared: Arc::default(), thread: Mutex::new(None), process: AtomicU64::new(0) }
    }

    /// A call begins: see that the epoch advances. Two atomic operations unless the thread sleeps. False when
    /// there is no thread to be had: then nothing would cut the call, and it must not begin.
    pub fn wake(&self) -> bool {
        self.shared.busy.store(true, Ordering::SeqCst);
        self.shared.calls.fetch_add(1, Ordering::SeqCst);
        if self.process.load(Ordering::Relaxed) != u64::from(process::id()) {
            self.start();
        }
        if self.shared.asleep.swap(false, Ordering::SeqCst)
            && let Some(ticker) = &*self.thread.lock().unwrap_or_else(PoisonError::into_inner)
        {
            ticker.handle.thread().unpark();
        }
        self.process.load(Ordering::Relaxed) == u64::from(process::id())
    }

    /// The call has ended.
    pub fn rest(&self) {
        self.shared.busy.store(false, Ordering::Release);
    }

    fn start(&self) {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        // A thread from before a fork is not there any more; forget its handle, there is nothing to join.
        if let Some(stale) = thread.take() {
            std::mem::forget(stale);
        }
        let (engine, shared) = (self.engine.clone(), Arc::clone(&self.shared));
        shared.asleep.store(false, Ordering::SeqCst);
        // The new thread inherits the mask, so there is no moment in which it could take a signal.
        let mask = SigSet::all().thread_swap_mask(nix::sys::signal::SigmaskHow::SIG_SETMASK);
        let handle = thread::Builder::new().name("wasm-watchdog".into()).spawn(move || tick(&engine, &shared));
        if let Ok(mask) = mask {
            let _ = mask.thread_set_mask();
        }
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
    let mut idle = 0;
    let mut seen = 0;
    while !shared.stop.load(Ordering::SeqCst) {
        thread::sleep(TICK);
        engine.increment_epoch();
        let calls = shared.calls.load(Ordering::SeqCst);
        let quiet = calls == seen && !shared.busy.load(Ordering::Acquire);
        idle = if quiet { idle + 1 } else { 0 };
        seen = calls;
        if idle > IDLE_TICKS {
            idle = 0;
            sleep(shared, seen);
        }
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
            assert!(watchdog.wake());
            watchdog.rest();
            let asleep = || watchdog.shared.asleep.load(Ordering::SeqCst);
            while !asleep() {
                thread::sleep(TICK);
            }
        }
    }

    #[test]
    fn ends_with_its_owner() {
        let watchdog = Watchdog::new(&wasmtime::Engine::default());
        watchdog.wake();
        let shared = Arc::downgrade(&watchdog.shared);
        drop(watchdog);
        assert_eq!(shared.strong_count(), 0);
    }
}
