//! A place in a chain: closed until a policy fills it, and closed again when the policy fails.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Instant;

use prosody_stanza::{Excess, Stanza};

use crate::backoff::Backoff;
use crate::bindings::{Bounce, ErrorCondition, ErrorType, Party, Passage, StanzaKind, Verdict, Want};
use crate::chain::Facts;
use crate::closed;
use crate::discretion::{LineBudget, Reasons};
use crate::engine::Engine;
use crate::failure::Failure;
use crate::instance::{Answer, Instance};
use crate::interest::{Interests, wanted, wanted_kind};
use crate::policy::Policy;
use crate::session::Judged;
use crate::statistics::Statistics;
use crate::store::KeyValues;

/// What happens to a stanza that a policy should judge and cannot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    Running(Box<Running>),
}

/// A policy at work.
pub struct Running {
    /// The policy.
    pub policy: Policy,
    instance: Option<Instance>,
    wants: Vec<Want>,
    keys: Rc<RefCell<KeyValues>>,
    backoff: Backoff,
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
    /// What it did.
    pub statistics: Statistics,
    /// Its last failure, as a sentence.
    pub last_failure: Option<String>,
    lines: LineBudget,
    reasons: Reasons,
}

/// What a sender reads when nobody can judge the stanza.
const CLOSED: &str = "This server cannot check messages at the moment, so it does not deliver them. Try again later.";
/// What a sender reads when a stanza is beyond the limits.
const EXCESS: &str = "This is too large or too deeply nested to be checked, so it was not delivered.";

impl Slot {
    /// An empty slot.
    pub fn new(name: &str, on_error: OnError, mode: Mode) -> Self {
        let name = name.to_owned();
        Self {
            name,
            on_error,
            mode,
            state: State::Absent,
            statistics: Statistics::default(),
            last_failure: None,
            lines: LineBudget::default(),
            reasons: Reasons::default(),
        }
    }

    /// Fills the slot. What is in it stays until the new policy has an instance that accepts its settings and
    /// the state of its predecessor.
    pub fn install(&mut self, engine: &Engine, policy: Policy, keys: KeyValues, now: u64) -> Result<(), Failure> {
        let keys = Rc::new(RefCell::new(keys));
        let mut instance = policy.instantiate(engine, &keys, now)?;
        let wants = instance.wants(engine)?;
        if self.hand_over(engine, &mut instance).is_err() {
            instance = policy.instantiate(engine, &keys, now)?;
        }
        let backoff = Backoff::default();
        self.state = State::Running(Box::new(Running { policy, instance: Some(instance), wants, keys, backoff }));
        self.last_failure = None;
        Ok(())
    }

    /// State is a convenience: a successor that cannot have it starts without. An error when it is of no use
    /// after it tried to take the state over.
    fn hand_over(&mut self, engine: &Engine, successor: &mut Instance) -> Result<(), Failure> {
        let State::Running(running) = &mut self.state else { return Ok(()) };
        let Some(predecessor) = &mut running.instance else { return Ok(()) };
        match predecessor.save(engine) {
            Ok(Some(saved)) => successor.restore(engine, &running.policy.sha256, &saved),
            Ok(None) | Err(_) => Ok(()),
        }
    }

    /// Does it take part: decide, or deny because it cannot?
    pub fn is_in_force(&self) -> bool {
        self.mode == Mode::Enforce && (self.on_error == OnError::Deny || matches!(self.state, State::Running(_)))
    }

    /// Is it asked before those that only judge?
    pub fn edits(&self) -> bool {
        matches!(&self.state, State::Running(running) if running.policy.surface.permissions.contains(&crate::Permission::Edits))
    }

    /// Adds what it wants of a kind of stanza.
    pub fn add_interests(&self, kind: StanzaKind, interests: &mut Interests) {
        match &self.state {
            _ if !self.is_in_force() => {}
            State::Running(running) => {
                running.wants.iter().filter(|want| want.kind == kind).for_each(|want| interests.add(want));
            }
            _ => interests.add_all(),
        }
    }

    /// Does it want this stanza?
    pub fn wants(&self, passage: Passage, again: bool, stanza: &Stanza) -> bool {
        match &self.state {
            _ if !self.is_in_force() => false,
            State::Running(running) => wanted(&running.wants, passage, again, stanza),
            _ => !again && closed::denies(passage.kind, stanza),
        }
    }

    /// What is to happen to a stanza it wants. Always an answer: a failure is judged by `on_error`.
    pub fn decide(&mut self, engine: &Engine, passage: Passage, judged: &Rc<Judged>, facts: &Facts) -> Answer {
        let before = Instant::now();
        let answer = self.ask(engine, passage, judged, facts);
        self.statistics.spent += before.elapsed();
        match answer {
            Ok(mut answer) => {
                self.lines.spend(&self.name, facts.now, &mut answer.effects);
                self.reasons.admit(&mut answer.decision.reason);
                answer
            }
            Err(failure) => self.failed(&failure),
        }
    }

    /// What is to happen to a stanza beyond the limits: nobody could judge it, so it counts as a failure.
    pub fn refuse(&mut self, kind: StanzaKind, excess: Excess) -> Option<Answer> {
        let concerned = match &self.state {
            _ if !self.is_in_force() => false,
            State::Running(running) => wanted_kind(&running.wants, kind),
            _ => true,
        };
        let denied = concerned && self.on_error == OnError::Deny;
        denied.then(|| refusal(ErrorType::Modify, excess.reason(), EXCESS)).inspect(|answer| self.count(answer))
    }

    /// Counts the answer that was acted upon.
    pub fn count(&mut self, answer: &Answer) {
        let counter = match answer.decision.verdict {
            _ if answer.is_failure => &mut self.statistics.failure,
            Verdict::Pass if answer.edits.is_empty() => &mut self.statistics.pass,
            Verdict::Pass => &mut self.statistics.edit,
            Verdict::Drop => &mut self.statistics.drop,
            Verdict::Bounce(_) => &mut self.statistics.bounce,
        };
        *counter += 1;
    }

    fn ask(
        &mut self,
        engine: &Engine,
        passage: Passage,
        judged: &Rc<Judged>,
        facts: &Facts,
    ) -> Result<Answer, Failure> {
        let State::Running(running) = &mut self.state else { return Err(Failure::Setup("it is not loaded".into())) };
        let sender = sender(passage, &judged.stanza);
        if running.backoff.waits_for(sender, Instant::now()) {
            return Err(Failure::Quarantine);
        }
        let answer = running.instance(engine, facts)?.decide(engine, passage, judged, facts);
        if answer.is_err() {
            running.instance = None;
            running.backoff.failed_for(sender, Instant::now());
        }
        answer
    }

    /// The answer when there is none.
    fn failed(&mut self, failure: &Failure) -> Answer {
        if matches!(self.state, State::Running(_)) && *failure != Failure::Quarantine {
            self.last_failure = Some(failure.to_string());
        }
        match self.on_error {
            OnError::Pass => answer(Verdict::Pass, failure.reason()),
            OnError::Deny if matches!(self.state, State::Running(_)) => {
                refusal(ErrorType::Wait, failure.reason(), CLOSED)
            }
            OnError::Deny => refusal(ErrorType::Wait, "closed", CLOSED),
        }
    }
}

impl Running {
    /// The instance, made again after a failure.
    fn instance(&mut self, engine: &Engine, facts: &Facts) -> Result<&mut Instance, Failure> {
        if self.instance.is_none() {
            let made = self.policy.instantiate(engine, &self.keys, facts.now);
            self.instance = Some(made.inspect_err(|_| self.backoff.failed(Instant::now()))?);
        }
        self.instance.as_mut().ok_or(Failure::Quarantine)
    }

    /// Does it wait for its next try?
    pub fn is_quarantined(&self) -> bool {
        self.backoff.waits(Instant::now())
    }
}

/// Who answers for a stanza: one of our users, or all of another server, which can make up as many as it likes.
fn sender(passage: Passage, stanza: &Stanza) -> &str {
    let from = stanza.root().attribute("from").unwrap_or_default();
    let bare = from.split_once('/').map_or(from, |(bare, _)| bare);
    match passage.source {
        Party::Remote | Party::Component => bare.rsplit_once('@').map_or(bare, |(_, host)| host),
        Party::User | Party::Room | Party::Service => bare,
    }
}

fn refusal(error_type: ErrorType, reason: &str, text: &str) -> Answer {
    let bounce = Bounce { error_type, condition: ErrorCondition::PolicyViolation, text: text.into() };
    answer(Verdict::Bounce(bounce), reason)
}

/// An answer in place of a policy's.
fn answer(verdict: Verdict, reason: &str) -> Answer {
    Answer { is_failure: true, ..Answer::of(verdict, reason) }
}
