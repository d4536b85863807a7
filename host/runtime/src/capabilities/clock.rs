//! `clock`: the time, frozen for one call.

use crate::bindings::clock::Host;
use crate::session::Session;

impl Host for Session {
    fn now(&mut self) -> wasmtime::Result<u64> {
        self.called()?;
        Ok(self.now)
    }
}
