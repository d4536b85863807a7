//! `roster`: what the shim found in the local user's roster.

use crate::bindings::roster::{Host, Subscription};
use crate::session::Session;

impl Host for Session {
    fn contact(&mut self) -> wasmtime::Result<Option<Subscription>> {
        self.stanza()?;
        Ok(self.subscription)
    }
}
