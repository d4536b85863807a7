//! How much processor time a policy may use, by itself and among all of them.
//!
//! A policy that takes almost its limit for each stanza never fails, and takes the whole event loop with it. So its
//! calls take their time out of a [bucket](Bucket), of which each sender has a part, and while it is empty the policy is not asked.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::bucket::Bucket;
use crate::joint_budget::{JointBudget, Part};
use crate::processor::Meter;

/// The time of one policy.
#[derive(Debug)]
pub struct Budget {
    bucket: Bucket,
    meter: Meter,
    /// Of the time of all policies.
    part: Option<Part>,
}

impl Budget {
    /// So many milliseconds of each second, among those of all policies.
    pub fn new(milliseconds: u32, joint: &Arc<JointBudget>) -> Self {
        Self { bucket: Bucket::of_decisions(milliseconds), meter: Meter::default(), part: joint.part(milliseconds) }
    }

    /// So many seconds' worth of another share of each second, from now on.
    pub fn limit_to(&mut self, share: f64, saved: Duration) {
        (self.bucket, self.meter) = (Bucket::new(share, saved), Meter::default());
    }

    /// A call for this sender would begin now: may it?
    pub fn allows(&mut self, sender: &str, now: Instant) -> bool {
        self.begin(now);
        if !self.part.as_ref().is_none_or(|part| part.fills(now)) {
            self.bucket.stand_still(now);
        }
        self.bucket.allows(sender, now)
    }

    /// A call begins.
    pub fn begin(&mut self, now: Instant) {
        self.meter.begin(now);
    }

    /// A call for this sender has taken so long.
    pub fn spend(&mut self, sender: &str, spent: Duration) {
        let taken = self.meter.used(spent).as_secs_f64();
        self.take(sender, taken);
    }

    fn take(&mut self, sender: &str, seconds: f64) {
        if let Some(part) = &self.part {
            part.spend(seconds);
        }
        self.bucket.take(sender, seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits;

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
        let budget = || Budget::new(200, &joint);
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

    /// Who floods ten honest policies leaves something of each to the others.
    #[test]
    fn a_flood_through_honest_policies_closes_none_of_them() {
        let joint = Arc::<JointBudget>::default();
        let mut budgets: Vec<_> = (0..10).map(|_| Budget::new(200, &joint)).collect();
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
