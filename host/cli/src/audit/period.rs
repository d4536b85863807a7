//! Periods: `--retention 36h`, and ages in a table.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const UNITS: [(char, u64); 5] = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)];

/// Two clocks may differ by so many seconds: a day, as that of a restored folder's machine may.
const CLOCK_ERROR: f64 = 86_400.0;

/// Reads `36h` or `2d`.
pub fn parse(text: &str) -> Result<Duration, String> {
    let seconds = UNITS.iter().find_map(|(letter, unit)| {
        let number = text.strip_suffix(*letter)?;
        number.parse::<u32>().ok().map(|number| u64::from(number) * unit)
    });
    let seconds = seconds.filter(|seconds| *seconds > 0);
    seconds.map(Duration::from_secs).ok_or_else(|| format!("\"{text}\" is not a period like 36h or 2d"))
}

/// An age for people: the two largest units.
pub fn words(seconds: f64) -> String {
    let mut rest = seconds.max(0.0) as u64;
    let mut words = Vec::new();
    for (letter, unit) in [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)] {
        if rest >= unit {
            words.push(format!("{}{letter}", rest / unit));
            rest %= unit;
        }
    }
    words.truncate(2);
    if words.is_empty() { "0s".to_owned() } else { words.join(" ") }
}

/// What is now, and how long anything may be kept.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    now: f64,
    longest: f64,
}

impl Retention {
    pub fn new(now: SystemTime, longest: Duration) -> Self {
        Self { now: seconds(now), longest: longest.as_secs_f64() }
    }

    /// Seconds since something. What is said to be from the future has no age that anybody knows.
    pub fn age(&self, when: f64) -> Option<f64> {
        (when <= self.now + CLOCK_ERROR).then(|| (self.now - when).max(0.0))
    }

    /// Nobody can say of what has no age that it is not too old.
    pub fn is_too_old(&self, when: f64) -> bool {
        self.age(when).is_none_or(|age| age > self.longest)
    }

    pub fn seconds(&self) -> u64 {
        self.longest as u64
    }
}

/// A moment as Prosody stores it.
pub fn seconds(moment: SystemTime) -> f64 {
    moment.duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64())
}

/// Reads the moment of a stamp (XEP-0082), which is always in UTC where Prosody writes it: `2026-11-25T14:40:00Z`.
pub fn stamp(text: &str) -> Option<f64> {
    let field = |start: usize, length: usize| text.get(start..start + length)?.parse::<u32>().ok();
    let (year, month, day) = (field(0, 4)?, field(5, 2)?, field(8, 2)?);
    let of_day = field(11, 2)? * 3_600 + field(14, 2)? * 60 + field(17, 2)?;
    let is_date = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    is_date.then(|| f64::from(days(year, month, day)) * 86_400.0 + f64::from(of_day))
}

/// Days since 1970 in the Gregorian calendar; the year is counted from March, so that the day that comes and goes is last.
fn days(year: u32, month: u32, day: u32) -> u32 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_periods() {
        for (text, expected) in
            [("36h", Some(129_600)), ("2d", Some(172_800)), ("1w", Some(604_800)), ("90m", Some(5_400))]
        {
            assert_eq!(parse(text).ok().map(|period| period.as_secs()), expected, "{text}");
        }
        for refused in ["", "2", "d", "2 days", "-1d", "0h", "99999999999d", "2D"] {
            assert!(parse(refused).unwrap_err().contains("is not a period"), "{refused}");
        }
    }

    #[test]
    fn says_ages() {
        for (seconds, expected) in [(0.0, "0s"), (61.0, "1m 1s"), (90_000.0, "1d 1h"), (86_400.5, "1d"), (-5.0, "0s")] {
            assert_eq!(words(seconds), expected);
        }
    }

    #[test]
    fn compares_ages() {
        let retention = Retention::new(UNIX_EPOCH + Duration::from_secs(200_000), Duration::from_secs(172_800));
        assert!(retention.is_too_old(27_199.0));
        assert!(!retention.is_too_old(27_201.0) && !retention.is_too_old(286_399.0));
        assert_eq!([199_999.0, 286_399.0, 286_401.0].map(|when| retention.age(when)), [Some(1.0), Some(0.0), None]);
        assert!(retention.is_too_old(286_401.0) && retention.is_too_old(f64::NAN));
    }

    #[test]
    fn reads_stamps() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0.0)),
            ("2000-02-29T12:30:15Z", Some(951_827_415.0)),
            ("2026-11-25T14:40:00Z", Some(1_795_617_600.0)),
            ("2026-13-25T14:40:00Z", None),
            ("yesterday", None),
        ] {
            assert_eq!(stamp(text), expected, "{text}");
        }
    }
}
