//! A place in a chain: closed until a policy fills it, and closed again when the policy fails.

use std::sync::Arc;
use std::time::{Duration, Instant};

use prosody_stanza::{Excess, Stanza};
use serde::Serialize;

use crate::bindings::{LogLevel, StanzaKind};
use crate::candidate::{Candidate, Role};
use crate::closed;
use crate::comparison::Observation;
use crate::discretion::{FailureBudget, LineBudget, Reasons};
use crate::effect::{Effect, Failed};
use crate::engine::Engine;
use crate::exemption::Exemptions;
use crate::expiry::Expiry;
use crate::facts::Facts;
use crate::failure::{Failure, Kind};
use crate::generation::{Generation, sender};
use crate::in_its_place;
use crate::instance::Answer;
use crate::interest::{Interests, is_asked_of_incoming, wanted_kind};
use crate::last_failure::LastFailure;
use crate::permission::Permission;
use crate::probation::Probation;
use crate::processor::Meter;
use crate::question::{Hook, Question};
use crate::recording::{Recorder, StoreNotes};
use crate::session::Judged;
use crate::statistics::ByHook;
use crate::store::{KeyValues, Keys};

/// What happens to a stanza that a policy should judge and cannot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum OnError {
    /// It is not delivered.
    #[default]
    Deny,
    /// It is judged by the other policies alone.
    Pass,
}

/// Is a policy in force?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It decides.
    #[default]
    Enforce,
    /// It is configured but not asked, and nothing is denied for it.
    Off,
}

/// What is in a slot.
pub enum State {
    /// Nothing yet.
    Absent,
    /// Its component is being compiled.
    Compiling,
    /// It could not be loaded, for this reason.
    Failed(String),
    /// A policy.
    Running(Box<Generation>),
}

/// A place in a chain.
pub struct Slot {
    /// The policy's name in the configuration.
    pub name: String,
    /// What happens when it cannot decide.
    pub on_error: OnError,
    /// Is it in force?
    pub mode: Mode,
    /// What is in it.
    pub state: State,
    /// What is tried beside it.
    pub candidate: Option<Box<Candidate>>,
    /// What was in it before, ready to return.
    pub previous: Option<Box<Generation>>,
    /// The trial of what is in it, while it lasts.
    pub probation: Option<Probation>,
    /// What it did, by hook.
    pub statistics: ByHook,
    /// Its last failure.
    pub last_failure: Option<LastFailure>,
    /// Who writes down what it is asked.
    pub recorder: Option<Recorder>,
    pub(crate) keys: Keys,
    /// Were its keys and values read from the disk?
    pub(crate) has_store: bool,
    /// For whose stanza something was stored last, and was it a canary that did?
    acting: Option<(bool, String)>,
    /// What a decision on trial used: that the server was kept from running meanwhile is not held against it.
    meter: Meter,
    lines: LineBudget,
    failures: FailureBudget,
    reasons: Reasons,
}

impl Slot {
    /// An empty slot.
    pub fn new(name: &str, on_error: OnError, mode: Mode) -> Self {
        Self {
            name: name.to_owned(),
            on_error,
            mode,
            state: State::Absent,
            candidate: None,
            previous: None,
            probation: None,
            statistics: ByHook::default(),
            last_failure: None,
            recorder: None,
            keys: Keys::default(),
            has_store: false,
            acting: None,
            meter: Meter::default(),
            lines: LineBudget::default(),
            failures: FailureBudget::default(),
            reasons: Reasons::default(),
        }
    }

    /// Takes what the policy has stored, once: from then on memory is ahead of the disk.
    pub fn load_store(&mut self, values: KeyValues) {
        if !self.has_store {
            (self.keys, self.has_store) = (Keys::new(values), true);
        }
    }

    /// Has it what the policy has stored?
    pub fn has_store(&self) -> bool {
        self.has_store
    }

    /// Empties it: whatever was there is gone.
    pub fn set_state(&mut self, state: State) -> Vec<Generation> {
        let mut retired = Vec::new();
        if let State::Running(live) = std::mem::replace(&mut self.state, state) {
            retired.push(*live);
        }
        retired.extend(self.previous.take().map(|generation| *generation));
        retired.extend(self.drop_candidate().map(|(generation, _)| generation));
        self.keys.settle();
        (self.probation, self.recorder) = (None, None);
        retired
    }

    /// Does it take part: decide, or deny because it cannot?
    pub fn is_in_force(&self) -> bool {
        self.mode == Mode::Enforce && (self.on_error == OnError::Deny || matches!(self.state, State::Running(_)))
    }

    /// Is it asked before those that only judge?
    pub fn edits(&self) -> bool {
        self.may(Permission::Edits)
    }

    /// Has it this permission, or what is tried beside it?
    pub fn may(&self, permission: Permission) -> bool {
        self.generations().any(|generation| generation.policy.surface.permissions.contains(&permission))
    }

    /// Has it this permission and uses it, or what is tried beside it?
    pub fn needs(&self, permission: Permission) -> bool {
        self.generations().any(|generation| generation.needs(permission))
    }

    /// Does it ask whether two people share a room?
    pub fn asks_for_shared_rooms(&self) -> bool {
        self.generations()
            .any(|generation| generation.needs(Permission::Rooms) && generation.policy.surface.asks_for_shared_rooms)
    }

    fn is_live(&self, generation: &Generation) -> bool {
        matches!(&self.state, State::Running(live) if std::ptr::eq(&**live, generation))
    }

    fn generations(&self) -> impl Iterator<Item = &Generation> {
        let live = match &self.state {
            State::Running(live) => Some(&**live),
            _ => None,
        };
        live.into_iter().chain(self.candidate.as_ref().map(|candidate| &candidate.generation))
    }

    /// Who is asked. Beside a place that is off a shadow may be tried all the same.
    fn asked(&self) -> impl Iterator<Item = &Generation> {
        self.generations().filter(|generation| self.mode == Mode::Enforce || !self.is_live(generation))
    }

    /// Does it deny because it is not in its place?
    fn is_closed(&self) -> bool {
        self.is_in_force() && !matches!(self.state, State::Running(_))
    }

    /// Adds what it wants of a kind of stanza.
    pub fn add_interests(&self, kind: StanzaKind, interests: &mut Interests) {
        let wants = self.asked().flat_map(|generation| &generation.interests);
        wants.filter(|want| want.kind == kind).for_each(|want| interests.add(want));
        if self.is_closed() {
            interests.add_all();
        }
    }

    /// Narrows what passes unasked on its way in. `again`: it was judged as outgoing by the same chain.
    pub fn narrow_exemptions(&self, kind: StanzaKind, again: bool, exemptions: &mut Exemptions) {
        let asked = self.asked().filter(|generation| is_asked_of_incoming(&generation.interests, kind, again));
        asked.for_each(|generation| exemptions.narrow(kind, &generation.exempt));
        if self.is_closed() {
            exemptions.narrow(kind, &[]);
        }
    }

    /// Is it asked at this hook? Nobody knows the hooks of a policy that is not in its place: it refuses at all.
    pub fn hears(&self, interface: &str) -> bool {
        self.is_closed() || self.asked().any(|generation| generation.policy.hears(interface))
    }

    /// How many hours it lets be kept what is kept.
    pub fn retention(&self) -> Option<u32> {
        match &self.state {
            State::Running(live) if self.is_in_force() => live.retention,
            _ => None,
        }
    }

    /// For how long it lets be kept what is uploaded.
    pub fn expiry(&self) -> Expiry {
        match &self.state {
            State::Running(live) if self.is_in_force() => live.expiry,
            _ => Expiry::default(),
        }
    }

    /// Does it want this stanza?
    pub fn wants(&self, question: Question, again: bool, stanza: &Stanza) -> bool {
        match (&self.state, self.canary(question, stanza)) {
            _ if !self.is_in_force() => false,
            (_, Some(canary)) => canary.generation.wants(question, again, stanza),
            (State::Running(live), None) => live.wants(question, again, stanza),
            _ if question.hook != Hook::Message => true,
            _ => !again && closed::denies(question.passage.kind, stanza),
        }
    }

    /// The canary, if it is the one that decides about this stanza.
    fn canary(&self, question: Question, stanza: &Stanza) -> Option<&Candidate> {
        self.candidate.as_deref().filter(|candidate| candidate.decides(&self.name, question.passage, stanza))
    }

    /// What is to happen to a stanza it wants; `now` is the time. Always an answer: a failure is judged by `on_error`.
    pub fn decide(
        &mut self,
        engine: &Engine,
        question: Question,
        judged: &Arc<Judged>,
        facts: &Facts,
        now: Instant,
    ) -> Answer {
        let is_canary = self.canary(question, &judged.stanza).is_some();
        let is_on_trial = is_canary || self.probation.is_some();
        if is_on_trial {
            self.meter.begin(now);
        }
        let result = self.ask(engine, question, judged, facts, is_canary, now);
        let spent = result.as_ref().map_or_else(|_| now.elapsed(), |answer| answer.spent);
        self.statistics.of(question.hook).spent += spent;
        let answer = match result {
            Ok(mut answer) => {
                self.lines.spend(&self.name, facts.now, &mut answer.effects);
                self.reasons.admit(&mut answer.decision.reason);
                answer
            }
            Err(failure) => self.failed(question.hook, failure, facts.now),
        };
        if answer.effects.iter().any(|effect| matches!(effect, Effect::Store { .. })) {
            self.acting = Some((is_canary, sender(question.passage, &judged.stanza).to_owned()));
        }
        if !is_canary && question.hook.is_shown_elsewhere() {
            self.record(engine, question, judged, facts, &answer);
        }
        let spent = if is_on_trial { self.meter.used(spent) } else { spent };
        Answer { is_canary, spent, ..answer }
    }

    /// What it stored has taken so long to write: as much of the budget as if it had taken it itself.
    pub fn charge(&mut self, spent: Duration) {
        let Some((is_canary, sender)) = &self.acting else { return };
        match (&mut self.state, &mut self.candidate) {
            (_, Some(canary)) if *is_canary => canary.generation.charge(sender, spent),
            (State::Running(live), _) => live.charge(sender, spent),
            _ => {}
        }
    }

    fn record(&mut self, engine: &Engine, question: Question, judged: &Arc<Judged>, facts: &Facts, answer: &Answer) {
        let (Some(recorder), State::Running(live)) = (&mut self.recorder, &mut self.state) else { return };
        let notes = live.note_store(StoreNotes::watching());
        recorder.note(engine, question, judged, facts, answer, notes);
    }

    /// What a shadow says beside it, about the same stanza.
    pub fn observe(
        &mut self,
        engine: &Engine,
        question: Question,
        again: bool,
        judged: &Arc<Judged>,
        facts: &Facts,
        live: Option<&Answer>,
    ) -> Option<Observation> {
        if !question.hook.is_shown_elsewhere() {
            return None;
        }
        self.candidate.as_mut()?.observe(engine, question, again, judged, facts, live)
    }

    /// What is to happen to a stanza beyond the limits: nobody could judge it, so it counts as a failure.
    pub fn refuse(&mut self, question: Question, excess: Excess) -> Option<Answer> {
        let concerned = match &self.state {
            _ if !self.is_in_force() => false,
            State::Running(live) if question.hook == Hook::Message => {
                wanted_kind(&live.interests, question.passage.kind)
            }
            State::Running(live) => live.policy.hears(question.hook.interface()),
            _ => true,
        };
        let denied = concerned && self.on_error == OnError::Deny && question.hook.can_protect();
        // Nobody's fault: it counts for no trial.
        denied
            .then(|| in_its_place::beyond_limits(excess))
            .inspect(|answer| self.statistics.of(question.hook).count(answer))
    }

    /// Counts the answer that was acted upon.
    pub fn count(&mut self, hook: Hook, answer: &Answer) {
        self.statistics.of(hook).count(answer);
        if !answer.was_asked() {
            return;
        }
        if answer.is_canary {
            self.candidate.iter_mut().for_each(|candidate| candidate.watch.count(answer.is_failure, answer.spent));
        } else {
            self.probation.iter_mut().for_each(|probation| probation.count(answer.is_failure, answer.spent));
        }
    }

    /// Is something tried here that could be taken back?
    pub fn is_on_trial(&self) -> bool {
        self.probation.is_some() || self.candidate.is_some()
    }

    /// Counts what a shadow said.
    pub fn count_observation(&mut self, observation: Observation) {
        let shadow = self.candidate.as_mut().filter(|candidate| candidate.role == Role::Shadow);
        if let Some(shadow) = shadow {
            shadow.comparison.count(observation);
        }
    }

    fn ask(
        &mut self,
        engine: &Engine,
        question: Question,
        judged: &Arc<Judged>,
        facts: &Facts,
        is_canary: bool,
        now: Instant,
    ) -> Result<Answer, Failure> {
        match (&mut self.state, &mut self.candidate) {
            (_, Some(canary)) if is_canary => canary.generation.ask(engine, &self.name, question, judged, facts, now),
            (State::Running(live), _) => live.ask(engine, &self.name, question, judged, facts, now),
            _ => Err(Failure::setup("it is not loaded")),
        }
    }

    /// The answer when there is none.
    #[cold]
    fn failed(&mut self, hook: Hook, failure: Failure, now: u64) -> Answer {
        let is_there = matches!(self.state, State::Running(_));
        let answer = in_its_place::of(self.on_error, is_there, hook, failure.reason());
        let effects = match (&self.state, &failure.kind) {
            (State::Running(live), Kind::OverBudget) => {
                let budget = live.policy.limits().budget;
                self.told_of_its_budget(&failure, budget, now)
            }
            (State::Running(_), kind) if *kind != Kind::Quarantine => self.told(hook, failure, now),
            _ => Vec::new(),
        };
        Answer { effects, ..answer }
    }

    /// Keeps a failure for the operator, and tells it unless it was told a moment ago.
    fn told(&mut self, hook: Hook, failure: Failure, now: u64) -> Vec<Effect> {
        let hook = hook.interface();
        let count = self.last_failure.as_ref().map_or(0, |last| last.count) + 1;
        let told = self.failures.tell(now, &failure);
        let told = told.map(|left_out| Failed { failure: failure.clone(), hook, left_out });
        self.last_failure = Some(LastFailure { failure, hook, at: now, count });
        told.into_iter().map(|failed| Effect::Failed(Arc::new(failed))).collect()
    }

    /// It did not fail, so what is kept of its last failure stays.
    fn told_of_its_budget(&mut self, failure: &Failure, budget: u32, now: u64) -> Vec<Effect> {
        let told = self.failures.tell(now, failure);
        let line = format!(
            "it has used up its limits.budget of {budget} ms a second, or all policies together theirs, and what it is not asked is \
             judged by on_error; see which policy is slow in wasm list, or who sends so much"
        );
        told.map(|_| Effect::Log { level: LogLevel::Warn, line }).into_iter().collect()
    }
}
