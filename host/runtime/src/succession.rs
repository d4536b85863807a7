//! From one generation of a policy to the next, and back.
//!
//! Everything that can fail comes before [`Slot::publish`], which only moves pointers: a stanza is judged by the one
//! generation or the other, and a step that fails leaves the running one where it was.

use std::time::Duration;

use crate::candidate::{Candidate, Role};
use crate::effect::{Effect, Return};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::generation::Generation;
use crate::probation::{Probation, Thresholds};
use crate::slot::{Slot, State};
use crate::store::Undone;

/// How a candidate is tried.
#[derive(Clone, Copy, Debug)]
pub struct Trial {
    /// As what.
    pub role: Role,
    /// Seconds a shadow may use of each second.
    pub budget: f64,
    /// Differences that are kept as samples.
    pub samples: usize,
    /// When a canary is taken back.
    pub thresholds: Thresholds,
    /// Does it start without the state of the live generation?
    pub fresh: bool,
}

impl Slot {
    /// Hands the state of the live generation over to another that is to take its place, unless that is to start
    /// afresh. Nothing is in force yet.
    pub fn hand_over(&mut self, engine: &Engine, next: &mut Generation, fresh: bool, now: u64) -> Result<(), Failure> {
        next.prepare(engine, self.keys.settled(), now)?;
        let State::Running(live) = &mut self.state else { return Ok(()) };
        if fresh || !live.policy.surface.keeps_state || !next.policy.surface.keeps_state {
            return Ok(());
        }
        let saved = live
            .save(engine)
            .map_err(|failure| failure.within("the state of the running generation cannot be saved"))?;
        let Some(saved) = saved else { return Ok(()) };
        let restored = next.restore(engine, &live.policy.sha256, &saved);
        restored.map_err(|failure| failure.within("it does not take over the state of the running generation"))
    }

    /// Puts a generation into force. The live one stays warm for a return; a candidate is gone.
    pub fn publish(&mut self, mut next: Generation, probation: Option<(Duration, Thresholds)>) -> Vec<Generation> {
        self.on_error = next.policy.terms.on_error;
        // What a canary wrote stays on trial when it has become this generation.
        let was_canary =
            self.candidate.as_ref().is_some_and(|candidate| candidate.generation.identity == next.identity);
        if !was_canary || probation.is_none() {
            self.keys.settle();
        }
        next.use_keys(if probation.is_some() { self.keys.on_trial() } else { self.keys.settled() });
        let mut retired: Vec<Generation> =
            self.candidate.take().into_iter().map(|candidate| candidate.generation).collect();
        if let State::Running(mut live) = std::mem::replace(&mut self.state, State::Running(Box::new(next))) {
            live.use_keys(self.keys.settled());
            retired.extend(self.previous.replace(live).map(|generation| *generation));
        }
        self.probation = probation.map(|(lasts, thresholds)| Probation::new(thresholds, Some(lasts)));
        (self.last_failure, self.recorder) = (None, None);
        retired
    }

    /// Back to the generation before: it and the live one change places. The writes that the live one made on trial
    /// are undone.
    pub fn roll_back(&mut self) -> Option<Vec<Undone>> {
        let mut previous = self.previous.take()?;
        let undone = self.probation.take().map(|_| self.keys.undo()).unwrap_or_default();
        self.keys.settle();
        previous.use_keys(self.keys.settled());
        self.on_error = previous.policy.terms.on_error;
        if let State::Running(mut live) = std::mem::replace(&mut self.state, State::Running(previous)) {
            live.use_keys(self.keys.settled());
            self.previous = Some(live);
        }
        self.last_failure = None;
        Some(undone)
    }

    /// Tries a generation beside the live one.
    pub fn try_out(
        &mut self,
        engine: &Engine,
        mut next: Generation,
        trial: &Trial,
        now: u64,
    ) -> Result<Vec<Generation>, Failure> {
        let is_canary = trial.role != Role::Shadow;
        if is_canary && !matches!(self.state, State::Running(_)) {
            return Err(Failure::setup(
                "nothing is in force that a canary could be beside; put it into force, or try it as a shadow",
            ));
        }
        if is_canary && self.probation.is_some() {
            return Err(Failure::setup("the running generation is still on probation itself; wait, or roll it back"));
        }
        self.hand_over(engine, &mut next, trial.fresh, now)?;
        let retired: Vec<Generation> = self.drop_candidate().into_iter().map(|(generation, _)| generation).collect();
        next.use_keys(if is_canary { self.keys.on_trial() } else { self.keys.aside() });
        let watch = Probation::new(trial.thresholds, None);
        self.candidate = Some(Box::new(Candidate::new(next, trial.role, watch, trial.budget, trial.samples)));
        Ok(retired)
    }

    /// Ends the trial of a candidate, and undoes what a canary wrote.
    pub fn drop_candidate(&mut self) -> Option<(Generation, Vec<Undone>)> {
        let candidate = self.candidate.take()?;
        let undone = if candidate.role == Role::Shadow { Vec::new() } else { self.keys.undo() };
        Some((candidate.generation, undone))
    }

    /// Ends the probation: what the live generation wrote stays.
    pub fn settle(&mut self) {
        if self.probation.take().is_none() {
            return;
        }
        self.keys.settle();
        if let State::Running(live) = &mut self.state {
            live.use_keys(self.keys.settled());
        }
    }

    /// Lets the generation before go: there is no way back to it, by hand or by itself.
    pub fn forget_previous(&mut self) -> Option<Generation> {
        self.settle();
        self.previous.take().map(|generation| *generation)
    }

    /// Ends a probation that is over, and takes back what did not stand its trial.
    pub fn review(&mut self) -> Option<Effect> {
        let reason = self.candidate.as_ref().and_then(|candidate| candidate.watch.verdict());
        if let Some(reason) = reason {
            let (generation, undone) = self.drop_candidate()?;
            let State::Running(live) = &self.state else { return None };
            let (from, to) = (generation.identity, live.identity.clone());
            return Some(Effect::Returned(Return { is_canary: true, from, to, reason, undone }));
        }
        if self.probation.as_ref().is_some_and(Probation::is_over) {
            self.settle();
        }
        let reason = self.probation.as_ref()?.verdict()?;
        let State::Running(live) = &self.state else { return None };
        let from = live.identity.clone();
        let undone = self.roll_back()?;
        let State::Running(live) = &self.state else { return None };
        Some(Effect::Returned(Return { is_canary: false, from, to: live.identity.clone(), reason, undone }))
    }
}
