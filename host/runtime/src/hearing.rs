//! What the policies said about one stanza.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use prosody_stanza::edit::Edit;
use prosody_stanza::{Excess, Limits, Stanza};

use crate::bindings::{Bounce, ErrorCondition, ErrorType, Verdict};
use crate::comparison::Observation;
use crate::instance::Answer;
use crate::session::Judged;

/// The answers about one stanza so far.
pub struct Hearing {
    /// The stanza as it stands.
    pub judged: Arc<Judged>,
    /// By slot, in the order in which they were given.
    pub answers: Vec<(usize, Answer)>,
    /// The edits so far, in rounds.
    pub edits: Vec<Vec<Edit>>,
    /// By slot, what shadows said: of the last time the slot was asked.
    pub observations: BTreeMap<usize, Observation>,
    /// The time as it was when the last answer was there: reading the clock takes as long as a look-up.
    pub clock: Instant,
}

impl Hearing {
    /// Of that many policies.
    pub fn new(stanza: Stanza, policies: usize) -> Self {
        Self {
            judged: Arc::new(Judged::new(stanza)),
            answers: Vec::with_capacity(policies),
            edits: Vec::new(),
            observations: BTreeMap::new(),
            clock: Instant::now(),
        }
    }

    /// Takes an answer. True when it is a refusal.
    pub fn take(&mut self, index: usize, mut answer: Answer) -> bool {
        answer.effects.iter_mut().for_each(|effect| effect.asked_after(&self.edits));
        if !answer.edits.is_empty() {
            match self.judged.stanza.edited(&answer.edits, &Limits::default()) {
                Ok(edited) => {
                    self.judged = Arc::new(Judged::new(edited));
                    self.edits.push(answer.edits.clone());
                }
                Err(excess) => answer = grown(excess),
            }
            self.clock = Instant::now();
        }
        let is_refusal = answer.decision.verdict != Verdict::Pass;
        self.answers.push((index, answer));
        is_refusal
    }

    /// Whose edit was the last one?
    pub fn last_editor(&self) -> Option<usize> {
        self.answers.iter().rev().find(|(_, answer)| !answer.edits.is_empty()).map(|(index, _)| *index)
    }

    /// Takes the answer of a policy about the final stanza, in place of the one it may have given before; its
    /// earlier edits stay made. True when it is a refusal: then it is the last word.
    pub fn replace(&mut self, index: usize, answer: Answer) -> bool {
        let mut answer = if answer.edits.is_empty() { answer } else { disagreement() };
        answer.effects.iter_mut().for_each(|effect| effect.asked_after(&self.edits));
        let is_refusal = answer.decision.verdict != Verdict::Pass;
        let before = self.answers.iter().position(|(other, _)| *other == index);
        if let Some(position) = before {
            answer.edits = self.answers.remove(position).1.edits;
        }
        match (is_refusal, before) {
            (false, Some(position)) => self.answers.insert(position, (index, answer)),
            _ => self.answers.push((index, answer)),
        }
        is_refusal
    }
}

fn grown(excess: Excess) -> Answer {
    refusal(excess.reason(), "A rule of this server made this message too large to be delivered.")
}

/// The answer when a policy that was asked again wants to edit again.
fn disagreement() -> Answer {
    refusal("policies-disagree", "The rules of this server do not agree on this message, so it was not delivered.")
}

fn refusal(reason: &str, text: &str) -> Answer {
    let bounce =
        Bounce { error_type: ErrorType::Wait, condition: ErrorCondition::InternalServerError, text: text.into() };
    Answer::of(Verdict::Bounce(bounce), reason)
}
