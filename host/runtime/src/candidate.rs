//! A generation that is tried beside the live one: as a shadow, which decides nothing, or as a canary, which decides
//! for a share of the users.

use std::sync::Arc;
use std::time::Instant;

use prosody_stanza::Stanza;
use sha2::{Digest, Sha256};

use crate::bindings::{Direction, Party, Passage};
use crate::comparison::{Comparison, Observation};
use crate::engine::Engine;
use crate::facts::Facts;
use crate::failure::{Failure, Kind};
use crate::generation::{Generation, bare};
use crate::instance::Answer;
use crate::probation::Probation;
use crate::question::Question;
use crate::session::Judged;

/// What a candidate is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// It decides beside the live generation, and nothing comes of it.
    Shadow,
    /// It decides for this share of the users, 0 to 1.
    Canary {
        /// The share.
        share: f64,
    },
}

/// A candidate.
pub struct Candidate {
    /// The generation.
    pub generation: Generation,
    /// What it is for.
    pub role: Role,
    /// What a shadow would have decided otherwise.
    pub comparison: Comparison,
    /// How a canary does.
    pub watch: Probation,
}

impl Candidate {
    /// One that begins now. A shadow may use `budget` seconds of each second.
    pub fn new(mut generation: Generation, role: Role, watch: Probation, budget: f64, samples: usize) -> Self {
        if role == Role::Shadow {
            generation.limit_to(budget);
        }
        Self { generation, role, comparison: Comparison::new(samples), watch }
    }

    /// Does it decide about this stanza? The same for all stanzas of a user, whatever the candidate.
    pub fn decides(&self, policy: &str, passage: Passage, stanza: &Stanza) -> bool {
        match self.role {
            Role::Shadow => false,
            Role::Canary { share } => place(policy, user(passage, stanza)) < share,
        }
    }

    /// What a shadow says beside the live generation. `None` when it is not one, both do not want the stanza, or it
    /// has used up its share of time: it is the first to be left out.
    pub fn observe(
        &mut self,
        engine: &Engine,
        question: Question,
        again: bool,
        judged: &Arc<Judged>,
        facts: &Facts,
        live: Option<&Answer>,
    ) -> Option<Observation> {
        let is_wanted = self.generation.wants(question, again, &judged.stanza);
        if self.role != Role::Shadow || (!is_wanted && live.is_none()) {
            return None;
        }
        let before = Instant::now();
        // Only notes about files go by the name, and a shadow is not asked about these.
        let answer = is_wanted.then(|| self.generation.ask(engine, "", question, judged, facts, before));
        if matches!(&answer, Some(Err(Failure { kind: Kind::OverBudget, .. }))) {
            self.comparison.shed += 1;
            return None;
        }
        let spent = before.elapsed();
        let answer = answer.map(|answer| answer.map(|answer| Answer { spent, ..answer }));
        let user = user(question.passage, &judged.stanza);
        Some(self.comparison.observe(question, &judged.stanza, user, live, answer))
    }
}

/// The user of ours whom a stanza concerns: who sends it, or gets it from elsewhere.
fn user(passage: Passage, stanza: &Stanza) -> &str {
    let is_sent = passage.direction == Direction::Outgoing || passage.destination == Party::Room;
    bare(stanza, if is_sent { "from" } else { "to" })
}

/// Where a user stands between 0 and 1: not to be guessed from the address, the same after a restart.
fn place(policy: &str, user: &str) -> f64 {
    let digest = Sha256::digest([policy.as_bytes(), b"\0", user.as_bytes()].concat());
    let [first, second, third, fourth, ..] = digest.as_slice() else { return 0.0 };
    f64::from(u32::from_be_bytes([*first, *second, *third, *fourth])) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_spread_evenly_and_stay_where_they_are() {
        let users = |share: f64| -> Vec<u32> {
            (0..10_000).filter(|number| place("e2ee", &format!("user{number}@example.org")) < share).collect()
        };
        let (few, more) = (users(0.05), users(0.2));
        assert!((400..600).contains(&few.len()), "{}", few.len());
        assert!((1_800..2_200).contains(&more.len()), "{}", more.len());
        assert!(few.iter().all(|user| more.contains(user)), "who is in stays in");
        assert_eq!((users(0.0).len(), users(1.0).len()), (0, 10_000));
        assert_eq!(few, users(0.05));
    }
}
