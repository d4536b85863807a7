//! A generation that is tried beside the live one: as a shadow, which decides nothing, or as a canary, which decides
//! for a share of the users.

use std::sync::Arc;
use std::time::{Duration, Instant};

use prosody_stanza::Stanza;
use sha2::{Digest, Sha256};

use crate::bindings::{Direction, Party, Passage};
use crate::comparison::{Comparison, Observation};
use crate::engine::Engine;
use crate::facts::Facts;
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
    budget: Budget,
}

impl Candidate {
    /// One that begins now. A shadow may use `budget` seconds of each second.
    pub fn new(generation: Generation, role: Role, watch: Probation, budget: f64, samples: usize) -> Self {
        let budget = Budget::new(budget);
        Self { generation, role, comparison: Comparison::new(samples), watch, budget }
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
        if is_wanted && !self.budget.allows(before) {
            self.comparison.shed += 1;
            return None;
        }
        // Only notes about files go by the name, and a shadow is not asked about these.
        let answer = is_wanted.then(|| self.generation.ask(engine, "", question, judged, facts));
        let spent = before.elapsed();
        self.budget.spend(spent);
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

/// A share of time, saved up for at most a second.
struct Budget {
    share: f64,
    saved: Duration,
    filled: Instant,
}

impl Budget {
    /// What is no number is no time.
    fn new(share: f64) -> Self {
        let share = share.max(0.0).min(1.0);
        Self { share, saved: Duration::from_secs_f64(share), filled: Instant::now() }
    }

    fn allows(&mut self, now: Instant) -> bool {
        let earned = now.saturating_duration_since(self.filled).as_secs_f64() * self.share;
        let saved = (self.saved.as_secs_f64() + earned).min(self.share);
        (self.saved, self.filled) = (Duration::from_secs_f64(saved), now);
        !self.saved.is_zero()
    }

    fn spend(&mut self, spent: Duration) {
        self.saved = self.saved.saturating_sub(spent);
    }
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

    #[test]
    fn a_share_of_time_is_all_there_is() {
        let mut budget = Budget::new(0.1);
        let start = budget.filled;
        assert!(budget.allows(start));
        budget.spend(Duration::from_millis(100));
        assert!(!budget.allows(start));
        assert!(budget.allows(start + Duration::from_millis(10)));
        assert_eq!(budget.saved, Duration::from_millis(1));
        budget.spend(Duration::from_millis(5));
        assert!(!budget.allows(start + Duration::from_millis(10)));
        assert!(budget.allows(start + Duration::from_secs(60)));
        assert_eq!(budget.saved, Duration::from_millis(100));
        for nothing in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            assert!(!Budget::new(nothing).allows(Instant::now()), "{nothing}");
        }
        assert_eq!(Budget::new(f64::INFINITY).share, 1.0);
    }
}
