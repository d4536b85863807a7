//! What is remembered, handed over to the policy that follows.

use super::{Buckets, Memory};
use crate::program::Program;
use crate::rate::{Bucket, Rate};
use crate::recent::{Recent, hash};

/// What was saved begins with this. A change of the format changes it.
const TITLE: &[u8] = b"firewall memory 1\n";

impl Memory {
    /// Writes it down.
    pub fn save(&self, program: &Program) -> Vec<u8> {
        let mut state = TITLE.to_vec();
        number(&mut state, self.limits.len());
        for (limit, buckets) in program.limits.iter().zip(&self.limits) {
            state.extend(hash(&[&limit.name]).to_le_bytes());
            match buckets {
                Buckets::One(one) => save(&mut state, 1, std::iter::once((0, one)), bucket),
                Buckets::Each(each) => save(&mut state, each.len(), each.iter(), bucket),
            }
        }
        number(&mut state, self.added.len());
        for (list, added) in program.lists.iter().zip(&self.added) {
            state.extend(hash(&[&list.name]).to_le_bytes());
            save(&mut state, added.len(), added.iter(), |(), _| {});
        }
        save(&mut state, self.origins.len(), self.origins.iter(), |time, state| state.extend(time.to_le_bytes()));
        state
    }

    /// Takes over what was saved, as far as the rules still have it. `None` if it is something else.
    pub fn restore(&mut self, program: &Program, state: &[u8]) -> Option<()> {
        let mut state = state.strip_prefix(TITLE)?;
        for _ in 0..take_number(&mut state)? {
            let name = take_hash(&mut state)?;
            let buckets = take(&mut state, take_bucket)?;
            if let Some(place) = program.limits.iter().position(|limit| hash(&[&limit.name]) == name) {
                self.limits[place].take_over(buckets, &program.limits[place].rate);
            }
        }
        for _ in 0..take_number(&mut state)? {
            let name = take_hash(&mut state)?;
            let items = take(&mut state, |_| Some(()))?;
            if let Some(place) = program.lists.iter().position(|list| hash(&[&list.name]) == name) {
                set_all(&mut self.added[place], items);
            }
        }
        set_all(&mut self.origins, take(&mut state, take_time)?);
        state.is_empty().then_some(())
    }
}

impl Buckets {
    /// What is left of a limit that was wider before is not more than it is now.
    fn take_over(&mut self, mut buckets: Vec<(u128, Bucket)>, rate: &Rate) {
        buckets.iter_mut().for_each(|(_, bucket)| rate.narrow(bucket));
        match self {
            Self::One(one) => buckets.into_iter().for_each(|(_, bucket)| *one = bucket),
            Self::Each(each) => set_all(each, buckets),
        }
    }
}

fn set_all<V>(recent: &mut Recent<V>, values: Vec<(u128, V)>) {
    values.into_iter().for_each(|(name, value)| recent.set(name, value));
}

fn save<'a, V: 'a>(
    state: &mut Vec<u8>,
    count: usize,
    values: impl Iterator<Item = (u128, &'a V)>,
    write: fn(&V, &mut Vec<u8>),
) {
    number(state, count);
    for (name, value) in values {
        state.extend(name.to_le_bytes());
        write(value, state);
    }
}

fn number(state: &mut Vec<u8>, number: usize) {
    state.extend(u32::try_from(number).unwrap_or_default().to_le_bytes());
}

fn bucket(bucket: &Bucket, state: &mut Vec<u8>) {
    state.extend(bucket.balance.to_le_bytes());
    state.extend(bucket.time.to_le_bytes());
}

fn take<V>(state: &mut &[u8], value: fn(&mut &[u8]) -> Option<V>) -> Option<Vec<(u128, V)>> {
    (0..take_number(state)?).map(|_| Some((take_hash(state)?, value(state)?))).collect()
}

fn take_bytes<const N: usize>(state: &mut &[u8]) -> Option<[u8; N]> {
    let (bytes, rest) = state.split_first_chunk()?;
    *state = rest;
    Some(*bytes)
}

fn take_number(state: &mut &[u8]) -> Option<u32> {
    take_bytes(state).map(u32::from_le_bytes)
}

fn take_hash(state: &mut &[u8]) -> Option<u128> {
    take_bytes(state).map(u128::from_le_bytes)
}

fn take_time(state: &mut &[u8]) -> Option<u64> {
    take_bytes(state).map(u64::from_le_bytes)
}

fn take_bucket(state: &mut &[u8]) -> Option<Bucket> {
    let balance = take_bytes(state).map(f64::from_le_bytes).filter(|balance| balance.is_finite())?;
    Some(Bucket { balance, time: take_time(state)? })
}
