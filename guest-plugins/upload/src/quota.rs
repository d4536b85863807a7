//! How much a user may upload.

use prosody_policy::Usage;

use crate::refusal::Refusal;
use crate::settings::Rules;

/// Seconds after which to ask again when nobody knows when there is room.
const SOON: u32 = 60 * 60;

/// Why a file of this size may not be uploaded, or not now.
pub fn refusal(rules: &Rules, size: u64, usage: &Usage) -> Option<Refusal> {
    if let Some(limit) = rules.largest().filter(|limit| size > *limit) {
        return Some(Refusal::TooLarge(limit));
    }
    if usage.hour_slots >= rules.hourly {
        return Some(Refusal::Hour(usage.hour_ends.max(1)));
    }
    if exceeds(rules.daily_bytes, usage.day_bytes, size) {
        return Some(Refusal::Day(usage.day_ends.max(1)));
    }
    if exceeds(rules.user_bytes, usage.user_bytes, size) {
        return Some(Refusal::User(SOON));
    }
    exceeds(rules.total_bytes, usage.total_bytes, size).then_some(Refusal::Total(SOON))
}

fn exceeds(most: Option<u64>, used: u64, size: u64) -> bool {
    most.is_some_and(|most| used.checked_add(size).is_none_or(|sum| sum > most))
}
