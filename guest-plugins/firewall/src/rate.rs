//! How much is too much: buckets that fill with time, as Prosody's `util.throttle` has them.

use crate::complaint::Complaint;
use crate::recent::Recent;

/// A limit as it is defined.
#[derive(Clone, Debug, PartialEq)]
pub struct Rate {
    /// So many in a second.
    per_second: f64,
    /// In so many seconds the rate has to be kept.
    burst: f64,
    /// So many buckets, if there is one for each value of an expression.
    pub entries: usize,
    /// When there are so many: is the oldest forgotten, even if it is in use?
    is_overflowing: bool,
}

/// What somebody may still do, and when that was reckoned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// How often.
    pub balance: f64,
    /// When, in seconds.
    pub time: u64,
}

/// Buckets that are remembered when nothing else is said.
const ENTRIES: usize = 1_000;

impl Rate {
    /// Reads `2 (burst 3) (entries 4096) (allow overflow)`.
    pub fn new(text: &str) -> Result<Self, Complaint> {
        let flawed = |what| Complaint::new(what, "Write it like `2 (burst 3)`: 2 in a second, reckoned over 3 seconds");
        let option = |name: &str| options(text).find_map(|option| option.strip_prefix(name).map(str::trim));
        let number = |text: Option<&str>, default: f64| text.map_or(Ok(default), str::parse::<f64>);
        let per_second = first_number(text).ok_or_else(|| flawed("this is not a rate"))?;
        let burst = number(option("burst "), 1.0).ok().filter(|burst| *burst > 0.0 && burst.is_finite());
        let entries = option("entries ").map_or(Ok(ENTRIES), str::parse::<usize>).ok().filter(|entries| *entries > 0);
        Ok(Self {
            per_second,
            burst: burst.ok_or_else(|| flawed("the burst is not a number of seconds"))?,
            entries: entries.ok_or_else(|| flawed("the number of entries is not a number"))?,
            is_overflowing: options(text).any(|option| option == "allow overflow"),
        })
    }

    fn most(&self) -> f64 {
        self.per_second * self.burst
    }

    /// A full bucket.
    pub fn bucket(&self, time: u64) -> Bucket {
        Bucket { balance: self.most(), time }
    }

    /// Takes out of a bucket of another rate what is too much for this one.
    pub fn narrow(&self, bucket: &mut Bucket) {
        bucket.balance = bucket.balance.min(self.most());
    }

    /// Takes one out of a bucket; false if there is none. As in Prosody it is only filled when it is empty.
    pub fn take(&self, bucket: &mut Bucket, now: u64) -> bool {
        if bucket.balance < 1.0 {
            self.fill(bucket, now);
        }
        let is_enough = bucket.balance >= 1.0;
        bucket.balance -= f64::from(u8::from(is_enough));
        is_enough
    }

    fn fill(&self, bucket: &mut Bucket, now: u64) {
        let passed = u32::try_from(now.saturating_sub(bucket.time)).unwrap_or(u32::MAX);
        bucket.balance = (bucket.balance + self.per_second * f64::from(passed)).min(self.most());
        bucket.time = now;
    }

    /// Takes one out of the bucket of a name. When there are too many names, the oldest goes, but only if its bucket is full.
    pub fn take_of(&self, buckets: &mut Recent<Bucket>, name: u128, now: u64) -> bool {
        if let Some(bucket) = buckets.get_mut(name) {
            return self.take(bucket, now);
        }
        if let Some(oldest) = buckets.next_to_go().filter(|_| !self.is_overflowing) {
            self.fill(oldest, now);
            if oldest.balance < self.most() {
                return false;
            }
        }
        let mut bucket = self.bucket(now);
        let is_enough = self.take(&mut bucket, now);
        buckets.set(name, bucket);
        is_enough
    }
}

/// What stands in brackets.
fn options(text: &str) -> impl Iterator<Item = &str> {
    text.split('(').skip(1).filter_map(|rest| rest.split_once(')')).map(|(option, _)| option.trim())
}

fn first_number(text: &str) -> Option<f64> {
    let is_digit = |character: char| character.is_ascii_digit() || character == '.';
    let start = text.find(is_digit)?;
    let number = &text[start..];
    number[..number.find(|character| !is_digit(character)).unwrap_or(number.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_read() {
        let read = |text| Rate::new(text).map(|rate| (rate.per_second, rate.burst, rate.entries, rate.is_overflowing));
        assert_eq!(read("2"), Ok((2.0, 1.0, 1_000, false)));
        assert_eq!(read("0.5 (burst 3.5) (entries 40) (allow overflow)"), Ok((0.5, 3.5, 40, true)));
        assert_eq!(read("2 ( burst 3 )"), Ok((2.0, 3.0, 1_000, false)));
        for wrong in ["", "fast", "1.2.3", "2 (burst x)", "2 (burst 0)", "2 (entries 0)", "2 (entries x)"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn fill_with_time() {
        let rate = Rate::new("2 (burst 3)").unwrap();
        let mut bucket = rate.bucket(100);
        let taken = |bucket: &mut Bucket, now| (0..10).filter(|_| rate.take(bucket, now)).count();
        assert_eq!([taken(&mut bucket, 100), taken(&mut bucket, 101), taken(&mut bucket, 200)], [6, 2, 6]);
        // A clock that was set back lets nobody do more, and locks nobody out for longer than one that was not.
        assert_eq!([taken(&mut bucket, 10), taken(&mut bucket, 12)], [0, 4]);
        let slow = Rate::new("0.1").unwrap();
        assert!(
            !slow.take(&mut slow.bucket(0), 1_000),
            "a bucket for less than one is never full enough, as in Prosody"
        );
    }

    #[test]
    fn are_remembered_by_name() {
        for (text, third) in [("1 (burst 2) (entries 2)", false), ("1 (burst 2) (entries 2) (allow overflow)", true)] {
            let rate = Rate::new(text).unwrap();
            let mut buckets = Recent::new(rate.entries);
            let mut take = |name, now| rate.take_of(&mut buckets, name, now);
            assert_eq!([take(1, 0), take(1, 0), take(1, 0), take(2, 0)], [true, true, false, true]);
            assert_eq!(take(3, 0), third, "{text}");
            assert!(take(3, 2), "what is full again may be forgotten");
        }
    }
}
