//! Where generations go that nobody needs any more.
//!
//! Giving tens of megabytes of code and memory back takes milliseconds, which the server should not wait for. So it
//! is done in a thread, which is waited for before the next one starts and when the chain ends.

use std::thread::JoinHandle;

use crate::background;
use crate::generation::Generation;

/// The generations of one chain that are being given back.
#[derive(Default)]
pub struct Retirement {
    thread: Option<JoinHandle<()>>,
}

impl Retirement {
    /// Gives these back.
    pub fn retire(&mut self, generations: Vec<Generation>) {
        if generations.is_empty() {
            return;
        }
        self.wait();
        // Without a thread it is done here.
        self.thread = background::spawn_patient("wasm-retirement", move || drop(generations)).ok();
    }

    fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Retirement {
    fn drop(&mut self) {
        self.wait();
    }
}
