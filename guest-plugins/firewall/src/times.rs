//! Times of day and days of the week, at a fixed distance from UTC.

use crate::complaint::Complaint;

const DAY: u64 = 86_400;
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Days of the week from one to another, both included, over the end of the week if need be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    first: usize,
    last: usize,
}

/// Minutes of the day, from the first on and without the last, over midnight if need be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    first: u32,
    end: u32,
    /// Does the hour at which it ends come before that at which it begins?
    is_over_midnight: bool,
}

/// A moment at some place: the day of the week from Sunday on, and the minute of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    day: usize,
    minute: u32,
}

impl Moment {
    /// `now` in seconds since 1970, so many seconds from UTC.
    pub fn new(now: u64, offset: i64) -> Self {
        let local = now.saturating_add_signed(offset);
        // 1970 began on a Thursday.
        let day = usize::try_from((local / DAY + 4) % 7).unwrap_or_default();
        Self { day, minute: u32::try_from(local % DAY / 60).unwrap_or_default() }
    }
}

/// The seconds from UTC that `+02:00` means.
pub fn offset(text: &str) -> Option<i64> {
    let (sign, clock) =
        text.strip_prefix('-').map(|rest| (-1, rest)).or(text.strip_prefix('+').map(|rest| (1, rest)))?;
    let (hours, minutes) = clock.split_once(':').filter(|(hours, minutes)| hours.len() == 2 && minutes.len() == 2)?;
    let number = |digits: &str, most: i64| digits.parse::<i64>().ok().filter(|number| (0..=most).contains(number));
    Some(sign * (number(hours, 14)? * 3_600 + number(minutes, 59)? * 60))
}

impl Days {
    /// Reads `Sat-Sun, Wednesday`.
    pub fn list(text: &str) -> Result<Vec<Self>, Complaint> {
        pieces(text, |piece| {
            let (first, last) = piece.split_once('-').unwrap_or((piece, piece));
            let (first, last) = (day(first.trim())?, day(last.trim())?);
            Some(Self { first, last })
        })
        .map_err(|at| Complaint::new("this is not a day", "Write days like `Sat-Sun, Wednesday`").after(at))
    }

    /// Is the moment on one of them?
    pub fn has(self, Moment { day, .. }: Moment) -> bool {
        match self.last < self.first {
            true => day >= self.first || day <= self.last,
            false => (self.first..=self.last).contains(&day),
        }
    }
}

impl Hours {
    /// Reads `10pm-6am, 14:00-15:30`.
    pub fn list(text: &str) -> Result<Vec<Self>, Complaint> {
        pieces(text, |piece| {
            let (first, end) = piece.split_once('-')?;
            let (first, end) = (minute(first.trim())?, minute(end.trim())?);
            Some(Self { first, end, is_over_midnight: first / 60 > end / 60 })
        })
        .map_err(|at| {
            let hint = "Write times like `10pm-6am, 14:00-15:30`; days are for `DAY:`";
            Complaint::new("this is not a span of time", hint).after(at)
        })
    }

    /// Is the moment within?
    pub fn has(self, Moment { minute, .. }: Moment) -> bool {
        match self.is_over_midnight {
            true => minute >= self.first || minute < self.end,
            false => (self.first..self.end).contains(&minute),
        }
    }
}

/// What stands between commas; the error is the place of the first that is not understood.
fn pieces<T>(text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, usize> {
    let mut start = 0;
    let mut found = Vec::new();
    for piece in text.split(',') {
        if !piece.trim().is_empty() {
            let indent = piece.len() - piece.trim_start().len();
            found.push(read(piece.trim()).ok_or(start + indent)?);
        }
        start += piece.len() + 1;
    }
    if found.is_empty() { Err(0) } else { Ok(found) }
}

/// A day by its first three letters.
fn day(name: &str) -> Option<usize> {
    let start = name.get(..3)?.to_ascii_lowercase();
    DAYS.iter().position(|day| *day == start).filter(|_| name.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// A minute of the day: `6am`, `6:30 pm`, `18:30`.
fn minute(text: &str) -> Option<u32> {
    let text = text.to_ascii_lowercase();
    let half = |half: &str| text.strip_suffix(half).map(|clock| clock.trim_end().to_owned());
    let (clock, half) = match (half("am"), half("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (text, None),
    };
    let (hour, minute) = match clock.split_once(':') {
        Some((hour, minute)) => (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?),
        None => (half.and(clock.parse::<u32>().ok())?, 0),
    };
    let hour = half.map_or(hour, |half| hour % 12 + half);
    (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Wednesday, 2026-11-25, at this time.
    fn moment(hour: u64, minute: u64) -> Moment {
        Moment::new(1_795_564_800 + hour * 3_600 + minute * 60, 0)
    }

    #[test]
    fn days() {
        let is = |text: &str| Days::list(text).unwrap().iter().any(|days| days.has(moment(12, 0)));
        for (text, expected) in [
            ("Wed", true),
            ("wednesday", true),
            ("Sat-Sun, Wednesday", true),
            ("Mon-Fri", true),
            ("Sat-Sun", false),
            ("Sun-Sat", true),
            ("Fri - Tue", false),
            ("Thu-Wed", true),
        ] {
            assert_eq!(is(text), expected, "{text}");
        }
        for (wrong, at) in [("", 0), ("Sat, Foo", 5), ("We", 0), ("Sat-", 0), ("1", 0)] {
            assert_eq!(Days::list(wrong).unwrap_err().at, at, "{wrong}");
        }
    }

    #[test]
    fn hours() {
        for (text, hour, minute, expected) in [
            ("10pm-6am", 23, 0, true),
            ("10pm-6am", 5, 59, true),
            ("10pm-6am", 6, 0, false),
            ("10pm-6am", 21, 59, false),
            ("14:00-15:30", 15, 29, true),
            ("14:00-15:30", 15, 30, false),
            ("12am-9am, 5pm-12am", 17, 0, true),
            ("12am-9am, 5pm-12am", 9, 0, false),
            ("9:15 am - 9:45 am", 9, 15, true),
            ("9:45-9:15", 9, 30, false),
            ("12pm-1pm", 12, 30, true),
        ] {
            let found = Hours::list(text).unwrap().iter().any(|hours| hours.has(moment(hour, minute)));
            assert_eq!(found, expected, "{text} at {hour}:{minute}");
        }
        for (wrong, at) in [("5pm-12am, Saturday", 10), ("5-6", 0), ("25:00-26:00", 0), ("1:60-2:00", 0)] {
            assert_eq!(Hours::list(wrong).unwrap_err().at, at, "{wrong}");
        }
    }

    #[test]
    fn places() {
        let offsets = [
            ("+02:00", Some(7_200)),
            ("-05:30", Some(-19_800)),
            ("+00:00", Some(0)),
            ("2", None),
            ("+2:00", None),
            ("+15:00", None),
            ("+-1:00", None),
        ];
        for (text, expected) in offsets {
            assert_eq!(offset(text), expected, "{text}");
        }
        assert_eq!(Moment::new(1_795_564_800, -3_600), Moment { day: 2, minute: 23 * 60 });
        assert_eq!(Moment::new(0, -3_600), Moment { day: 4, minute: 0 });
    }
}
