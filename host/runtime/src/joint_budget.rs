//! How much processor time all policies of the server may use together.
//!
//! Each has a budget of its own, but ten that use theirs up leave nothing of a second, and one policy in ten hosts is ten of
//! them. So what they take is taken out of one more bucket, too. What senders are for the bucket of a policy, policies are for
//! this one: nothing is added to that of a policy while it took more than what is left here. Nobody is refused for that: who
//! then has to wait, the policy's own bucket says, and who sends little is not among them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::bucket::Bucket;
use crate::limits;

/// The time of all policies of an engine.
#[derive(Debug)]
pub struct JointBudget {
    bucket: Mutex<Bucket>,
    /// How many have had a part in it so far.
    parts: AtomicU64,
}

/// What one policy has to do with it.
#[derive(Debug)]
pub struct Part {
    joint: Arc<JointBudget>,
    name: String,
}

impl Default for JointBudget {
    fn default() -> Self {
        Self { bucket: Mutex::new(Bucket::of_decisions(limits::JOINT_BUDGET)), parts: AtomicU64::default() }
    }
}

impl JointBudget {
    /// For a policy that may use so many milliseconds of each second. None, if its operator gives it more than all have together.
    pub fn part(self: &Arc<Self>, milliseconds: u32) -> Option<Part> {
        let number = self.parts.fetch_add(1, Ordering::Relaxed);
        (milliseconds <= limits::JOINT_BUDGET).then(|| Part { joint: Arc::clone(self), name: number.to_string() })
    }

    // What is in it are numbers, which are right whatever panicked.
    fn lock(&self) -> MutexGuard<'_, Bucket> {
        self.bucket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Part {
    /// Does this policy's own bucket fill? While less was taken by it than is left here, or little.
    pub fn fills(&self, now: Instant) -> bool {
        let mut bucket = self.joint.lock();
        bucket.fill(now);
        let (taken, left) = (bucket.taken_by(&self.name), bucket.left());
        taken < left
            || taken < limits::JOINT_BUDGET_LITTLE.as_secs_f64() && -left < limits::JOINT_BUDGET_OWED.as_secs_f64()
    }

    /// It has taken so many seconds.
    pub fn spend(&self, seconds: f64) {
        self.joint.lock().take(&self.name, seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_given_more_has_no_part_in_it() {
        assert!(Arc::<JointBudget>::default().part(limits::JOINT_BUDGET + 1).is_none());
    }
}
