//! `blocklist`: what the shim found on the recipient's block list.

use crate::bindings::blocklist::Host;
use crate::session::Session;

impl Host for Session {
    fn is_blocked(&mut self) -> wasmtime::Result<bool> {
        self.stanza()?;
        Ok(self.parties.is_blocked)
    }
}
