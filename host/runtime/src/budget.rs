//! How much processor time a policy may use: a share of each second, saved up for a while.
//!
//! A policy that takes almost its limit for each stanza never fails, and takes the whole event loop with it. So its
//! calls take their time out of a bucket that fills steadily, and while it is empty the policy is not asked.
//!
//! Whoever floods the server would empty the bucket for everybody. So as soon as less than half is left, what each
//! sender takes is noted, and he may go on while that is less than what is left: one alone leaves half of that half to
//! the others, two of them a third. With the time that comes back, all that was noted shrinks alike.

use std::time::{Duration, Instant};

use crate::joint_budget::Part;
use crate::limits;
use crate::processor::Meter;

/// The time of one policy. All times are seconds; what is left is negative after a call that took more than there was.
#[derive(Debug)]
pub struct Budget {
    share: f64,
    most: f64,
    left: f64,
    filled: Instant,
    /// While less than half is left: who took the other part of that half.
    takers: Vec<Taker>,
    meter: Meter,
    /// Of the time of all policies.
    part: Option<Part>,
}

#[derive(Debug)]
struct Taker {
    sender: String,
    taken: f64,
}

impl Budget {
    /// A share of each second, 0 to 1, of which so many seconds' worth can be saved up. It begins full.
    pub fn new(share: f64, saved: Duration) -> Self {
        let most = share * saved.as_secs_f64();
        let (takers, meter) = (Vec::new(), Meter::default());
        Self { share, most, left: most, filled: Instant::now(), takers, meter, part: None }
    }

    /// So many milliseconds of each second. A burst takes at most a tenth of that, and one call more.
    pub fn of_decisions(milliseconds: u32) -> Self {
        Self::new(f64::from(milliseconds) / 1_000.0, limits::BUDGET_SAVED)
    }

    /// It has this part in the time of all policies.
    pub fn beside(self, part: Option<Part>) -> Self {
        Self { part, ..self }
    }

    /// So many seconds' worth of another share of each second, from now on.
    pub fn limit_to(&mut self, share: f64, saved: Duration) {
        *self = Self::new(share, saved).beside(self.part.take());
    }

    /// A call for this sender would begin now: may it?
    pub fn allows(&mut self, sender: &str, now: Instant) -> bool {
        self.fill(now);
        self.begin(now);
        self.left > self.taken_by(sender)
    }

    /// Is there something for who took what this one took, or did he take little?
    pub fn has_time_for(&mut self, taker: &str, now: Instant) -> bool {
        self.fill(now);
        let (taken, owed) = (self.taken_by(taker), -self.left);
        taken < self.left
            || taken < limits::JOINT_BUDGET_LITTLE.as_secs_f64() && owed < limits::JOINT_BUDGET_OWED.as_secs_f64()
    }

    /// A call begins.
    pub fn begin(&mut self, now: Instant) {
        self.meter.begin(now);
    }

    /// A call for this sender has taken so long.
    pub fn spend(&mut self, sender: &str, spent: Duration) {
        self.take(sender, self.meter.used(spent).as_secs_f64());
    }

    /// So many seconds were taken for this sender.
    pub fn take(&mut self, sender: &str, taken: f64) {
        if let Some(part) = &self.part {
            part.spend(taken);
        }
        self.left -= taken;
        let noted = taken.min(self.missing());
        if noted <= 0.0 {
            return;
        }
        match self.takers.iter_mut().find(|taker| taker.sender == sender) {
            Some(taker) => taker.taken += noted,
            None => self.takers.push(Taker { sender: sender.to_owned(), taken: noted }),
        }
        self.forget_the_least();
    }

    /// What is missing to half of it.
    fn missing(&self) -> f64 {
        self.most / 2.0 - self.left
    }

    fn taken_by(&self, sender: &str) -> f64 {
        self.takers.iter().find(|taker| taker.sender == sender).map_or(0.0, |taker| taker.taken)
    }

    fn fill(&mut self, now: Instant) {
        let missing = self.missing();
        let share = if self.part.as_ref().is_none_or(|part| part.fills(now)) { self.share } else { 0.0 };
        let gained = now.saturating_duration_since(self.filled).as_secs_f64() * share;
        (self.left, self.filled) = ((self.left + gained).min(self.most), now);
        if !self.takers.is_empty() {
            let shrunk = (1.0 - gained / missing).max(0.0);
            self.takers.iter_mut().for_each(|taker| taker.taken *= shrunk);
            self.takers.retain(|taker| taker.taken > NOTHING);
        }
    }

    /// Who makes up senders pushes out those that took the least, never himself.
    fn forget_the_least(&mut self) {
        if self.takers.len() > limits::BUDGET_SENDERS
            && let Some((least, _)) =
                self.takers.iter().enumerate().min_by(|(_, one), (_, other)| one.taken.total_cmp(&other.taken))
        {
            self.takers.swap_remove(least);
        }
    }
}

/// A tenth of a microsecond: less than any call takes.
const NOTHING: f64 = 1e-7;

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: f64 = 0.001;

    /// Each sends as fast as he can for so many milliseconds, a call of 0.1 ms each; how much each got, in milliseconds.
    fn flood(budget: &mut Budget, senders: &[&str], milliseconds: u32) -> Vec<f64> {
        let mut got = vec![0.0; senders.len()];
        for tenth in 0..milliseconds * 10 {
            let now = budget.filled + Duration::from_micros(100);
            let index = tenth as usize % senders.len();
            if budget.allows(senders[index], now) {
                budget.take(senders[index], 0.1 * MILLISECOND);
                got[index] += 0.1;
            }
        }
        got
    }

    #[test]
    fn a_burst_and_then_its_share() {
        let mut budget = Budget::of_decisions(200);
        let start = budget.filled;
        let mut at_once = 0;
        while budget.allows(&format!("user{at_once}"), start) {
            budget.take(&format!("user{at_once}"), 4.9 * MILLISECOND);
            at_once += 1;
        }
        assert_eq!(at_once, 5, "20 ms, and one call more");
        assert!(!budget.allows("other", start + Duration::from_millis(22)));
        assert!(budget.allows("other", start + Duration::from_millis(23)), "4.5 ms are back");
        assert!(budget.allows("other", start + Duration::from_secs(3_600)));
        assert!((budget.left - 20.0 * MILLISECOND).abs() < NOTHING, "no more than there was: {}", budget.left);
    }

    #[test]
    fn who_floods_leaves_something_to_the_others() {
        for (senders, left) in [(&["mallory"][..], 5.0), (&["mallory", "oscar"], 3.3), (&["a", "b", "c", "d"], 2.0)] {
            let mut budget = Budget::of_decisions(200);
            let got: f64 = flood(&mut budget, senders, 1_000).iter().sum();
            assert!((210.0..=220.0).contains(&got), "nothing is wasted: {got}");
            assert!((budget.left / MILLISECOND - left).abs() < 0.3, "{senders:?}: {}", budget.left);
            let now = budget.filled;
            assert!(budget.allows("alice", now), "{senders:?}");
        }
    }

    #[test]
    fn who_has_waited_is_a_sender_like_any_other() {
        let mut budget = Budget::of_decisions(200);
        flood(&mut budget, &["mallory"], 1_000);
        let later = budget.filled + Duration::from_millis(30);
        assert!(budget.allows("mallory", later));
        assert!(budget.takers.is_empty(), "{budget:?}");
    }

    #[test]
    fn two_share_alike() {
        let mut budget = Budget::of_decisions(200);
        let got = flood(&mut budget, &["mallory", "oscar"], 1_000);
        assert!((got[0] - got[1]).abs() < 2.0, "{got:?}");
    }

    #[test]
    fn who_makes_up_senders_pushes_out_nobody_who_took_more() {
        let mut budget = Budget::of_decisions(1_000);
        let start = budget.filled;
        budget.take("mallory", 75.0 * MILLISECOND);
        (0..1_000).for_each(|number| budget.take(&format!("user{number}"), 0.01 * MILLISECOND));
        assert_eq!(budget.takers.len(), limits::BUDGET_SENDERS);
        assert!(!budget.allows("mallory", start) && budget.allows("alice", start));
    }

    #[test]
    fn none_is_none_and_all_is_all() {
        assert!(!Budget::new(0.0, Duration::from_secs(1)).allows("alice", Instant::now()));
        let mut all = Budget::of_decisions(1_000);
        let got: f64 = flood(&mut all, &["alice"], 1_000).iter().sum();
        assert!((got - 1_000.0).abs() < 0.5, "{got}");
    }
}
