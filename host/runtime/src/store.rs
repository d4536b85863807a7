//! The keys and values of one policy, in memory. The shim writes them to Prosody's storage.

use std::collections::HashMap;

use crate::effect::Effect;
use crate::limits;

/// A policy's part of the store. It outlives the policy's instances.
#[derive(Debug, Default)]
pub struct KeyValues {
    values: HashMap<String, Vec<u8>>,
    bytes: usize,
}

/// Why a write is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    Key,
    Value,
    Full,
}

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

    /// The value of a key, after the writes that wait in `effects`.
    pub fn get<'a>(&'a self, key: &str, effects: &'a [Effect]) -> Option<&'a [u8]> {
        let written = effects.iter().rev().find_map(|effect| match effect {
            Effect::Store { key: other, value } if other == key => Some(value.as_deref()),
            _ => None,
        });
        written.unwrap_or_else(|| self.values.get(key).map(Vec::as_slice))
    }

    /// May this be written? Waiting writes are not counted: a call can exceed its share by what it writes
    /// itself, at most 64 values, and the next is refused.
    pub fn check(&self, key: &str, value: &[u8]) -> Result<(), Refusal> {
        if key.is_empty() || key.len() > limits::STORE_KEY {
            return Err(Refusal::Key);
        }
        if value.len() > limits::STORE_VALUE {
            return Err(Refusal::Value);
        }
        let fits = self.bytes + key.len() + value.len() <= limits::STORE_BYTES
            && (self.values.len() < limits::STORE_KEYS || self.values.contains_key(key));
        fits.then_some(()).ok_or(Refusal::Full)
    }

    /// Makes the writes of a call that returned.
    pub fn commit(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Store { key, value: Some(value) } => self.set(key.clone(), value.clone()),
                Effect::Store { key, value: None } => self.remove(key),
                _ => {}
            }
        }
    }

    fn set(&mut self, key: String, value: Vec<u8>) {
        self.remove(&key);
        self.bytes += key.len() + value.len();
        self.values.insert(key, value);
    }

    fn remove(&mut self, key: &str) {
        if let Some(value) = self.values.remove(key) {
            self.bytes -= key.len() + value.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(key: &str, value: Option<&str>) -> Effect {
        Effect::Store { key: key.into(), value: value.map(|value| value.as_bytes().to_vec()) }
    }

    #[test]
    fn reads_what_waits() {
        let keys = KeyValues::load([("a".into(), b"1".to_vec())]);
        assert_eq!(keys.get("a", &[]), Some(&b"1"[..]));
        assert_eq!(keys.get("a", &[write("a", Some("2"))]), Some(&b"2"[..]));
        assert_eq!(keys.get("a", &[write("a", Some("2")), write("a", None)]), None);
    }

    #[test]
    fn is_bounded() {
        let mut keys = KeyValues::default();
        assert_eq!(keys.check("", b""), Err(Refusal::Key));
        assert_eq!(keys.check(&"k".repeat(257), b""), Err(Refusal::Key));
        assert_eq!(keys.check("k", &[0; 64 * 1024 + 1]), Err(Refusal::Value));
        for number in 0..20 {
            let value = vec![0; 64 * 1024];
            if keys.check(&number.to_string(), &value).is_ok() {
                keys.commit(&[Effect::Store { key: number.to_string(), value: Some(value) }]);
            }
        }
        assert!(keys.bytes <= limits::STORE_BYTES);
        assert_eq!(keys.check("more", &[0; 64 * 1024]), Err(Refusal::Full));
        keys.commit(&(0..20).map(|number| write(&number.to_string(), None)).collect::<Vec<_>>());
        assert_eq!(keys.bytes, 0);
    }
}
