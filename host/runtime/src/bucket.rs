//! Processor time that comes back: a share of each second, saved up for a while, out of which several take.
//!
//! Whoever takes without end would empty the bucket for everybody. So as soon as less than half is left, what each
//! taker takes is noted, and he may go on while that is less than what is left: one alone leaves half of that half to
//! the others, two of them a third. With the time that comes back, all that was noted shrinks alike.

use std::time::{Duration, Instant};

use crate::limits;

/// All times are seconds; what is left is negative after somebody took more than there was.
#[derive(Debug)]
pub struct Bucket {
    share: f64,
    most: f64,
    left: f64,
    filled: Instant,
    /// While less than half is left: who took the other part of that half.
    takers: Vec<Taker>,
}

#[derive(Debug)]
struct Taker {
    name: String,
    taken: f64,
}

impl Bucket {
    /// A share of each second, 0 to 1, of which so many seconds' worth can be saved up. It begins full.
    pub fn new(share: f64, saved: Duration) -> Self {
        let most = share * saved.as_secs_f64();
        Self { share, most, left: most, filled: Instant::now(), takers: Vec::new() }
    }

    /// So many milliseconds of each second. A burst takes at most a tenth of that, and one call more.
    pub fn of_decisions(milliseconds: u32) -> Self {
        Self::new(f64::from(milliseconds) / 1_000.0, limits::BUDGET_SAVED)
    }

    /// May this one take something now?
    pub fn allows(&mut self, taker: &str, now: Instant) -> bool {
        self.fill(now);
        self.left > self.taken_by(taker)
    }

    /// So many seconds were taken.
    pub fn take(&mut self, name: &str, taken: f64) {
        self.left -= taken;
        let noted = taken.min(self.missing());
        if noted <= 0.0 {
            return;
        }
        match self.takers.iter_mut().find(|taker| taker.name == name) {
            Some(taker) => taker.taken += noted,
            None => self.takers.push(Taker { name: name.to_owned(), taken: noted }),
        }
        self.forget_the_least();
    }

    /// What is left; negative when more was taken than there was.
    pub fn left(&self) -> f64 {
        self.left
    }

    /// What is noted of this one.
    pub fn taken_by(&self, name: &str) -> f64 {
        self.takers.iter().find(|taker| taker.name == name).map_or(0.0, |taker| taker.taken)
    }

    /// What has come back until now.
    pub fn fill(&mut self, now: Instant) {
        let missing = self.missing();
        let gained = now.saturating_duration_since(self.filled).as_secs_f64() * self.share;
        (self.left, self.filled) = ((self.left + gained).min(self.most), now);
        if !self.takers.is_empty() {
            let shrunk = (1.0 - gained / missing).max(0.0);
            self.takers.iter_mut().for_each(|taker| taker.taken *= shrunk);
            self.takers.retain(|taker| taker.taken > NOTHING);
        }
    }

    /// Nothing has come back until now.
    pub fn stand_still(&mut self, now: Instant) {
        self.filled = now;
    }

    /// What is missing to half of it.
    fn missing(&self) -> f64 {
        self.most / 2.0 - self.left
    }

    /// Who makes up names pushes out those that took the least, never himself.
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
    fn flood(bucket: &mut Bucket, senders: &[&str], milliseconds: u32) -> Vec<f64> {
        let mut got = vec![0.0; senders.len()];
        for tenth in 0..milliseconds * 10 {
            let now = bucket.filled + Duration::from_micros(100);
            let index = tenth as usize % senders.len();
            if bucket.allows(senders[index], now) {
                bucket.take(senders[index], 0.1 * MILLISECOND);
                got[index] += 0.1;
            }
        }
        got
    }

    #[test]
    fn a_burst_and_then_its_share() {
        let mut bucket = Bucket::of_decisions(200);
        let start = bucket.filled;
        let mut at_once = 0;
        while bucket.allows(&format!("user{at_once}"), start) {
            bucket.take(&format!("user{at_once}"), 4.9 * MILLISECOND);
            at_once += 1;
        }
        assert_eq!(at_once, 5, "20 ms, and one call more");
        assert!(!bucket.allows("other", start + Duration::from_millis(22)));
        assert!(bucket.allows("other", start + Duration::from_millis(23)), "4.5 ms are back");
        assert!(bucket.allows("other", start + Duration::from_secs(3_600)));
        assert!((bucket.left - 20.0 * MILLISECOND).abs() < NOTHING, "no more than there was: {}", bucket.left);
    }

    #[test]
    fn who_floods_leaves_something_to_the_others() {
        for (senders, left) in [(&["mallory"][..], 5.0), (&["mallory", "oscar"], 3.3), (&["a", "b", "c", "d"], 2.0)] {
            let mut bucket = Bucket::of_decisions(200);
            let got: f64 = flood(&mut bucket, senders, 1_000).iter().sum();
            assert!((210.0..=220.0).contains(&got), "nothing is wasted: {got}");
            assert!((bucket.left / MILLISECOND - left).abs() < 0.3, "{senders:?}: {}", bucket.left);
            let now = bucket.filled;
            assert!(bucket.allows("alice", now), "{senders:?}");
        }
    }

    #[test]
    fn who_has_waited_is_a_sender_like_any_other() {
        let mut bucket = Bucket::of_decisions(200);
        flood(&mut bucket, &["mallory"], 1_000);
        let later = bucket.filled + Duration::from_millis(30);
        assert!(bucket.allows("mallory", later));
        assert!(bucket.takers.is_empty(), "{bucket:?}");
    }

    #[test]
    fn two_share_alike() {
        let mut bucket = Bucket::of_decisions(200);
        let got = flood(&mut bucket, &["mallory", "oscar"], 1_000);
        assert!((got[0] - got[1]).abs() < 2.0, "{got:?}");
    }

    #[test]
    fn who_makes_up_senders_pushes_out_nobody_who_took_more() {
        let mut bucket = Bucket::of_decisions(1_000);
        let start = bucket.filled;
        bucket.take("mallory", 75.0 * MILLISECOND);
        (0..1_000).for_each(|number| bucket.take(&format!("user{number}"), 0.01 * MILLISECOND));
        assert_eq!(bucket.takers.len(), limits::BUDGET_SENDERS);
        assert!(!bucket.allows("mallory", start) && bucket.allows("alice", start));
    }

    #[test]
    fn none_is_none_and_all_is_all() {
        assert!(!Bucket::new(0.0, Duration::from_secs(1)).allows("alice", Instant::now()));
        let mut all = Bucket::of_decisions(1_000);
        let got: f64 = flood(&mut all, &["alice"], 1_000).iter().sum();
        assert!((got - 1_000.0).abs() < 0.5, "{got}");
    }
}
