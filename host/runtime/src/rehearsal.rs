//! A policy that is asked outside of any server: a stanza in, everything that it answers out.

use std::sync::Arc;

use prosody_stanza::{Limits, Stanza};

use crate::bindings::Verdict;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::facts::Facts;
use crate::failure::Failure;
use crate::generation::Generation;
use crate::instance::Answer;
use crate::policy::Policy;
use crate::question::Question;
use crate::session::Judged;

/// The name under which the policy knows itself.
const NAME: &str = "policy";

/// A policy on its own, without a chain: nothing backs off, and nothing is answered in its place.
pub struct Rehearsal {
    generation: Generation,
}

/// What came of one question.
#[derive(Clone, Debug)]
pub struct Rehearsed {
    /// In the words of a [recording](crate::recording::Answered).
    pub verdict: &'static str,
    /// Why, as a word; `not-asked` when it does not want such stanzas.
    pub reason: String,
    /// What the sender reads when it is refused, or how the policy failed.
    pub text: Option<String>,
    /// The stanza after its edits, if it edited.
    pub edited: Option<Stanza>,
    /// What it asked for besides.
    pub effects: Vec<Effect>,
    /// The fuel it took, where fuel is counted.
    pub fuel: u64,
    /// How it failed, if it did.
    pub failure: Option<Failure>,
}

impl Rehearsal {
    /// Starts a policy.
    pub fn start(engine: &Engine, policy: Policy, now: u64) -> Result<Self, Failure> {
        Ok(Self { generation: Generation::start(engine, policy, now)? })
    }

    /// Asks it, if it wants to be asked.
    pub fn ask(&mut self, engine: &Engine, question: Question, facts: &Facts, stanza: Stanza) -> Rehearsed {
        if !self.generation.wants(question, false, &stanza) {
            return Rehearsed::of("pass", "not-asked");
        }
        let judged = Arc::new(Judged::new(stanza));
        match self.generation.judge(engine, NAME, question, &judged, facts) {
            Ok(answer) => Rehearsed { fuel: self.generation.fuel(), ..Rehearsed::answered(answer, &judged.stanza) },
            Err(failure) => Rehearsed::failed(failure),
        }
    }
}

impl Rehearsed {
    fn of(verdict: &'static str, reason: &str) -> Self {
        Self { verdict, reason: reason.into(), text: None, edited: None, effects: Vec::new(), fuel: 0, failure: None }
    }

    fn failed(failure: Failure) -> Self {
        let this = Self::of("failure", failure.reason());
        Self { text: Some(failure.to_string()), failure: Some(failure), ..this }
    }

    fn answered(answer: Answer, stanza: &Stanza) -> Self {
        let edited = (answer.decision.verdict == Verdict::Pass && !answer.edits.is_empty())
            .then(|| stanza.edited(&answer.edits, &Limits::default()).ok())
            .flatten();
        let text = match &answer.decision.verdict {
            Verdict::Bounce(bounce) => Some(bounce.text.clone()),
            Verdict::Pass | Verdict::Drop => None,
        };
        Self { text, edited, effects: answer.effects.clone(), ..Self::of(answer.word(), &answer.decision.reason) }
    }
}
