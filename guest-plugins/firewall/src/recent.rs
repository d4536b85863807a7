//! What is remembered of strangers: so much, and then the oldest is forgotten. Under hashes: nobody has to know later of whom.

use std::collections::{BTreeMap, VecDeque};

use sha2::{Digest, Sha256};

/// Values under hashed names, oldest first.
#[derive(Debug)]
pub struct Recent<V> {
    most: usize,
    known: BTreeMap<u128, V>,
    order: VecDeque<u128>,
}

impl<V> Recent<V> {
    /// Nothing yet, and never more than `most`.
    pub fn new(most: usize) -> Self {
        Self { most, known: BTreeMap::new(), order: VecDeque::new() }
    }

    /// The value of a name.
    pub fn get(&self, name: u128) -> Option<&V> {
        self.known.get(&name)
    }

    /// The value of a name, to be changed.
    pub fn get_mut(&mut self, name: u128) -> Option<&mut V> {
        self.known.get_mut(&name)
    }

    /// Would a new name make the oldest go? Which value has it?
    pub fn next_to_go(&mut self) -> Option<&mut V> {
        let oldest = self.order.front().filter(|_| self.known.len() >= self.most)?;
        self.known.get_mut(oldest)
    }

    /// Sets the value of a name, which is the newest now.
    pub fn set(&mut self, name: u128, value: V) {
        self.remove(name);
        if self.known.len() >= self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.known.insert(name, value);
        self.order.push_back(name);
    }

    /// Forgets a name.
    pub fn remove(&mut self, name: u128) {
        if self.known.remove(&name).is_some() {
            self.order.retain(|known| *known != name);
        }
    }

    /// All names with their values, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = (u128, &V)> {
        self.order.iter().filter_map(|name| self.known.get(name).map(|value| (*name, value)))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.known.len()
    }
}

/// The hash of a name that has several parts. With one for which anybody can find another name, one could use up what is
/// another's.
pub fn hash(parts: &[&str]) -> u128 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().iter().take(16).fold(0, |hash, byte| hash << 8 | u128::from(*byte))
}

/// How many steps a hash of so many bytes is.
pub fn hashing(bytes: usize) -> usize {
    30 + bytes / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_the_oldest() {
        let mut recent = Recent::new(2);
        recent.set(1, 'a');
        assert!(recent.next_to_go().is_none());
        recent.set(2, 'b');
        recent.set(1, 'c');
        assert_eq!(recent.next_to_go(), Some(&mut 'b'));
        recent.set(3, 'd');
        assert_eq!(recent.iter().collect::<Vec<_>>(), [(1, &'c'), (3, &'d')]);
        recent.remove(1);
        assert_eq!((recent.len(), recent.get(1), recent.get(3)), (1, None, Some(&'d')));
    }

    #[test]
    fn names_have_parts() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_ne!(hash(&["a"]), hash(&["a", ""]));
    }
}
