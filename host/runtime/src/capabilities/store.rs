//! `store`: reads from memory, writes as effects.

use crate::bindings::store::{Host, Refusal};
use crate::effect::Effect;
use crate::session::Session;
use crate::store;

impl Host for Session {
    fn get(&mut self, key: String) -> wasmtime::Result<Option<Vec<u8>>> {
        self.called()?;
        self.has_read_store = true;
        Ok(self.read(key))
    }

    fn set(&mut self, key: String, value: Vec<u8>) -> wasmtime::Result<Result<(), Refusal>> {
        self.called()?;
        self.writes()?;
        let checked = self.keys.check(&key, &value);
        if let Err(refusal) = self.store_notes.checked(&key, checked) {
            return Ok(Err(refusal.into()));
        }
        self.effects.push(Effect::Store { key, value: Some(value) });
        Ok(Ok(()))
    }

    fn delete(&mut self, key: String) -> wasmtime::Result<()> {
        self.called()?;
        self.writes()?;
        // Else it would go to the disk, where there is nothing under it.
        if store::is_key(&key) {
            self.effects.push(Effect::Store { key, value: None });
        }
        Ok(())
    }
}

impl Session {
    /// Its own waiting writes first, then what a replay says, then what is stored.
    fn read(&mut self, key: String) -> Option<Vec<u8>> {
        let is_written = |effect: &Effect| matches!(effect, Effect::Store { key: other, .. } if *other == key);
        if self.effects.iter().any(is_written) {
            return self.keys.get(&key, &self.effects);
        }
        if let Some(told) = self.store_notes.told(&key) {
            return told;
        }
        let value = self.keys.get(&key, &[]);
        self.store_notes.seen(key, value.as_deref());
        value
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
