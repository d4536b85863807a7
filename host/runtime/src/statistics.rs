//! What a policy did and what it cost.

use std::time::Duration;

use crate::bindings::Verdict;
use crate::instance::Answer;
use crate::question::Hook;

/// Counters of one policy at one hook, since it was declared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Stanzas let through as they were.
    pub pass: u64,
    /// Stanzas let through after edits.
    pub edit: u64,
    /// Stanzas refused silently.
    pub drop: u64,
    /// Stanzas refused with an answer.
    pub bounce: u64,
    /// Stanzas judged by `on_error`, because the policy failed or is not there.
    pub failure: u64,
    /// Of these, those that it was not asked about because its processor time was used up.
    pub over_budget: u64,
    /// Time spent in the policy.
    pub spent: Duration,
}

impl Statistics {
    /// Counts an answer that was acted upon.
    pub(crate) fn count(&mut self, answer: &Answer) {
        self.over_budget += u64::from(answer.is_over_budget());
        let counter = match answer.decision.verdict {
            _ if answer.is_failure => &mut self.failure,
            Verdict::Pass if answer.edits.is_empty() => &mut self.pass,
            Verdict::Pass => &mut self.edit,
            Verdict::Drop => &mut self.drop,
            Verdict::Bounce(_) => &mut self.bounce,
        };
        *counter += 1;
    }
}

/// What a policy did, by hook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByHook([Statistics; Hook::INTERFACES.len()]);

impl ByHook {
    pub(crate) fn of(&mut self, hook: Hook) -> &mut Statistics {
        &mut self.0[hook.place()]
    }

    /// By interface, where it was asked at all.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Statistics)> {
        let all = Hook::INTERFACES.into_iter().zip(&self.0);
        all.filter(|(_, statistics)| **statistics != Statistics::default())
    }
}
