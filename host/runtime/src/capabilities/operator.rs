//! `operator`: texts to those who run the server.

use crate::bindings::operator::Host;
use crate::capabilities::outbox::printable;
use crate::effect::Effect;
use crate::limits;
use crate::session::Session;

impl Host for Session {
    fn tell(&mut self, text: String) -> wasmtime::Result<()> {
        self.stanza()?;
        self.notices()?;
        self.effects.push(Effect::Tell { text: printable(limits::cut(&text, limits::NOTICE)) });
        Ok(())
    }
}
