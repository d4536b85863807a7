//! One stanza, all policies of a host.
//!
//! Policies that edit are asked first, in the order of their names, then those that only judge. The first
//! refusal ends the chain: no policy can loosen another's verdict. Who was asked before somebody else's
//! edit is asked again about what will really be delivered.

use std::rc::Rc;

use prosody_stanza::edit::Edit;
use prosody_stanza::{Excess, Stanza};

use crate::bindings::{Passage, StanzaKind, Subscription, Verdict};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::failure::Failure;
use crate::hearing::Hearing;
use crate::instance::Answer;
use crate::interest::Interests;
use crate::permission::Permission;
use crate::policy::Policy;
use crate::session::Judged;
use crate::slot::{Mode, OnError, Slot, State};
use crate::store::KeyValues;

/// The policies of one Prosody host.
pub struct Chain {
    engine: Rc<Engine>,
    /// By name.
    slots: Vec<Slot>,
}

/// What the shim knows about the moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts {
    /// Seconds since 1970-01-01 UTC.
    pub now: u64,
    /// What the local user's roster says of the other party, if a policy may know.
    pub subscription: Option<Subscription>,
}

/// What is to happen to a stanza.
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The policy that refused or edited it, else the one that was asked last; `None` when nobody was.
    pub policy: Option<String>,
    /// Why, as a word.
    pub reason: String,
    /// The edits to make, in rounds: the numbers in each are those of the stanza after the round before.
    pub edits: Vec<Vec<Edit>>,
    /// What to do besides, with the policy that asked for it.
    pub effects: Vec<(String, Effect)>,
    /// The stanza after the edits, unless it was beyond the limits.
    stanza: Option<Rc<Judged>>,
}

impl Outcome {
    /// The stanza after the edits, unless it was beyond the limits.
    pub fn stanza(&self) -> Option<&Stanza> {
        self.stanza.as_deref().map(|judged| &judged.stanza)
    }

    fn pass() -> Self {
        Self {
            verdict: Verdict::Pass,
            policy: None,
            reason: "not-asked".into(),
            edits: Vec::new(),
            effects: Vec::new(),
            stanza: None,
        }
    }
}

impl Chain {
    /// A chain without policies: everything passes.
    pub fn new(engine: Rc<Engine>) -> Self {
        Self { engine, slots: Vec::new() }
    }

    /// Makes a place for a policy, or changes the terms of the one that is there. From now on, until it is
    /// filled, what it would judge is denied if it enforces.
    pub fn declare(&mut self, name: &str, on_error: OnError, mode: Mode) {
        match self.slots.binary_search_by(|slot| slot.name.as_str().cmp(name)) {
            Ok(index) => (self.slots[index].on_error, self.slots[index].mode) = (on_error, mode),
            Err(index) => self.slots.insert(index, Slot::new(name, on_error, mode)),
        }
    }

    /// Fills a place. On failure whatever was there goes on.
    pub fn install(&mut self, name: &str, policy: Policy, keys: KeyValues, now: u64) -> Result<(), Failure> {
        let engine = Rc::clone(&self.engine);
        let slot = self.slot_mut(name).ok_or(Failure::Setup(format!("no policy {name} was declared")))?;
        slot.install(&engine, policy, keys, now)
    }

    /// Sets the state of a place: a policy that was there is gone.
    pub fn set_state(&mut self, name: &str, state: State) {
        if let Some(slot) = self.slot_mut(name) {
            slot.state = state;
        }
    }

    /// Takes a place away: nothing is denied for it any more.
    pub fn remove(&mut self, name: &str) {
        self.slots.retain(|slot| slot.name != name);
    }

    /// All places, by name.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// What the policies together want of a kind of stanza.
    pub fn interests(&self, kind: StanzaKind) -> Interests {
        let mut interests = Interests::default();
        self.slots.iter().for_each(|slot| slot.add_interests(kind, &mut interests));
        interests
    }

    /// Does any policy have this permission?
    pub fn needs(&self, permission: Permission) -> bool {
        self.slots.iter().any(|slot| match &slot.state {
            State::Running(running) => running.policy.surface.permissions.contains(&permission),
            _ => false,
        })
    }

    /// What is to happen to a stanza. `again`: this chain judged it as outgoing already.
    pub fn decide(&mut self, stanza: Result<Stanza, Excess>, passage: Passage, again: bool, facts: &Facts) -> Outcome {
        match stanza {
            Ok(stanza) => self.judge(stanza, passage, again, facts),
            Err(excess) => self.refuse(passage.kind, excess),
        }
    }

    fn judge(&mut self, stanza: Stanza, passage: Passage, again: bool, facts: &Facts) -> Outcome {
        let mut hearing = Hearing::new(stanza);
        for index in self.order() {
            if !self.slots[index].wants(passage, again, &hearing.judged.stanza) {
                continue;
            }
            let answer = self.slots[index].decide(&self.engine, passage, &hearing.judged, facts);
            if hearing.take(index, answer) {
                return self.conclude(hearing);
            }
        }
        self.ask_again(&mut hearing, passage, again, facts);
        self.conclude(hearing)
    }

    /// The editors first.
    fn order(&self) -> Vec<usize> {
        let (mut order, judges): (Vec<_>, Vec<_>) = (0..self.slots.len()).partition(|index| self.slots[*index].edits());
        order.extend(judges);
        order
    }

    /// Asks those about the final stanza who came before the last edit of somebody else, whether they were
    /// interested then or not. They may only judge now: another edit would begin the round anew.
    fn ask_again(&mut self, hearing: &mut Hearing, passage: Passage, again: bool, facts: &Facts) {
        let Some(last) = hearing.last_editor() else { return };
        for index in self.order().into_iter().take_while(|index| *index != last) {
            if !self.slots[index].wants(passage, again, &hearing.judged.stanza) {
                continue;
            }
            let answer = self.slots[index].decide(&self.engine, passage, &hearing.judged, facts);
            if hearing.replace(index, answer) {
                return;
            }
        }
    }

    fn conclude(&mut self, hearing: Hearing) -> Outcome {
        let Hearing { judged, answers, edits } = hearing;
        for (index, answer) in &answers {
            self.slots[*index].count(answer);
        }
        let refused = answers.last().is_some_and(|(_, answer)| answer.decision.verdict != Verdict::Pass);
        let decisive = match refused {
            true => answers.last(),
            false => answers.iter().find(|(_, answer)| !answer.edits.is_empty()).or(answers.last()),
        };
        let Some((decisive, Answer { decision, .. })) = decisive else {
            return Outcome { stanza: Some(judged), ..Outcome::pass() };
        };
        Outcome {
            verdict: decision.verdict.clone(),
            policy: Some(self.slots[*decisive].name.clone()),
            reason: decision.reason.clone(),
            edits: if refused { Vec::new() } else { edits },
            effects: self.effects(&answers, refused),
            stanza: Some(judged),
        }
    }

    /// A refused stanza brings nobody messages, except from the policy that refused it.
    fn effects(&self, answers: &[(usize, Answer)], refused: bool) -> Vec<(String, Effect)> {
        let last = answers.len().saturating_sub(1);
        let wanted =
            |position: usize, effect: &Effect| !refused || position == last || !matches!(effect, Effect::Notify { .. });
        let effects = answers.iter().enumerate().flat_map(|(position, (index, answer))| {
            let effects = answer.effects.iter().filter(move |effect| wanted(position, effect));
            effects.map(move |effect| (self.slots[*index].name.clone(), effect.clone()))
        });
        effects.collect()
    }

    fn refuse(&mut self, kind: StanzaKind, excess: Excess) -> Outcome {
        let answers = self.slots.iter_mut().filter_map(|slot| Some((slot.name.clone(), slot.refuse(kind, excess)?)));
        match answers.last() {
            None => Outcome::pass(),
            Some((policy, Answer { decision, .. })) => {
                Outcome { verdict: decision.verdict, policy: Some(policy), reason: decision.reason, ..Outcome::pass() }
            }
        }
    }

    fn slot_mut(&mut self, name: &str) -> Option<&mut Slot> {
        self.slots.iter_mut().find(|slot| slot.name == name)
    }
}
