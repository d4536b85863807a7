//! What a policy did and what it cost.

use std::time::Duration;

/// Counters of one policy and hook, since it was declared.
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
    /// Time spent in the policy.
    pub spent: Duration,
}

impl Statistics {
    /// How many stanzas it was asked about.
    pub fn calls(&self) -> u64 {
        self.pass + self.edit + self.drop + self.bounce + self.failure
    }
}
