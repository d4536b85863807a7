//! The operator's settings.

use std::collections::BTreeMap;

use prosody_policy::texts::Texts;
use serde::Deserialize;

/// The settings as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How long anything is kept: `"36h"`, `"2d"` (default), at most `"30d"`.
    retention: Option<Text>,
    /// Are messages of users archived, if they are wanted (default: true)?
    archive: Option<bool>,
    /// Have rooms a history (default: true)?
    rooms: Option<bool>,
    /// Do messages wait for users who are offline (default: true)?
    offline: Option<bool>,
    /// Is OMEMO without a text kept in archives and rooms as well?
    key_transport: bool,
    /// What becomes of a readable message for somebody who is offline: `refuse` (default), `memory`.
    offline_plaintext: Option<String>,
    /// What a sender reads whose message was refused, by language; and a `link` where to read more.
    texts: BTreeMap<String, String>,
}

/// A duration as it is written; a bare number could be hours or seconds.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "write a text like \"36h\" or \"2d\"")]
enum Text {
    Text(String),
    Number(u64),
}

/// What becomes of a readable message for somebody who is offline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plaintext {
    /// The sender is told.
    Refuse,
    /// It waits in memory, never on a disk.
    Memory,
}

/// The settings as they are used.
#[derive(Debug)]
pub struct Rules {
    /// Hours.
    pub retention: u32,
    /// Are messages of users archived, if they are wanted?
    pub archive: bool,
    /// Have rooms a history?
    pub rooms: bool,
    /// Do messages wait for users who are offline?
    pub offline: bool,
    /// Is OMEMO without a text kept in archives and rooms as well?
    pub key_transport: bool,
    /// What becomes of a readable message for somebody who is offline.
    pub plaintext: Plaintext,
    /// What people read.
    pub texts: Texts,
}

const DAY: u32 = 24;
const LONGEST: u32 = 30 * DAY;

impl Settings {
    /// Checks the settings; the error is for the operator.
    pub fn check(self) -> Result<Rules, String> {
        Ok(Rules {
            retention: self.retention.map_or(Ok(2 * DAY), Text::hours)?,
            archive: self.archive.unwrap_or(true),
            rooms: self.rooms.unwrap_or(true),
            offline: self.offline.unwrap_or(true),
            key_transport: self.key_transport,
            plaintext: plaintext(self.offline_plaintext.as_deref())?,
            texts: Texts::new(self.texts)?,
        })
    }
}

fn plaintext(word: Option<&str>) -> Result<Plaintext, String> {
    match word {
        None | Some("refuse") => Ok(Plaintext::Refuse),
        Some("memory") => Ok(Plaintext::Memory),
        Some(word) => Err(format!(
            "`offline_plaintext` cannot be \"{word}\": it is \"refuse\" or \"memory\"; readable messages are never kept \
             on a disk"
        )),
    }
}

impl Text {
    fn hours(self) -> Result<u32, String> {
        let text = match self {
            Self::Text(text) => text,
            Self::Number(number) => {
                return Err(format!("`retention` cannot be {number}: write the unit as well, \"{number}h\" or \"2d\""));
            }
        };
        let hours = hours(&text).map_err(|why| format!("`retention` cannot be \"{text}\": {why}"))?;
        match hours {
            0 => Err(format!(
                "`retention` cannot be \"{text}\": to keep nothing, set `archive`, `rooms` and `offline` to false"
            )),
            1..=LONGEST => Ok(hours),
            _ => Err(format!("`retention` cannot be \"{text}\": it is \"1h\" to \"30d\"")),
        }
    }
}

const HOW: &str = "write a whole number with h, d or w (\"36h\", \"2d\")";

fn hours(text: &str) -> Result<u32, &'static str> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let hours = match unit.trim_start() {
        "h" => 1,
        "d" => DAY,
        "w" => 7 * DAY,
        "m" | "s" => return Err("what is kept is removed by the hour, so write whole hours (\"2h\")"),
        _ => return Err(HOW),
    };
    let number = number.parse::<u16>().map_err(|_| HOW)?;
    Ok(hours * u32::from(number))
}
