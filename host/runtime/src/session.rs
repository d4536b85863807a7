//! What the host keeps for one instance: the stanza it may look at, what it asked for, what it used.

use std::sync::{Arc, OnceLock};

use prosody_stanza::Stanza;
use prosody_stanza::edit::Edit;
use wasmtime::ResourceLimiter;

use crate::Subscription;
use crate::effect::Effect;
use crate::facts::Parties;
use crate::failure::Misuse;
use crate::limits;
use crate::recording::StoreNotes;
use crate::stopwatch::Stopwatch;
use crate::store::Keys;

/// The stanza that is being judged, with its snapshot, which all policies share.
pub struct Judged {
    pub stanza: Stanza,
    snapshot: OnceLock<Vec<u8>>,
}

impl Judged {
    pub fn new(stanza: Stanza) -> Self {
        Self { stanza, snapshot: OnceLock::new() }
    }

    pub fn snapshot(&self) -> &[u8] {
        self.snapshot.get_or_init(|| self.stanza.encode())
    }
}

/// The data of a store.
pub struct Session {
    pub limiter: Limiter,
    /// How long the current call has run.
    pub stopwatch: Stopwatch,
    /// The current stanza, during `decide`.
    pub judged: Option<Arc<Judged>>,
    pub subscription: Option<Subscription>,
    pub parties: Parties,
    /// The time, frozen for one call.
    pub now: u64,
    pub edits: Vec<Edit>,
    pub effects: Vec<Effect>,
    pub keys: Keys,
    /// What the store is said to hold during a replay, and what it was seen to hold while somebody writes it down.
    pub store_notes: StoreNotes,
    /// The fuel of the last call, where fuel is counted.
    pub fuel: u64,
    /// Is nobody's privacy at stake, because an author tries it out?
    pub is_offline: bool,
    /// Did it read the store? What it learned is of no use to a generation that gets another one.
    pub has_read_store: bool,
    /// Calls of this instance, with the current one.
    pub calls: u32,
    used: Used,
}

/// How often the guest called the host during one call, by what is limited.
#[derive(Clone, Copy, Default)]
struct Used {
    calls: u32,
    notices: usize,
    lines: usize,
    writes: usize,
    /// Bytes of the writes that were accepted.
    written: usize,
}

impl Session {
    pub fn new(memory: usize, keys: Keys) -> Self {
        Self {
            limiter: Limiter { allowed: memory, used: 0, refused: false },
            stopwatch: Stopwatch::default(),
            judged: None,
            subscription: None,
            parties: Parties::default(),
            now: 0,
            edits: Vec::new(),
            effects: Vec::new(),
            keys,
            store_notes: StoreNotes::None,
            fuel: 0,
            is_offline: false,
            has_read_store: false,
            calls: 0,
            used: Used::default(),
        }
    }

    /// A call of the guest begins: nothing of the one before is left.
    pub fn begin(&mut self, now: u64) {
        self.now = now;
        self.calls = self.calls.saturating_add(1);
        self.judged = None;
        self.subscription = None;
        self.parties = Parties::default();
        self.edits.clear();
        self.effects.clear();
        self.used = Used::default();
    }

    /// The guest calls the host.
    pub fn called(&mut self) -> Result<(), Misuse> {
        self.used.calls += 1;
        within(self.used.calls <= limits::HOST_CALLS, "more than 20,000 calls of the host")
    }

    /// The current stanza.
    pub fn stanza(&mut self) -> Result<Arc<Judged>, Misuse> {
        self.called()?;
        self.judged.clone().ok_or(Misuse("there is no current stanza outside `decide`"))
    }

    /// One more message to a party.
    pub fn notices(&mut self) -> Result<(), Misuse> {
        self.used.notices += 1;
        within(self.used.notices <= limits::NOTICES, "more than 4 messages for one stanza")
    }

    /// One more write to the store.
    pub fn writes(&mut self) -> Result<(), Misuse> {
        self.used.writes += 1;
        within(self.used.writes <= limits::STORE_WRITES, "more than 64 writes to the store in one call")
    }

    /// Is there room for so many bytes among what the call writes to the store?
    pub fn has_room(&self, bytes: usize) -> bool {
        self.used.written + bytes <= limits::STORE_WRITTEN
    }

    /// A write of so many bytes was accepted.
    pub fn written(&mut self, bytes: usize) {
        self.used.written += bytes;
    }

    /// One more log line: is there room for it? Too many lines are no misuse, they are left out.
    pub fn lines(&mut self) -> bool {
        self.used.lines += 1;
        self.used.lines <= limits::LOG_LINES
    }
}

fn within(allowed: bool, otherwise: &'static str) -> Result<(), Misuse> {
    allowed.then_some(()).ok_or(Misuse(otherwise))
}

/// What an instance may allocate. Counts all its memories together.
pub struct Limiter {
    allowed: usize,
    used: usize,
    /// Was memory refused? Then the trap that follows is for lack of it.
    pub refused: bool,
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let after = self.used.saturating_add(desired - current);
        self.refused |= after > self.allowed;
        if after <= self.allowed {
            self.used = after;
        }
        Ok(after <= self.allowed)
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= limits::TABLE_ENTRIES)
    }

    fn instances(&self) -> usize {
        limits::CORE_INSTANCES
    }

    fn tables(&self) -> usize {
        limits::TABLES
    }

    fn memories(&self) -> usize {
        limits::MEMORIES
    }
}
