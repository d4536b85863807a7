//! What an operator is shown of the failures of a policy: the last one, and how many there were.

use std::fmt;

use crate::failure::Failure;

/// The last failure of the policy in a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastFailure {
    /// What it was.
    pub failure: Failure,
    /// At which hook, by its interface.
    pub hook: &'static str,
    /// When, in seconds since 1970-01-01 UTC.
    pub at: u64,
    /// How many there were, with this one, since the generation came into force.
    pub count: u64,
}

impl fmt::Display for LastFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.failure.sentence())
    }
}
