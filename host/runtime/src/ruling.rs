//! The answers of all hooks in one form, so that a chain can compare them and nobody has to ask which hook it was.

use crate::bindings::{
    Bounce, Decision, ErrorCondition, ErrorType, Place, Verdict, archive_policy, blocklist_policy, carbons_policy,
    delivery_policy, keys_policy, push_policy, room_policy, upload_policy,
};
use crate::failure::Failure;
use crate::limits;

/// What a policy ruled. `drop` and `bounce` are what refuses in each hook: not delivered, not kept, not copied, nobody
/// told.
pub struct Ruling {
    pub decision: Decision,
    pub manner: Manner,
    /// Seconds between two notifications of one device.
    pub pause: u32,
    /// What would make a refusal an acceptance.
    pub remedy: Option<Remedy>,
    /// What it noted about a file, of which a piece has come.
    pub notes: Vec<u8>,
}

/// What would make a refusal an acceptance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// A file of at most so many bytes.
    Size(u64),
    /// To ask again in so many seconds.
    Wait(u32),
}

/// How what passes is to pass, from the widest to the narrowest.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Manner {
    /// Wider than the server would: keys are opened, a room is exempted.
    Opened,
    /// As the server would do it.
    #[default]
    Usual,
    /// Less far or later: kept in memory only, copied to encrypting devices only, held, announced by a constant text,
    /// uploaded under a random name that ends as before.
    Limited,
    /// Held, in the place of what is held under this key.
    Replacing(String),
    /// Announced without any text, uploaded under a random name.
    Redacted,
}

impl Manner {
    /// As a word, unless it is the usual one.
    pub fn word(&self) -> Option<&'static str> {
        match self {
            Self::Opened => Some("opened"),
            Self::Usual => None,
            Self::Limited => Some("limited"),
            Self::Replacing(_) => Some("replacing"),
            Self::Redacted => Some("redacted"),
        }
    }
}

impl Ruling {
    fn new(verdict: Verdict, manner: Manner, reason: String) -> Self {
        Self { decision: Decision { verdict, reason }, manner, pause: 0, remedy: None, notes: Vec::new() }
    }

    /// Out of bounds is a failure: a key that is cut could be another's.
    pub fn checked(self) -> Result<Self, Failure> {
        match &self.manner {
            Manner::Replacing(key) if key.len() > limits::DELIVERY_KEY => {
                Err(Failure::reply("its key for older stanzas is longer than 4,096 bytes"))
            }
            _ if self.notes.len() > limits::NOTES => {
                Err(Failure::reply("its notes about a file are longer than 8,192 bytes"))
            }
            _ if matches!(self.remedy, Some(Remedy::Wait(seconds)) if seconds > limits::RETRY) => {
                Err(Failure::reply("it lets an upload be tried again in more than a year"))
            }
            _ if self.pause > limits::PUSH_PAUSE => {
                Err(Failure::reply("its pause between notifications is longer than 86,400 seconds"))
            }
            _ => Ok(self),
        }
    }

    /// What was ruled about keeping a message at this place. Only what waits for a user can wait in memory, and only
    /// then is there a sender who should be told.
    pub fn about(place: Place, archive_policy::Ruling { verdict, reason }: archive_policy::Ruling) -> Self {
        let is_offline = place == Place::Offline;
        let (verdict, manner) = match verdict {
            archive_policy::Verdict::Keep => (Verdict::Pass, Manner::Usual),
            archive_policy::Verdict::Memory if is_offline => (Verdict::Pass, Manner::Limited),
            archive_policy::Verdict::Refuse(bounce) if is_offline => (Verdict::Bounce(bounce), Manner::Usual),
            _ => (Verdict::Drop, Manner::Usual),
        };
        Self::new(verdict, manner, reason)
    }
}

impl From<Decision> for Ruling {
    fn from(Decision { verdict, reason }: Decision) -> Self {
        Self::new(verdict, Manner::Usual, reason)
    }
}

impl From<carbons_policy::Ruling> for Ruling {
    fn from(carbons_policy::Ruling { verdict, reason }: carbons_policy::Ruling) -> Self {
        let (verdict, manner) = match verdict {
            carbons_policy::Verdict::Copy => (Verdict::Pass, Manner::Usual),
            carbons_policy::Verdict::CopyToEncrypting => (Verdict::Pass, Manner::Limited),
            carbons_policy::Verdict::Skip => (Verdict::Drop, Manner::Usual),
        };
        Self::new(verdict, manner, reason)
    }
}

impl From<delivery_policy::Ruling> for Ruling {
    fn from(delivery_policy::Ruling { verdict, reason }: delivery_policy::Ruling) -> Self {
        let (verdict, manner) = match verdict {
            delivery_policy::Verdict::Deliver => (Verdict::Pass, Manner::Usual),
            delivery_policy::Verdict::Hold => (Verdict::Pass, Manner::Limited),
            delivery_policy::Verdict::ReplaceOlder(key) => (Verdict::Pass, Manner::Replacing(key)),
            delivery_policy::Verdict::Discard => (Verdict::Drop, Manner::Usual),
        };
        Self::new(verdict, manner, reason)
    }
}

impl From<push_policy::AdmissionRuling> for Ruling {
    fn from(push_policy::AdmissionRuling { verdict, reason }: push_policy::AdmissionRuling) -> Self {
        let verdict = match verdict {
            push_policy::Admission::Allow => Verdict::Pass,
            push_policy::Admission::Refuse(bounce) => Verdict::Bounce(bounce),
        };
        Self::new(verdict, Manner::Usual, reason)
    }
}

impl From<push_policy::Ruling> for Ruling {
    fn from(push_policy::Ruling { verdict, reason }: push_policy::Ruling) -> Self {
        let (verdict, manner, pause) = match verdict {
            push_policy::Verdict::Send(pause) => (Verdict::Pass, Manner::Usual, pause),
            push_policy::Verdict::Announce(pause) => (Verdict::Pass, Manner::Limited, pause),
            push_policy::Verdict::Redact(pause) => (Verdict::Pass, Manner::Redacted, pause),
            push_policy::Verdict::Suppress => (Verdict::Drop, Manner::Usual, 0),
        };
        Self { pause, ..Self::new(verdict, manner, reason) }
    }
}

impl From<upload_policy::SlotRuling> for Ruling {
    fn from(upload_policy::SlotRuling { verdict, reason }: upload_policy::SlotRuling) -> Self {
        use upload_policy::{Retry, SlotVerdict, TooLarge};
        let (verdict, manner, remedy) = match verdict {
            SlotVerdict::Allow => (Verdict::Pass, Manner::Usual, None),
            SlotVerdict::AllowRenamed => (Verdict::Pass, Manner::Limited, None),
            SlotVerdict::AllowUnnamed => (Verdict::Pass, Manner::Redacted, None),
            SlotVerdict::Refuse(bounce) => (Verdict::Bounce(bounce), Manner::Usual, None),
            SlotVerdict::RefuseSize(TooLarge { limit, text }) => {
                (Verdict::Bounce(unacceptable(text)), Manner::Usual, Some(Remedy::Size(limit)))
            }
            SlotVerdict::RefuseNow(Retry { seconds, text }) => {
                let (error_type, condition) = (ErrorType::Wait, ErrorCondition::ResourceConstraint);
                let bounce = Bounce { error_type, condition, text };
                (Verdict::Bounce(bounce), Manner::Usual, Some(Remedy::Wait(seconds)))
            }
        };
        Self { remedy, ..Self::new(verdict, manner, reason) }
    }
}

impl From<upload_policy::ContentRuling> for Ruling {
    fn from(upload_policy::ContentRuling { verdict, notes, reason }: upload_policy::ContentRuling) -> Self {
        let verdict = match verdict {
            upload_policy::ContentVerdict::Accept => Verdict::Pass,
            upload_policy::ContentVerdict::Refuse(text) => Verdict::Bounce(unacceptable(text)),
        };
        Self { notes, ..Self::new(verdict, Manner::Usual, reason) }
    }
}

fn unacceptable(text: String) -> Bounce {
    Bounce { error_type: ErrorType::Modify, condition: ErrorCondition::NotAcceptable, text }
}

impl From<room_policy::Ruling> for Ruling {
    fn from(room_policy::Ruling { verdict, reason }: room_policy::Ruling) -> Self {
        let (verdict, manner) = match verdict {
            room_policy::Verdict::Exempt => (Verdict::Pass, Manner::Opened),
            room_policy::Verdict::Allow => (Verdict::Pass, Manner::Usual),
            room_policy::Verdict::Refuse(bounce) => (Verdict::Bounce(bounce), Manner::Usual),
        };
        Self::new(verdict, manner, reason)
    }
}

impl From<keys_policy::Ruling> for Ruling {
    fn from(keys_policy::Ruling { verdict, reason }: keys_policy::Ruling) -> Self {
        let (verdict, manner) = match verdict {
            keys_policy::Verdict::Open => (Verdict::Pass, Manner::Opened),
            keys_policy::Verdict::AsConfigured => (Verdict::Pass, Manner::Usual),
            keys_policy::Verdict::Refuse => (Verdict::Drop, Manner::Usual),
        };
        Self::new(verdict, manner, reason)
    }
}

impl From<blocklist_policy::Ruling> for Ruling {
    fn from(blocklist_policy::Ruling { verdict, reason }: blocklist_policy::Ruling) -> Self {
        let verdict = match verdict {
            blocklist_policy::Verdict::Allow => Verdict::Pass,
            blocklist_policy::Verdict::Refuse(bounce) => Verdict::Bounce(bounce),
        };
        Self::new(verdict, Manner::Usual, reason)
    }
}
