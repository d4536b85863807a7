//! `store`: reads from memory, writes as effects.

use crate::bindings::store::{Host, Refusal};
use crate::effect::Effect;
use crate::session::Session;
use crate::store;

impl Host for Session {
    fn get(&mut self, key: String) -> wasmtime::Result<Option<Vec<u8>>> {
        self.called()?;
        Ok(self.keys.borrow().get(&key, &self.effects).map(<[u8]>::to_vec))
    }

    fn set(&mut self, key: String, value: Vec<u8>) -> wasmtime::Result<Result<(), Refusal>> {
        self.called()?;
        self.writes()?;
        if let Err(refusal) = self.keys.borrow().check(&key, &value) {
            return Ok(Err(refusal.into()));
        }
        self.effects.push(Effect::Store { key, value: Some(value) });
        Ok(Ok(()))
    }

    fn delete(&mut self, key: String) -> wasmtime::Result<()> {
        self.called()?;
        self.writes()?;
        self.effects.push(Effect::Store { key, value: None });
        Ok(())
    }
}

impl From<store::Refusal> for Refusal {
    fn from(refusal: store::Refusal) -> Self {
        match refusal {
            store::Refusal::Key => Self::Key,
            store::Refusal::Value => Self::Value,
            store::Refusal::Full => Self::Full,
        }
    }
}
