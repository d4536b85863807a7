//! Threads beside Prosody's own. They take no signals from outside: those are Prosody's.

use std::io;
use std::thread::{Builder, JoinHandle};

use nix::sys::signal::{SigSet, SigmaskHow, Signal};

/// How much less of the processor a patient thread gets than the server, where both want it: a niceness.
const PATIENCE: i32 = 10;

/// Starts a thread that gives way to the server, and so do the children it starts. Whoever keeps the handle joins it.
pub fn spawn_patient<T: Send + 'static>(
    name: &str,
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<JoinHandle<T>> {
    spawn(name, || {
        // On Linux a niceness is a thread's own. Without it the work is done all the same.
        let _ = rustix::process::nice(PATIENCE);
        work()
    })
}

/// What a thread brings upon itself: that is how wasmtime hears of a trap, and where it is blocked the process is killed.
const OWN: [Signal; 4] = [Signal::SIGILL, Signal::SIGSEGV, Signal::SIGBUS, Signal::SIGFPE];

/// Starts a thread. Whoever keeps the handle joins it.
pub fn spawn<T: Send + 'static>(name: &str, work: impl FnOnce() -> T + Send + 'static) -> io::Result<JoinHandle<T>> {
    // The new thread inherits the mask, so there is no moment in which it could take a signal.
    let mut blocked = SigSet::all();
    OWN.into_iter().for_each(|signal| blocked.remove(signal));
    let mask = blocked.thread_swap_mask(SigmaskHow::SIG_SETMASK);
    let handle = Builder::new().name(name.to_owned()).spawn(work);
    if let Ok(mask) = mask {
        let _ = mask.thread_set_mask();
    }
    handle
}
