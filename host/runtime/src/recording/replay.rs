//! Asking a policy again what was asked before.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow};

use super::{Answered, Entry, Header};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::generation::Generation;
use crate::policy::Policy;
use crate::session::Judged;

/// A policy that is asked again. It sees the store as it was then.
pub struct Replay {
    generation: Generation,
    name: String,
}

/// One stanza, asked again.
pub struct Replayed {
    /// What was answered then.
    pub before: Answered,
    /// What is answered now.
    pub now: Answered,
    /// How the policy failed now, if it did.
    pub failure: Option<Failure>,
}

impl Replay {
    /// Starts the policy with the state of the recording.
    pub fn start(engine: &Engine, policy: Policy, header: &Header) -> Result<Self> {
        let state = header.state()?;
        let mut generation = Generation::start(engine, policy, 0).map_err(|failure| anyhow!("{failure}"))?;
        if let Some(state) = state.filter(|_| generation.policy.surface.keeps_state) {
            let restored = generation.restore(engine, &header.sha256, &state);
            restored
                .map_err(|failure| anyhow!("{failure}"))
                .context("it does not take over the state of the recording")?;
        }
        Ok(Self { generation, name: header.policy.clone() })
    }

    /// Asks it.
    pub fn ask(&mut self, engine: &Engine, entry: Entry) -> Result<Replayed> {
        let (question, facts, stanza) = (entry.question()?, entry.facts()?, entry.stanza()?);
        self.generation.prepare_for_replay(engine, facts.now, entry.store_notes()?);
        let result = self.generation.judge(engine, &self.name, question, &Arc::new(Judged::new(stanza)), &facts);
        let fuel = Some(self.generation.fuel()).filter(|fuel| *fuel > 0);
        let now = Answered { fuel, ..Answered::of(&result) };
        Ok(Replayed { before: entry.answered, now, failure: result.err() })
    }
}
