//! The answers of all hooks in one form, so that a chain can compare them and nobody has to ask which hook it was.

use crate::bindings::{Bounce, Decision, Place, Verdict, archive_policy, carbons_policy};

/// What a policy ruled. `drop` and `bounce` are what refuses in each hook: not delivered, not kept, not copied.
pub struct Ruling {
    pub decision: Decision,
    /// Does it pass, but less far: kept in memory only, copied to encrypting devices only?
    pub is_limited: bool,
}

impl From<Decision> for Ruling {
    fn from(decision: Decision) -> Self {
        Self { decision, is_limited: false }
    }
}

impl From<carbons_policy::Ruling> for Ruling {
    fn from(carbons_policy::Ruling { verdict, reason }: carbons_policy::Ruling) -> Self {
        let (verdict, is_limited) = match verdict {
            carbons_policy::Verdict::Copy => (Verdict::Pass, false),
            carbons_policy::Verdict::CopyToEncrypting => (Verdict::Pass, true),
            carbons_policy::Verdict::Skip => (Verdict::Drop, false),
        };
        Self { decision: Decision { verdict, reason }, is_limited }
    }
}

impl Ruling {
    /// What was ruled about keeping a message at this place. Only what waits for a user can wait in memory, and only
    /// then is there a sender who should be told.
    pub fn about(place: Place, archive_policy::Ruling { verdict, reason }: archive_policy::Ruling) -> Self {
        let is_offline = place == Place::Offline;
        let (verdict, is_limited) = match verdict {
            archive_policy::Verdict::Keep => (Verdict::Pass, false),
            archive_policy::Verdict::Memory if is_offline => (Verdict::Pass, true),
            archive_policy::Verdict::Refuse(Bounce { error_type, condition, text }) if is_offline => {
                (Verdict::Bounce(Bounce { error_type, condition, text }), false)
            }
            _ => (Verdict::Drop, false),
        };
        Self { decision: Decision { verdict, reason }, is_limited }
    }
}
