//! `rooms`: what the shim knows about the rooms of the two parties.

use crate::bindings::rooms::Host;
use crate::session::Session;

impl Host for Session {
    fn is_exempt(&mut self) -> wasmtime::Result<bool> {
        self.stanza()?;
        Ok(self.parties.is_exempt)
    }

    fn is_shared(&mut self) -> wasmtime::Result<bool> {
        self.stanza()?;
        Ok(self.parties.is_shared)
    }
}
