//! Threads beside Prosody's own. They take no signals: those are Prosody's.

use std::io;
use std::thread::{Builder, JoinHandle};

use nix::sys::signal::{SigSet, SigmaskHow};

/// Starts a thread. Whoever keeps the handle joins it.
pub fn spawn<T: Send + 'static>(name: &str, work: impl FnOnce() -> T + Send + 'static) -> io::Result<JoinHandle<T>> {
    // The new thread inherits the mask, so there is no moment in which it could take a signal.
    let mask = SigSet::all().thread_swap_mask(SigmaskHow::SIG_SETMASK);
    let handle = Builder::new().name(name.to_owned()).spawn(work);
    if let Ok(mask) = mask {
        let _ = mask.thread_set_mask();
    }
    handle
}
