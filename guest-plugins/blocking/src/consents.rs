//! To whom users have agreed, by writing to him or by asking him for a subscription.
//!
//! In the store, as hashes: it says of no two people that they know each other unless one asks for just these. It is in
//! compartments by the first byte, so that one consent need not be the writing of all; where one is full, the oldest goes.

use prosody_policy::store;

use crate::pair::Pair;

/// All of them together are 12,800 consents, in 200 kB, of which a consent writes one compartment anew.
const COMPARTMENTS: u8 = 64;
const MOST_IN_ONE: usize = 200;
const BYTES: usize = size_of::<Pair>();

/// Did the user agree to this?
pub fn has(pair: Pair) -> bool {
    contains(&compartment(pair), pair)
}

/// Keeps a consent.
pub fn remember(pair: Pair) {
    let mut kept = compartment(pair);
    if contains(&kept, pair) {
        return;
    }
    let too_many = (kept.len() / BYTES + 1).saturating_sub(MOST_IN_ONE) * BYTES;
    kept.drain(..too_many);
    kept.extend_from_slice(&pair);
    // It cannot be full: all compartments together are smaller.
    _ = store::set(&key(pair), &kept);
}

/// Takes a consent back.
pub fn forget(pair: Pair) {
    let kept = compartment(pair);
    if contains(&kept, pair) {
        let rest: Vec<u8> = kept.chunks_exact(BYTES).filter(|other| *other != pair).flatten().copied().collect();
        _ = store::set(&key(pair), &rest);
    }
}

fn compartment(pair: Pair) -> Vec<u8> {
    store::get(&key(pair)).unwrap_or_default()
}

fn contains(compartment: &[u8], pair: Pair) -> bool {
    compartment.chunks_exact(BYTES).any(|other| other == pair)
}

fn key(pair: Pair) -> String {
    format!("consents {}", pair[0] % COMPARTMENTS)
}
