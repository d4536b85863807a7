//! `holding`: messages that wait until somebody wants them.

use crate::bindings::holding::Host;
use crate::effect::Effect;
use crate::failure::Misuse;
use crate::limits;
use crate::session::Session;

impl Host for Session {
    fn hold(&mut self, key: String) -> wasmtime::Result<()> {
        self.wait(key, |key| Effect::Hold { key })
    }

    fn release(&mut self, key: String) -> wasmtime::Result<()> {
        self.wait(key, |key| Effect::Release { key })
    }

    fn discard(&mut self, key: String) -> wasmtime::Result<()> {
        self.wait(key, |key| Effect::Discard { key })
    }
}

impl Session {
    /// One that cut a key could let the messages of another go.
    fn wait(&mut self, key: String, effect: impl FnOnce(String) -> Effect) -> wasmtime::Result<()> {
        self.stanza()?;
        self.writes()?;
        if key.is_empty() || key.len() > limits::HOLDING_KEY {
            return Err(Misuse("a key for waiting messages that is empty or longer than 256 bytes").into());
        }
        self.effects.push(effect(key));
        Ok(())
    }
}
