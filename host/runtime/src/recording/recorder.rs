//! Writing a recording while a policy is in force.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use nix::fcntl::OFlag;
use prosody_stanza::Stanza;
use serde::Serialize;

use super::{Answered, Entry, Header, Replay, StoreNotes};
use crate::engine::Engine;
use crate::facts::Facts;
use crate::failure::Kind;
use crate::generation::Generation;
use crate::instance::Answer;
use crate::limits;
use crate::policy::Policy;
use crate::question::Question;
use crate::redaction::Redaction;
use crate::session::Judged;

/// What an operator wants recorded.
#[derive(Clone, Debug)]
pub struct Order {
    /// A file that is not there yet. Others cannot read it.
    pub path: PathBuf,
    /// How many stanzas.
    pub count: u64,
    /// Without texts and addresses.
    pub redact: bool,
    /// Only those on which the policy failed.
    pub failures_only: bool,
}

/// A recording under way. It ends by itself when it is full, or cannot be written.
pub struct Recorder {
    file: BufWriter<File>,
    /// Stanzas written.
    pub stanzas: u64,
    /// Stanzas that may still come.
    pub left: u64,
    bytes_left: u64,
    failures_only: bool,
    redacting: Option<(Redaction, Replay)>,
    /// Why it ended before its time.
    pub error: Option<String>,
}

impl Recorder {
    /// Begins, with a fresh instance of the live generation. `policy`: the same once more, which judges what is redacted.
    pub fn start(
        engine: &Engine,
        name: &str,
        live: &mut Generation,
        policy: Policy,
        order: &Order,
        now: u64,
    ) -> Result<Self> {
        ensure!(
            (1..=limits::RECORDING_STANZAS).contains(&order.count),
            "a recording holds 1 to {} stanzas",
            limits::RECORDING_STANZAS
        );
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true).mode(0o600).custom_flags(OFlag::O_NOFOLLOW.bits());
        let file = options.open(&order.path).with_context(|| format!("cannot write {}", order.path.display()))?;
        let state =
            live.renew(engine, now).map_err(|failure| anyhow!("it cannot begin with a fresh instance: {failure}"))?;
        let generation = &live.policy;
        let header =
            Header::new(name, &live.identity, &generation.sha256, &generation.terms, state.as_deref(), order.redact);
        let replay = order.redact.then(|| Replay::start(engine, policy, &header)).transpose()?;
        let redacting = replay.map(|replay| (Redaction::default(), replay));
        let (left, bytes_left) = (order.count, limits::RECORDING_BYTES);
        let file = BufWriter::new(file);
        let failures_only = order.failures_only;
        let mut recorder = Self { file, stanzas: 0, left, bytes_left, failures_only, redacting, error: None };
        recorder.write(&header)?;
        live.note_store(StoreNotes::watching());
        Ok(recorder)
    }

    /// Writes down what was asked and answered.
    pub(crate) fn note(
        &mut self,
        engine: &Engine,
        question: Question,
        judged: &Arc<Judged>,
        facts: &Facts,
        answer: &Answer,
        notes: StoreNotes,
    ) {
        let is_asked = !(answer.is_failure && answer.decision.reason == Kind::Quarantine.reason());
        if self.left == 0 || !is_asked || (self.failures_only && !answer.is_failure) {
            return;
        }
        let entry = Entry::new(question, facts, &judged.stanza, notes, Answered::of_answer(answer));
        if let Err(error) = self.add(engine, entry, &judged.stanza) {
            (self.left, self.error) = (0, Some(format!("{error:#}")));
        }
    }

    fn add(&mut self, engine: &Engine, mut entry: Entry, stanza: &Stanza) -> Result<()> {
        if let Some((redaction, replay)) = &mut self.redacting {
            let Some(redacted) = redaction.redacted(stanza) else { return Ok(()) };
            entry.xml = redacted.to_xml();
            entry.store.clear(); // keys may be addresses
            entry.redact(|text| redaction.text(text));
            let replayed = replay.ask(engine, entry.clone())?;
            entry.answered = replayed.now;
        }
        self.write(&entry)?;
        (self.stanzas, self.left) = (self.stanzas + 1, self.left - 1);
        if self.left == 0 {
            self.file.flush()?;
        }
        Ok(())
    }

    fn write(&mut self, line: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        let left = self.bytes_left.checked_sub(text.len() as u64);
        self.bytes_left = left.with_context(|| format!("it is {} MiB long", limits::RECORDING_BYTES >> 20))?;
        Ok(self.file.write_all(&text)?)
    }

    /// Ends it: how many stanzas were written.
    pub fn finish(mut self) -> io::Result<u64> {
        self.file.flush()?;
        Ok(self.stanzas)
    }
}
