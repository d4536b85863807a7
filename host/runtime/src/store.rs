//! The keys and values of one policy, in memory. The shim writes them to Prosody's storage.
//!
//! They belong to the policy, not to a generation of it: a new generation finds what the one before has kept.
//! While it is on trial, what its writes replace is remembered, so that they can be undone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::effect::Effect;
use crate::limits;

/// A policy's part of the store. It outlives the policy's instances.
#[derive(Debug, Default)]
pub struct KeyValues {
    values: HashMap<String, Vec<u8>>,
    bytes: usize,
    /// What the writes on trial replaced, by key. Empty when there is no trial.
    replaced: HashMap<String, Option<Vec<u8>>>,
}

/// Why a write is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Key,
    Value,
    Full,
}

/// A write that is to be made undone: the key with its former value.
pub type Undone = (String, Option<Vec<u8>>);

impl KeyValues {
    /// What was stored before. Entries beyond the limits are left out.
    pub fn load(entries: impl IntoIterator<Item = (String, Vec<u8>)>) -> Self {
        let mut keys = Self::default();
        for (key, value) in entries {
            if keys.check(&key, &value).is_ok() {
                keys.set(key, value);
            }
        }
        keys
    }

    /// May this be written? Waiting writes are not counted: a policy can exceed its share by what one call may
    /// write, and the next is refused.
    pub fn check(&self, key: &str, value: &[u8]) -> Result<(), Refusal> {
        if !is_key(key) {
            return Err(Refusal::Key);
        }
        if value.len() > limits::STORE_VALUE {
            return Err(Refusal::Value);
        }
        let replaced = self.values.get(key).map(|old| key.len() + old.len());
        let rest = self.bytes - replaced.unwrap_or_default();
        let fits = rest + key.len() + value.len() <= limits::STORE_BYTES
            && (self.values.len() < limits::STORE_KEYS || replaced.is_some());
        fits.then_some(()).ok_or(Refusal::Full)
    }

    fn write(&mut self, key: &str, value: Option<&[u8]>, on_trial: bool) {
        let before = self.remove(key);
        match on_trial {
            true => drop(self.replaced.entry(key.to_owned()).or_insert(before)),
            // Whoever is settled has the last word on this key.
            false => drop(self.replaced.remove(key)),
        }
        match value {
            Some(value) => self.set(key.to_owned(), value.to_vec()),
            // Came and went during the trial: nothing to undo.
            None if self.replaced.get(key).is_some_and(Option::is_none) => drop(self.replaced.remove(key)),
            None => {}
        }
    }

    /// Puts back what the writes on trial replaced, and says what that was.
    fn undo(&mut self) -> Vec<Undone> {
        let mut replaced: Vec<Undone> = self.replaced.drain().collect();
        replaced.sort();
        for (key, value) in &replaced {
            self.remove(key);
            value.clone().into_iter().for_each(|value| self.set(key.clone(), value));
        }
        replaced
    }

    fn set(&mut self, key: String, value: Vec<u8>) {
        self.remove(&key);
        self.bytes += key.len() + value.len();
        self.values.insert(key, value);
    }

    fn remove(&mut self, key: &str) -> Option<Vec<u8>> {
        let value = self.values.remove(key)?;
        self.bytes -= key.len() + value.len();
        Some(value)
    }
}

/// Can there be anything under it?
pub fn is_key(key: &str) -> bool {
    (1..=limits::STORE_KEY).contains(&key.len())
}

/// One generation's view of its policy's keys and values.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    shared: Arc<Mutex<KeyValues>>,
    /// Is what its writes replace remembered?
    on_trial: bool,
}

impl Keys {
    /// These values, with writes that stay.
    pub fn new(values: KeyValues) -> Self {
        Self { shared: Arc::new(Mutex::new(values)), on_trial: false }
    }

    /// The same, with writes that stay.
    pub fn settled(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), on_trial: false }
    }

    /// The same, with writes that [`Keys::undo`] takes back.
    pub fn on_trial(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), on_trial: true }
    }

    /// A store of its own, which begins as this one is now. A shadow goes on from there as if it had been in force:
    /// if it saw what the live generation writes for a stanza, it would find its own work done already.
    pub fn aside(&self) -> Self {
        let KeyValues { values, bytes, .. } = &*lock(&self.shared);
        Self::new(KeyValues { values: values.clone(), bytes: *bytes, replaced: HashMap::new() })
    }

    /// The value of a key, after the writes that wait in `effects`.
    pub fn get(&self, key: &str, effects: &[Effect]) -> Option<Vec<u8>> {
        let written = effects.iter().rev().find_map(|effect| match effect {
            Effect::Store { key: other, value } if other == key => Some(value.clone()),
            _ => None,
        });
        written.unwrap_or_else(|| lock(&self.shared).values.get(key).cloned())
    }

    /// May this be written?
    pub fn check(&self, key: &str, value: &[u8]) -> Result<(), Refusal> {
        lock(&self.shared).check(key, value)
    }

    /// Makes the writes of a call that returned.
    pub fn commit(&self, effects: &[Effect]) {
        for effect in effects {
            if let Effect::Store { key, value } = effect {
                lock(&self.shared).write(key, value.as_deref(), self.on_trial);
            }
        }
    }

    /// The writes on trial stay.
    pub fn settle(&self) {
        lock(&self.shared).replaced.clear();
    }

    /// Takes the writes on trial back; what the store holds again, for whoever keeps a copy.
    pub fn undo(&self) -> Vec<Undone> {
        lock(&self.shared).undo()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(key: &str, value: Option<&str>) -> Effect {
        Effect::Store { key: key.into(), value: value.map(|value| value.as_bytes().to_vec()) }
    }

    fn keys(entries: &[(&str, &str)]) -> Keys {
        let entries = entries.iter().map(|(key, value)| ((*key).to_owned(), value.as_bytes().to_vec()));
        Keys::new(KeyValues::load(entries))
    }

    fn read(keys: &Keys, key: &str) -> Option<String> {
        keys.get(key, &[]).map(|value| String::from_utf8(value).unwrap())
    }

    #[test]
    fn reads_what_waits() {
        let keys = keys(&[("a", "1")]);
        assert_eq!(keys.get("a", &[]).as_deref(), Some(&b"1"[..]));
        assert_eq!(keys.get("a", &[write("a", Some("2"))]).as_deref(), Some(&b"2"[..]));
        assert_eq!(keys.get("a", &[write("a", Some("2")), write("a", None)]), None);
    }

    #[test]
    fn is_bounded() {
        for keys in [Keys::default(), Keys::default().aside()] {
            assert_eq!(keys.check("", b""), Err(Refusal::Key));
            assert_eq!(keys.check(&"k".repeat(257), b""), Err(Refusal::Key));
            assert_eq!(keys.check("k", &[0; 64 * 1024 + 1]), Err(Refusal::Value));
            for number in 0..20 {
                let value = vec![0; 64 * 1024];
                if keys.check(&number.to_string(), &value).is_ok() {
                    keys.commit(&[Effect::Store { key: number.to_string(), value: Some(value) }]);
                }
            }
            assert!(lock(&keys.shared).bytes <= limits::STORE_BYTES);
            assert_eq!(keys.check("more", &[0; 64 * 1024]), Err(Refusal::Full));
            assert_eq!(keys.check("0", &[1; 64 * 1024]), Ok(()), "it takes the place of what is there");
        }
    }

    #[test]
    fn forgets_what_is_removed() {
        let keys = keys(&[("a", "1"), ("b", "2")]);
        keys.commit(&[write("a", None), write("b", None)]);
        assert_eq!(lock(&keys.shared).bytes, 0);
    }

    /// What is there, the writes on trial, what is there after them, what is undone.
    #[test]
    fn a_trial_can_be_undone() {
        let keys = keys(&[("changed", "1"), ("removed", "2"), ("kept", "3"), ("settled", "4")]);
        keys.on_trial().commit(&[
            write("changed", Some("x")),
            write("changed", Some("y")),
            write("removed", None),
            write("new", Some("z")),
            write("gone", Some("g")),
            write("gone", None),
            write("settled", Some("s")),
        ]);
        keys.settled().commit(&[write("settled", Some("by the other"))]);
        assert_eq!(read(&keys, "changed").as_deref(), Some("y"));
        let undone = keys.undo();
        let expected = [("changed", Some("1")), ("new", None), ("removed", Some("2"))];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.map(|value| value.as_bytes().to_vec())));
        assert_eq!(undone, expected);
        for (key, value) in [("changed", "1"), ("removed", "2"), ("kept", "3"), ("settled", "by the other")] {
            assert_eq!(read(&keys, key).as_deref(), Some(value));
        }
        assert_eq!(read(&keys, "new"), None);
        assert!(keys.undo().is_empty());
    }

    #[test]
    fn a_settled_trial_stays() {
        let keys = keys(&[]);
        keys.on_trial().commit(&[write("a", Some("1"))]);
        keys.settle();
        assert!(keys.undo().is_empty());
        assert_eq!(read(&keys, "a").as_deref(), Some("1"));
    }

    #[test]
    fn what_is_kept_aside_stays_there() {
        let keys = keys(&[("a", "1"), ("b", "2")]);
        let aside = keys.aside();
        aside.commit(&[write("a", Some("x")), write("b", None)]);
        assert_eq!((read(&aside, "a").as_deref(), read(&aside, "b")), (Some("x"), None));
        assert_eq!((read(&keys, "a").as_deref(), read(&keys, "b").as_deref()), (Some("1"), Some("2")));
        keys.commit(&[write("c", Some("3"))]);
        assert_eq!(read(&aside, "c"), None);
    }
}
