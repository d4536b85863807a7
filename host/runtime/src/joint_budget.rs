//! How much processor time all policies of the server may use together.
//!
//! Each has a budget of its own, but ten that use theirs up leave nothing of a second, and one policy in ten hosts is ten of
//! them. So what they take is taken out of one more bucket, too. What senders are for the bucket of a policy, policies are for
//! this one: nothing is added to that of a policy while it took more than what is left here. Nobody is refused for that: who
//! then has to wait, the policy's own bucket says, and who sends little is not among them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::budget::Budget;
use crate::limits;

/// The time of all policies of an engine.
#[derive(Debug)]
pub struct JointBudget {
    budget: Mutex<Budget>,
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
        Self { budget: Mutex::new(Budget::of_decisions(limits::JOINT_BUDGET)), parts: AtomicU64::default() }
    }
}

impl JointBudget {
    /// For a policy that may use so many milliseconds of each second. None, if its operator gives it more than all have together.
    pub fn part(self: &Arc<Self>, milliseconds: u32) -> Option<Part> {
        let number = self.parts.fetch_add(1, Ordering::Relaxed);
        (milliseconds <= limits::JOINT_BUDGET).then(|| Part { joint: Arc::clone(self), name: number.to_string() })
    }

    // What is in it are numbers, which are right whatever panicked.
    fn lock(&self) -> MutexGuard<'_, Budget> {
        self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Part {
    /// Does this policy's own bucket fill?
    pub fn fills(&self, now: Instant) -> bool {
        self.joint.lock().has_time_for(&self.name, now)
    }

    /// It has taken so many seconds.
    pub fn spend(&self, seconds: f64) {
        self.joint.lock().take(&self.name, seconds);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    struct Flood {
        seconds: f64,
        /// What those who misbehave took of that.
        taken: f64,
        /// How often others were not asked.
        refused: usize,
    }

    /// Policies are asked for twenty senders as often as may be, for calls of so many microseconds; and once in 20 ms another one
    /// is, for a tenth of a millisecond.
    fn flood(policies: usize, microseconds: u64) -> Flood {
        let joint = Arc::<JointBudget>::default();
        let start = Instant::now();
        let budget = || Budget::of_decisions(200).beside(joint.part(200));
        let mut budgets: Vec<_> = (0..policies).map(|_| budget()).collect();
        let (mut modest, call) = (budget(), microseconds as f64 / 1e6);
        let mut found = Flood { seconds: 0.0, taken: 0.0, refused: 0 };
        let mut asked = 0.0;
        for number in 0.. {
            let moment = |seconds| start + Duration::from_secs_f64(seconds);
            let sender = format!("user{}", number % 20);
            for budget in &mut budgets {
                if budget.allows(&sender, moment(found.seconds)) {
                    budget.take(&sender, call);
                    (found.seconds, found.taken) = (found.seconds + call, found.taken + call);
                }
            }
            if found.seconds - asked >= 0.02 {
                asked = found.seconds;
                found.refused += usize::from(!modest.allows("alice", moment(asked)));
                modest.take("alice", 0.000_1);
            }
            found.seconds += 0.000_1;
            if found.seconds > 20.0 {
                break;
            }
        }
        found
    }

    #[test]
    fn all_together_leave_most_of_each_second_and_harm_nobody_who_takes_little() {
        let share = f64::from(limits::JOINT_BUDGET) / 1_000.0;
        for (policies, microseconds) in [(3, 4_900), (10, 4_900), (10, 100), (20, 1_000), (30, 4_900)] {
            let found = flood(policies, microseconds);
            // Each has its bucket full at the start, and one call more.
            let most = share * found.seconds + policies as f64 * 0.025;
            let said = format!("{policies} of {microseconds} µs took {} of {} s", found.taken, found.seconds);
            assert!(found.taken <= most, "{said}");
            assert!(found.taken >= 0.9 * share * found.seconds, "nothing is wasted: {said}");
            assert_eq!(found.refused, 0, "{said}");
        }
    }

    #[test]
    fn one_alone_has_its_own() {
        let found = flood(1, 4_900);
        assert!((0.19..0.21).contains(&(found.taken / found.seconds)), "{}", found.taken);
    }

    #[test]
    fn who_is_given_more_has_no_part_in_it() {
        assert!(Arc::<JointBudget>::default().part(limits::JOINT_BUDGET + 1).is_none());
    }

    /// Who floods ten honest policies leaves something of each to the others.
    #[test]
    fn a_flood_through_honest_policies_closes_none_of_them() {
        let joint = Arc::<JointBudget>::default();
        let mut budgets: Vec<_> = (0..10).map(|_| Budget::of_decisions(200).beside(joint.part(200))).collect();
        let start = Instant::now();
        for number in 0..20_000 {
            let now = start + Duration::from_micros(500) * number;
            let sender = if number % 100 == 0 { "alice" } else { "mallory" };
            for (index, budget) in budgets.iter_mut().enumerate() {
                let is_asked = budget.allows(sender, now);
                assert!(is_asked || sender == "mallory", "{number}, policy {index}");
                if is_asked {
                    budget.take(sender, 0.000_1);
                }
            }
        }
    }
}
