//! Cases as rows: a stanza and a device, what its service is told, and why.

#![allow(dead_code, reason = "each test takes what it needs")]

use prosody_policy::testing;
use prosody_policy::{
    Admission, Device, Direction, Notification, Party, Passage, Push as Verdict, Registration, Ruling, StanzaKind,
};
use push::Push;
use serde::Deserialize;
use serde_json::Value;

/// The user of all cases.
pub const USER: &str = "b@x";
pub const SERVICE: &str = "push.x";

#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub settings: Option<Value>,
    #[serde(default = "asleep")]
    pub device: String,
    pub nickname: Option<String>,
    #[serde(default = "service")]
    pub service: String,
    pub source: Option<String>,
    pub xml: String,
    pub verdict: String,
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    pub id: String,
    pub settings: Option<Value>,
    #[serde(default = "service")]
    pub service: String,
    #[serde(default = "node")]
    pub node: String,
    #[serde(default)]
    pub others: u32,
    pub xml: String,
    pub verdict: String,
    pub reason: String,
}

fn asleep() -> String {
    "asleep".into()
}

fn service() -> String {
    SERVICE.into()
}

fn node() -> String {
    "phone".into()
}

/// The occasions to notify somebody.
pub fn cases() -> Vec<Case> {
    golden::rows("push", "cases")
}

/// The requests to register a device.
pub fn requests() -> Vec<Request> {
    golden::rows("push", "requests")
}

/// A policy with these settings; the usual ones are those of the cases.
pub fn policy(settings: Option<&Value>) -> Push {
    let settings = settings.map_or(r#"{"services":["push.x"]}"#.to_owned(), ToString::to_string);
    testing::configure(&settings).expect("settings")
}

pub fn registration(service: &str, node: &str, others: u32) -> Registration {
    Registration { user: USER.into(), service: service.into(), node: node.into(), others }
}

pub fn notification(case: &Case) -> Notification {
    let kind = match case.xml.get(..2) {
        Some("<m") => StanzaKind::Message,
        Some("<p") => StanzaKind::Presence,
        _ => StanzaKind::Iq,
    };
    let device = match case.device.as_str() {
        "gone" => Device::Gone,
        "asleep" => Device::Asleep,
        "awake" => Device::Awake,
        other => panic!("no such device: {other}"),
    };
    let source = if case.source.as_deref() == Some("service") { Party::Service } else { Party::Remote };
    Notification {
        passage: Passage { kind, direction: Direction::Incoming, source, destination: Party::User },
        registration: registration(&case.service, "phone", 0),
        device,
        nickname: case.nickname.clone(),
    }
}

pub fn notify(policy: &mut Push, case: &Case) -> (String, String) {
    let Ruling { verdict, reason } = testing::notify(policy, notification(case), &case.xml).decision;
    let word = match verdict {
        Verdict::Send(pause) => format!("send {pause}"),
        Verdict::Announce(pause) => format!("announce {pause}"),
        Verdict::Redact(pause) => format!("redact {pause}"),
        Verdict::Suppress => "suppress".into(),
    };
    (word, reason)
}

pub fn register(policy: &mut Push, registration: Registration, text: &str) -> Ruling<Admission> {
    testing::register(policy, registration, text).decision
}
