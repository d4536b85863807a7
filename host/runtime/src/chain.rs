//! One stanza, all policies of a host.
//!
//! Policies that edit are asked first, in the order of their names, then those that only judge. The first
//! refusal ends the chain: no policy can loosen another's verdict. Who was asked before somebody else's
//! edit is asked again about what will really be delivered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use prosody_stanza::{Excess, Stanza};

use crate::bindings::{StanzaKind, Verdict};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::exemption::Exemptions;
use crate::expiry::Expiry;
use crate::facts::Facts;
use crate::failure::Failure;
use crate::generation::Generation;
use crate::hearing::Hearing;
use crate::instance::Answer;
use crate::interest::Interests;
use crate::last_failure::LastFailure;
use crate::outcome::Outcome;
use crate::permission::Permission;
use crate::probation::Thresholds;
use crate::question::Question;
use crate::recording::{Order, Recorder};
use crate::retirement::Retirement;
use crate::ruling::Manner;
use crate::slot::{Mode, OnError, Slot, State};
use crate::store::{KeyValues, Undone};
use crate::succession::Trial;

/// The policies of one Prosody host.
pub struct Chain {
    engine: Arc<Engine>,
    /// By name.
    slots: Vec<Slot>,
    retirement: Retirement,
}

impl Chain {
    /// A chain without policies: everything passes.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine, slots: Vec::new(), retirement: Retirement::default() }
    }

    /// Makes a place for a policy, or changes the terms of the one that is there. From now on, until it is
    /// filled, what it would judge is denied if it enforces.
    pub fn declare(&mut self, name: &str, on_error: OnError, mode: Mode) {
        match self.slots.binary_search_by(|slot| slot.name.as_str().cmp(name)) {
            Ok(index) => (self.slots[index].on_error, self.slots[index].mode) = (on_error, mode),
            Err(index) => self.slots.insert(index, Slot::new(name, on_error, mode)),
        }
    }

    /// What a policy has stored, as read from the disk. Later ones are ignored: memory is ahead of the disk.
    pub fn load_store(&mut self, name: &str, values: KeyValues) {
        if let Some(slot) = self.slot_mut(name) {
            slot.load_store(values);
        }
    }

    /// Fills a place in which nothing is in force. On failure it stays as it was.
    pub fn put(&mut self, name: &str, mut next: Generation, now: u64) -> Result<(), Failure> {
        let engine = Arc::clone(&self.engine);
        let slot = self.slot_mut(name).ok_or_else(|| undeclared(name))?;
        slot.hand_over(&engine, &mut next, true, now)?;
        let retired = slot.publish(next, None);
        self.retirement.retire(retired);
        Ok(())
    }

    /// Hands the state of live generations over to those that are to take their places, all or none. Nothing is in
    /// force yet; an error names the policy and the step.
    pub fn hand_over(&mut self, next: &mut BTreeMap<String, Generation>, fresh: bool, now: u64) -> Result<(), Failure> {
        let engine = Arc::clone(&self.engine);
        for (name, generation) in next {
            let slot = self.slot_mut(name).ok_or_else(|| undeclared(name))?;
            let handed = slot.hand_over(&engine, generation, fresh, now);
            handed.map_err(|failure| failure.within(name))?;
        }
        Ok(())
    }

    /// Puts generations into force that were handed their states, all in one breath.
    pub fn publish(&mut self, next: BTreeMap<String, Generation>, probation: Option<(Duration, Thresholds)>) {
        for (name, generation) in next {
            if let Some(slot) = self.slot_mut(&name) {
                let retired = slot.publish(generation, probation);
                self.retirement.retire(retired);
            }
        }
    }

    /// Tries a generation beside the live one.
    pub fn try_out(&mut self, name: &str, next: Generation, trial: &Trial, now: u64) -> Result<(), Failure> {
        let engine = Arc::clone(&self.engine);
        let slot = self.slot_mut(name).ok_or_else(|| undeclared(name))?;
        let retired = slot.try_out(&engine, next, trial, now)?;
        self.retirement.retire(retired);
        Ok(())
    }

    /// Ends the trial of a candidate: the writes of a canary that were undone, if there was a candidate.
    pub fn drop_candidate(&mut self, name: &str) -> Option<Vec<Undone>> {
        let (generation, undone) = self.slot_mut(name)?.drop_candidate()?;
        self.retirement.retire(vec![generation]);
        Some(undone)
    }

    /// Back to the generation before, with the writes that were undone, if there is one.
    pub fn roll_back(&mut self, name: &str) -> Option<Vec<Undone>> {
        self.slot_mut(name)?.roll_back()
    }

    /// Ends a probation.
    pub fn settle(&mut self, name: &str) {
        self.slot_mut(name).into_iter().for_each(Slot::settle);
    }

    /// Lets the generation before go.
    pub fn forget_previous(&mut self, name: &str) {
        let previous = self.slot_mut(name).and_then(Slot::forget_previous);
        self.retirement.retire(previous.into_iter().collect());
    }

    /// Begins to write down what a policy is asked.
    pub fn record(&mut self, name: &str, order: &Order, now: u64) -> anyhow::Result<()> {
        let engine = Arc::clone(&self.engine);
        let slot =
            self.slot_mut(name).ok_or_else(|| undeclared(name)).map_err(|failure| anyhow::anyhow!("{failure}"))?;
        let State::Running(live) = &mut slot.state else { anyhow::bail!("nothing is in force that could be recorded") };
        let policy = live.policy.clone();
        slot.recorder = Some(Recorder::start(&engine, name, live, policy, order, now)?);
        Ok(())
    }

    /// Ends a recording: how many stanzas it holds, if there was one.
    pub fn stop_recording(&mut self, name: &str) -> Option<std::io::Result<u64>> {
        self.slot_mut(name)?.recorder.take().map(Recorder::finish)
    }

    /// Sets the state of a place: a policy that was there is gone.
    pub fn set_state(&mut self, name: &str, state: State) {
        if let Some(slot) = self.slot_mut(name) {
            let retired = slot.set_state(state);
            self.retirement.retire(retired);
        }
    }

    /// Takes a place away: nothing is denied for it any more.
    pub fn remove(&mut self, name: &str) {
        self.set_state(name, State::Absent);
        self.slots.retain(|slot| slot.name != name);
    }

    /// All places, by name.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The last failure of a policy, which is forgotten: the next one will be another.
    pub fn take_last_failure(&mut self, name: &str) -> Option<LastFailure> {
        self.slot_mut(name)?.last_failure.take()
    }

    /// What the policies together want of a kind of stanza.
    pub fn interests(&self, kind: StanzaKind) -> Interests {
        let mut interests = Interests::default();
        self.slots.iter().for_each(|slot| slot.add_interests(kind, &mut interests));
        interests
    }

    /// What passes unasked on its way in. `again`: it was judged as outgoing by this chain.
    pub fn exemptions(&self, kind: StanzaKind, again: bool) -> Exemptions {
        let mut exemptions = Exemptions::default();
        self.slots.iter().for_each(|slot| slot.narrow_exemptions(kind, again, &mut exemptions));
        exemptions
    }

    /// Does any policy have this permission, and use it?
    pub fn needs(&self, permission: Permission) -> bool {
        self.slots.iter().any(|slot| slot.needs(permission))
    }

    /// Does any policy ask whether two people share a room?
    pub fn asks_for_shared_rooms(&self) -> bool {
        self.slots.iter().any(Slot::asks_for_shared_rooms)
    }

    /// Is any policy asked at this hook, or does any refuse there because it is not in its place?
    pub fn hears(&self, interface: &str) -> bool {
        self.slots.iter().any(|slot| slot.hears(interface))
    }

    /// How many hours what is kept may be kept, if a policy in force says so.
    pub fn retention(&self) -> Option<u32> {
        self.slots.iter().filter_map(Slot::retention).min()
    }

    /// For how long what is uploaded may be kept, if a policy in force says so.
    pub fn expiry(&self) -> Expiry {
        self.slots.iter().map(Slot::expiry).fold(Expiry::default(), Expiry::and)
    }

    /// What a policy stored by its last decision has taken so long to write.
    pub fn charge(&mut self, name: &str, spent: Duration) {
        if let Some(slot) = self.slot_mut(name) {
            slot.charge(spent);
        }
    }

    /// What is to happen to a stanza. `again`: this chain judged it as outgoing already.
    pub fn decide(
        &mut self,
        stanza: Result<Stanza, Excess>,
        question: impl Into<Question>,
        again: bool,
        facts: &Facts,
    ) -> Outcome {
        let question = question.into();
        match stanza {
            Ok(stanza) => self.judge(stanza, question, again, facts),
            Err(excess) => self.refuse(question, excess),
        }
    }

    fn judge(&mut self, stanza: Stanza, question: Question, again: bool, facts: &Facts) -> Outcome {
        let mut hearing = Hearing::new(stanza, self.slots.len());
        for turn in 0..self.turns() {
            if let Some(index) = self.slot_in(turn)
                && let Some(answer) = self.ask(index, &mut hearing, question, again, facts)
                && hearing.take(index, answer)
            {
                return self.conclude(question, hearing);
            }
        }
        self.ask_again(&mut hearing, question, again, facts);
        self.conclude(question, hearing)
    }

    /// Twice around: the editors first, then the others.
    fn turns(&self) -> usize {
        self.slots.len() * 2
    }

    /// Whose turn it is, if anybody's. Not a list, which every stanza would pay for.
    fn slot_in(&self, turn: usize) -> Option<usize> {
        let index = turn % self.slots.len();
        (self.slots[index].edits() == (turn < self.slots.len())).then_some(index)
    }

    /// Asks those about the final stanza who came before the last edit of somebody else, whether they were
    /// interested then or not. They may only judge now: another edit would begin the round anew.
    fn ask_again(&mut self, hearing: &mut Hearing, question: Question, again: bool, facts: &Facts) {
        let Some(last) = hearing.last_editor() else { return };
        for turn in 0..self.turns() {
            let Some(index) = self.slot_in(turn) else { continue };
            if index == last {
                return;
            }
            if let Some(answer) = self.ask(index, hearing, question, again, facts)
                && hearing.replace(index, answer)
            {
                return;
            }
        }
    }

    /// Asks a policy about the stanza as it stands, if it wants it, and its shadow beside it.
    fn ask(
        &mut self,
        index: usize,
        hearing: &mut Hearing,
        question: Question,
        again: bool,
        facts: &Facts,
    ) -> Option<Answer> {
        let (engine, slot, judged) = (&self.engine, &mut self.slots[index], &hearing.judged);
        let is_wanted = slot.wants(question, again, &judged.stanza);
        let answer = is_wanted.then(|| slot.decide(engine, question, judged, facts, hearing.clock));
        hearing.clock = match &answer {
            // Writing it down is not the next one's time.
            Some(_) if slot.recorder.is_some() => Instant::now(),
            Some(answer) => hearing.clock + answer.spent,
            None => hearing.clock,
        };
        if slot.candidate.is_some()
            && let Some(observation) = slot.observe(engine, question, again, judged, facts, answer.as_ref())
        {
            hearing.observations.insert(index, observation);
            hearing.clock = Instant::now();
        }
        answer
    }

    fn conclude(&mut self, question: Question, hearing: Hearing) -> Outcome {
        let Hearing { judged, mut answers, edits, observations, .. } = hearing;
        for (index, answer) in &answers {
            self.slots[*index].count(question.hook, answer);
        }
        observations.into_iter().for_each(|(index, observation)| self.slots[index].count_observation(observation));
        let returned = self.review(&answers);
        let refused = answers.last().is_some_and(|(_, answer)| answer.decision.verdict != Verdict::Pass);
        let outcome = Outcome {
            edits: if refused { Vec::new() } else { edits },
            manner: if refused { Manner::Usual } else { self.manner(&answers) },
            pause: answers.iter().map(|(_, answer)| answer.pause).max().unwrap_or_default(),
            notes: self.notes(&answers),
            effects: self.effects(&answers, refused).into_iter().chain(returned).collect(),
            stanza: Some(judged),
            ..Outcome::pass()
        };
        let editor = answers.iter().position(|(_, answer)| !refused && !answer.edits.is_empty());
        let Some(decisive) = editor.or(answers.len().checked_sub(1)) else { return outcome };
        let (index, Answer { decision, remedy, .. }) = answers.swap_remove(decisive);
        let policy = Some(self.slots[index].name.clone());
        Outcome { verdict: decision.verdict, policy, reason: decision.reason, remedy, ..outcome }
    }

    /// The narrowest. A key is that of one policy: others may use the same for something else.
    fn manner(&self, answers: &[(usize, Answer)]) -> Manner {
        match answers.iter().max_by_key(|(_, answer)| &answer.manner) {
            Some((index, Answer { manner: Manner::Replacing(key), .. })) => {
                Manner::Replacing(format!("{}/{key}", self.slots[*index].name))
            }
            Some((_, answer)) => answer.manner.clone(),
            None => Manner::Usual,
        }
    }

    fn notes(&self, answers: &[(usize, Answer)]) -> Vec<(String, Vec<u8>)> {
        let noted = answers.iter().filter(|(_, answer)| !answer.notes.is_empty());
        noted.map(|(index, answer)| (self.slots[*index].name.clone(), answer.notes.clone())).collect()
    }

    /// Takes back what did not stand its trial.
    fn review(&mut self, answers: &[(usize, Answer)]) -> Vec<(String, Effect)> {
        let mut returned = Vec::new();
        for (index, _) in answers {
            let slot = &mut self.slots[*index];
            if slot.is_on_trial()
                && let Some(effect) = slot.review()
            {
                returned.push((slot.name.clone(), effect));
            }
        }
        returned
    }

    /// A refused stanza brings nobody messages, except from the policy that refused it.
    fn effects(&self, answers: &[(usize, Answer)], refused: bool) -> Vec<(String, Effect)> {
        let last = answers.len().saturating_sub(1);
        let wanted = |position: usize, effect: &Effect| !refused || position == last || !effect.is_sent();
        let effects = answers.iter().enumerate().flat_map(|(position, (index, answer))| {
            let effects = answer.effects.iter().filter(move |effect| wanted(position, effect));
            effects.map(move |effect| (self.slots[*index].name.clone(), effect.clone()))
        });
        effects.collect()
    }

    fn refuse(&mut self, question: Question, excess: Excess) -> Outcome {
        let answers =
            self.slots.iter_mut().filter_map(|slot| Some((slot.name.clone(), slot.refuse(question, excess)?)));
        match answers.last() {
            None => Outcome::pass(),
            Some((policy, Answer { decision, .. })) => {
                Outcome { verdict: decision.verdict, policy: Some(policy), reason: decision.reason, ..Outcome::pass() }
            }
        }
    }

    /// The place of a policy.
    fn slot_mut(&mut self, name: &str) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.name == name)
    }
}

fn undeclared(name: &str) -> Failure {
    Failure::setup(format!("no policy {name} was declared"))
}
