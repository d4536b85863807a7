//! The operator's settings.

use std::collections::BTreeMap;

use prosody_policy::texts::Texts;
use prosody_policy::{Expiry, List, Slot};
use recognition::file::TAG;
use serde::Deserialize;

use crate::people::People;
use crate::types::Types;

/// Ten years.
const MOST_HOURS: u32 = 87_600;

/// The settings as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Who may upload: addresses, domains, `*.domain` (default: whom the server lets).
    who: List,
    /// Which types, as clients say: `image/png`, `image/*` (default: all).
    types: List,
    /// Bytes of a file (default: as the server says).
    size: Option<u64>,
    /// How many slots a user gets in an hour (default: 60).
    hourly: Option<u32>,
    /// Bytes for which a user gets slots in a day (default: as the server says).
    daily_bytes: Option<u64>,
    /// Bytes of a user that are kept; when there are as many, he has to wait (default: no limit).
    user_bytes: Option<u64>,
    /// Bytes of all users that are kept; when there are as many, all have to wait (default: no limit).
    total_bytes: Option<u64>,
    /// `random` (default), `bare`, `keep`.
    names: Option<String>,
    /// `encrypted` (default), `any`.
    content: Option<String>,
    /// For how long files are kept.
    expiry: Keeping,
    /// What somebody reads whose file is not encrypted, by language; and a `link` where to read more.
    texts: BTreeMap<String, String>,
}

/// For how long files are kept, as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Keeping {
    /// So many hours (default: no limit).
    hours: Option<u32>,
    /// While a user has no more bytes than this; the oldest go first (default: no limit).
    user_bytes: Option<u64>,
    /// While all users have no more bytes than this (default: no limit).
    total_bytes: Option<u64>,
}

/// The settings as they are used.
#[derive(Debug)]
pub struct Rules {
    /// Who may upload.
    pub who: People,
    /// Which types.
    pub types: Types,
    /// Bytes of a file.
    pub size: Option<u64>,
    /// Slots of a user in an hour.
    pub hourly: u32,
    /// Bytes of a user in a day.
    pub daily_bytes: Option<u64>,
    /// Bytes of a user.
    pub user_bytes: Option<u64>,
    /// Bytes of all users.
    pub total_bytes: Option<u64>,
    /// What is answered when a file may be uploaded.
    pub names: Slot,
    /// Is only ciphertext accepted?
    pub only_encrypted: bool,
    /// For how long files are kept.
    pub expiry: Expiry,
    /// What people read.
    pub texts: Texts,
}

impl Settings {
    /// Checks the settings; the error is for the operator.
    pub fn check(self) -> Result<Rules, String> {
        let rules = Rules {
            who: People::new(&self.who.entries())?,
            types: Types::new(&self.types.entries())?,
            size: bytes("size", self.size)?,
            hourly: number("hourly", self.hourly, (1, 10_000))?.unwrap_or(60),
            daily_bytes: bytes("daily_bytes", self.daily_bytes)?,
            user_bytes: bytes("user_bytes", self.user_bytes)?,
            total_bytes: bytes("total_bytes", self.total_bytes)?,
            names: names(self.names.as_deref())?,
            only_encrypted: only_encrypted(self.content.as_deref())?,
            expiry: self.expiry.check()?,
            texts: Texts::new(self.texts)?,
        };
        rules.check_limits()
    }
}

impl Keeping {
    fn check(self) -> Result<Expiry, String> {
        Ok(Expiry {
            hours: number("expiry.hours", self.hours, (1, MOST_HOURS))?,
            user_bytes: bytes("expiry.user_bytes", self.user_bytes)?,
            total_bytes: bytes("expiry.total_bytes", self.total_bytes)?,
        })
    }
}

impl Rules {
    /// What is larger could not be uploaded even if there were nothing else, or would be removed at once.
    pub fn largest(&self) -> Option<u64> {
        let Self { size, daily_bytes, user_bytes, total_bytes, expiry, .. } = self;
        [*size, *daily_bytes, *user_bytes, *total_bytes, expiry.user_bytes, expiry.total_bytes]
            .into_iter()
            .flatten()
            .min()
    }

    /// Two limits of one thing, of which the second could never be reached, are a mistake.
    fn check_limits(self) -> Result<Self, String> {
        let both = [
            ("user_bytes", self.user_bytes, self.expiry.user_bytes),
            ("total_bytes", self.total_bytes, self.expiry.total_bytes),
        ];
        match both.iter().find(|(_, refused, removed)| refused.zip(*removed).is_some()) {
            Some((name, ..)) => Err(format!(
                "`{name}` makes people wait, and `expiry.{name}` removes their oldest files instead: write one of them"
            )),
            None => Ok(self),
        }
    }
}

fn bytes(name: &str, set: Option<u64>) -> Result<Option<u64>, String> {
    match set {
        Some(number) if number < TAG => {
            Err(format!("`{name}` cannot be {number}: it is in bytes, and no encrypted file has fewer than {TAG}"))
        }
        set => Ok(set),
    }
}

fn number(name: &str, set: Option<u32>, (least, most): (u32, u32)) -> Result<Option<u32>, String> {
    match set {
        Some(number) if !(least..=most).contains(&number) => {
            Err(format!("`{name}` cannot be {number}: it is {least} to {most}"))
        }
        set => Ok(set),
    }
}

fn names(word: Option<&str>) -> Result<Slot, String> {
    match word {
        None | Some("random") => Ok(Slot::AllowRenamed),
        Some("bare") => Ok(Slot::AllowUnnamed),
        Some("keep") => Ok(Slot::Allow),
        Some(word) => Err(format!("`names` cannot be \"{word}\": it is \"random\", \"bare\" or \"keep\"")),
    }
}

fn only_encrypted(word: Option<&str>) -> Result<bool, String> {
    match word {
        None | Some("encrypted") => Ok(true),
        Some("any") => Ok(false),
        Some(word) => Err(format!("`content` cannot be \"{word}\": it is \"encrypted\" or \"any\"")),
    }
}
