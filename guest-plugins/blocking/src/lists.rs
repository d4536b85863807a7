//! How large block lists may be, and how often they change.

use prosody_policy::{Admission, Bounce, Change, ErrorCondition, ErrorType, Ruling, clock, rates::Rates};

use crate::settings::Limits;
use crate::texts::{self, Say};

const HOUR: u64 = 60 * 60;

/// How often users changed their lists.
#[derive(Debug)]
pub struct Lists {
    limits: Limits,
    changes: Rates,
}

impl Lists {
    /// Nobody changed anything yet.
    pub fn new(limits: Limits) -> Self {
        Self { limits, changes: Rates::new(HOUR) }
    }

    /// May the list be changed? Only what is allowed counts for the hour.
    pub fn admit(&mut self, change: &Change, language: Option<&str>) -> Ruling<Admission> {
        let Limits { size, batch, hourly } = self.limits;
        let now = clock::now();
        if change.count > batch {
            return refuse("batch", ErrorType::Modify, Say::Batch(batch), language);
        }
        // What is on the list already counts as well: which of them are, only the server knows.
        if change.is_blocking && change.blocked.saturating_add(change.count) > size {
            return refuse("full", ErrorType::Cancel, Say::Full(size), language);
        }
        if self.changes.lately(&change.user, now).0 >= hourly {
            return refuse("rate", ErrorType::Wait, Say::Rate, language);
        }
        self.changes.count(&change.user, now);
        Ruling::new(Admission::Allow, if change.is_blocking { "block" } else { "unblock" })
    }

    /// For a successor.
    pub fn save(&self, state: &mut Vec<u8>) {
        self.changes.save(state);
    }

    /// Takes it over from the beginning of `rest`.
    pub fn restore(&mut self, rest: &mut &[u8]) -> Option<()> {
        self.changes.restore(rest)
    }
}

fn refuse(reason: &str, error_type: ErrorType, say: Say, language: Option<&str>) -> Ruling<Admission> {
    let text = texts::say(say, language);
    let bounce = Bounce { error_type, condition: ErrorCondition::ResourceConstraint, text };
    Ruling::new(Admission::Refuse(bounce), reason)
}
