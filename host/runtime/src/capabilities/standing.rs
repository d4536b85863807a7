//! `standing`: how the recipient stands to the sender, as the shim found it.

use crate::bindings::standing::{Acquaintance, Entry, Host};
use crate::facts::{Parties, RosterEntry};
use crate::session::Session;

impl Host for Session {
    fn between(&mut self) -> wasmtime::Result<Acquaintance> {
        self.stanza()?;
        let Parties { entry, has_asked, is_connected, is_greeted, .. } = &self.parties;
        let entry =
            entry.clone().map(|RosterEntry { subscription, groups }: RosterEntry| Entry { subscription, groups });
        let (has_asked, is_connected, is_greeted) = (*has_asked, *is_connected, *is_greeted);
        Ok(Acquaintance { entry, has_asked, is_connected, is_greeted })
    }
}
