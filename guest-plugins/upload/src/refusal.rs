//! Why a file may not be uploaded, in the terms of the protocol (XEP-0363 §4.1).

use prosody_policy::{Bounce, ErrorCondition, ErrorType, Slot};

use crate::texts;

/// Why a slot is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// This user may not.
    Who,
    /// Files of this type may not be.
    Type,
    /// No ciphertext is so short.
    TooShort,
    /// It is larger than so many bytes.
    TooLarge(u64),
    /// Too many slots within an hour; again in so many seconds.
    Hour(u32),
    /// Too many bytes within a day; again in so many seconds.
    Day(u32),
    /// The user has too much that is kept.
    User(u32),
    /// All users have.
    Total(u32),
}

impl Refusal {
    /// For logs.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::Type => "type",
            Self::TooShort => "too-short",
            Self::TooLarge(_) => "too-large",
            Self::Hour(_) => "hour",
            Self::Day(_) => "day",
            Self::User(_) => "user",
            Self::Total(_) => "total",
        }
    }

    /// For the client and whoever uses it.
    pub fn slot(self, language: Option<&str>) -> Slot {
        let text = texts::text(self, language);
        match self {
            Self::Who => {
                Slot::Refuse(Bounce { error_type: ErrorType::Auth, condition: ErrorCondition::Forbidden, text })
            }
            Self::Type | Self::TooShort => {
                Slot::Refuse(Bounce { error_type: ErrorType::Modify, condition: ErrorCondition::NotAcceptable, text })
            }
            Self::TooLarge(limit) => Slot::RefuseSize { limit, text },
            Self::Hour(seconds) | Self::Day(seconds) | Self::User(seconds) | Self::Total(seconds) => {
                Slot::RefuseNow { seconds, text }
            }
        }
    }
}
