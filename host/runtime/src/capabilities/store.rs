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
        let bytes = key.len() + value.len();
        if !self.has_room(bytes) {
            return Ok(Err(Refusal::Full));
        }
        self.written(bytes);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits;
    use crate::store::Keys;

    fn session() -> Session {
        let mut session = Session::new(0, Keys::default());
        session.begin(0);
        session
    }

    fn set(session: &mut Session, key: &str, bytes: usize) -> Result<(), Refusal> {
        session.set(key.into(), vec![0; bytes]).unwrap()
    }

    /// What the shim is told to write, by its keys.
    fn written(session: &Session) -> Vec<&str> {
        let written = session.effects.iter().filter_map(|effect| match effect {
            Effect::Store { key, .. } => Some(key.as_str()),
            _ => None,
        });
        written.collect()
    }

    #[test]
    fn one_call_writes_so_much() {
        let mut session = session();
        assert_eq!(set(&mut session, "k", limits::STORE_VALUE), Ok(()));
        // What is refused takes nothing.
        assert_eq!(set(&mut session, "more", limits::STORE_VALUE), Err(Refusal::Full));
        let left = limits::STORE_WRITTEN - limits::STORE_VALUE - "k".len() - "fits".len();
        assert_eq!(set(&mut session, "fits", left), Ok(()));
        assert_eq!(set(&mut session, "k", 0), Err(Refusal::Full));
        assert_eq!(written(&session), ["k", "fits"]);
        session.delete("gone".into()).unwrap();
        assert_eq!(written(&session).last(), Some(&"gone"));
        session.begin(1);
        assert_eq!(set(&mut session, "k", limits::STORE_VALUE), Ok(()));
    }

    #[test]
    fn the_largest_value_under_the_longest_key_fits() {
        let (mut session, key) = (session(), "k".repeat(limits::STORE_KEY));
        assert_eq!(set(&mut session, &key, limits::STORE_VALUE), Ok(()));
        assert_eq!(written(&session), [key]);
    }

    #[test]
    fn what_is_no_key_reaches_no_disk() {
        for key in ["", &"k".repeat(limits::STORE_KEY + 1)] {
            let mut session = session();
            session.delete(key.into()).unwrap();
            assert_eq!(set(&mut session, key, 1), Err(Refusal::Key));
            assert_eq!(session.effects, []);
        }
    }
}
