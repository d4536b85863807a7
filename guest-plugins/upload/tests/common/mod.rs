//! Cases as rows: a request and how much there is already, or a file; what is answered, and why.

use prosody_policy::{Bounce, Content, Ruling, Slot, SlotRequest, Usage, testing};
use serde::Deserialize;
use serde_json::Value;
use upload::Upload;

/// A request for a slot.
#[derive(Debug, Deserialize)]
pub struct Request {
    pub id: String,
    pub settings: Option<Value>,
    #[serde(default = "user")]
    pub user: String,
    #[serde(default)]
    pub size: u64,
    #[serde(default, rename = "type")]
    pub content_type: String,
    /// Slots and seconds, bytes and seconds, bytes, bytes.
    #[serde(default)]
    pub usage: (u32, u32, u64, u32, u64, u64),
    pub verdict: String,
    pub reason: String,
}

fn user() -> String {
    "a@x".into()
}

/// A file: how it begins, and how many random bytes follow.
#[derive(Debug, Deserialize)]
pub struct File {
    pub id: String,
    pub settings: Option<Value>,
    #[serde(default)]
    pub begins: String,
    #[serde(default)]
    pub random: usize,
    pub verdict: String,
    pub reason: String,
}

pub fn policy(settings: Option<&Value>) -> Upload {
    testing::configure(&settings.map_or("{}".to_owned(), ToString::to_string)).expect("settings")
}

pub fn request(case: &Request) -> (String, String) {
    let (hour_slots, hour_ends, day_bytes, day_ends, user_bytes, total_bytes) = case.usage;
    let usage = Usage { hour_slots, hour_ends, day_bytes, day_ends, user_bytes, total_bytes };
    let (user, content_type) = (case.user.clone(), case.content_type.clone());
    let request = SlotRequest { user, name: "holiday.jpg".into(), size: case.size, content_type, usage };
    let Ruling { verdict, reason } = testing::request(&mut policy(case.settings.as_ref()), request).decision;
    let word = match verdict {
        Slot::Allow => "allow".into(),
        Slot::AllowRenamed => "allow-renamed".into(),
        Slot::AllowUnnamed => "allow-unnamed".into(),
        Slot::Refuse(Bounce { condition, .. }) => format!("refuse {condition:?}"),
        Slot::RefuseSize { limit, .. } => format!("refuse-size {limit}"),
        Slot::RefuseNow { seconds, .. } => format!("refuse-now {seconds}"),
    };
    (word, reason)
}

pub fn inspect(case: &File, piece: usize) -> (String, String) {
    let Ruling { verdict, reason } =
        testing::inspect(&mut policy(case.settings.as_ref()), &golden::file(&case.begins, case.random), piece);
    (if verdict == Content::Accept { "accept".into() } else { "refuse".into() }, reason)
}
