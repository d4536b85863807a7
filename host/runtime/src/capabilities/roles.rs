//! `roles`: which role Prosody gives to the parties.

use crate::bindings::roles::Host;
use crate::session::Session;

impl Host for Session {
    fn sender(&mut self) -> wasmtime::Result<Option<String>> {
        self.stanza()?;
        Ok(self.parties.sender_role.clone())
    }

    fn recipient(&mut self) -> wasmtime::Result<Option<String>> {
        self.stanza()?;
        Ok(self.parties.recipient_role.clone())
    }
}
