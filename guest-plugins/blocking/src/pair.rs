//! A user and a stranger, under one hash.

use sha2::{Digest, Sha256};

/// The hash. Nobody finds two pairs that share one.
pub type Pair = [u8; 16];

/// The hash of these two, without resources.
pub fn of(user: &str, stranger: &str) -> Pair {
    let mut hash = Sha256::new();
    hash.update(user);
    hash.update("\n");
    hash.update(stranger);
    let mut pair = Pair::default();
    pair.copy_from_slice(&hash.finalize()[..size_of::<Pair>()]);
    pair
}

/// The key under which the host keeps messages of such a pair.
pub fn key(pair: Pair) -> String {
    pair.iter().map(|byte| format!("{byte:02x}")).collect()
}
