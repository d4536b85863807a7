//! Cases as rows: a stanza, what the server knows, what becomes of it, and why.

#![allow(dead_code, reason = "each test takes what it needs")]

use blocking::Blocking;
use prosody_policy::roster::Subscription;
use prosody_policy::standing::{Acquaintance, Entry};
use prosody_policy::testing::{self, Effect, Facts, Outcome};
use prosody_policy::{Change, Direction, Party, Passage, StanzaKind, Verdict};
use serde::Deserialize;
use serde_json::{Value, json};

/// A stanza for a user, or of one.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    pub id: String,
    pub settings: Option<Value>,
    /// Some of `blocked`, `contact`, `shared`, `outgoing`.
    #[serde(default)]
    pub known: Vec<String>,
    #[serde(default = "remote")]
    pub source: String,
    #[serde(default = "user")]
    pub destination: String,
    pub xml: String,
    pub verdict: String,
    pub reason: String,
}

/// A request to change a block list.
#[derive(Clone, Debug, Deserialize)]
pub struct Request {
    pub id: String,
    pub settings: Option<Value>,
    #[serde(default)]
    pub blocked: u32,
    pub xml: String,
    pub verdict: String,
    /// What the operator is told.
    pub told: Option<String>,
}

fn remote() -> String {
    "remote".into()
}

fn user() -> String {
    "user".into()
}

/// Stanzas on their way.
pub fn cases() -> Vec<Case> {
    golden::rows("blocking", "cases")
}

/// Requests.
pub fn requests() -> Vec<Request> {
    golden::rows("blocking", "requests")
}

/// A policy with these settings.
pub fn policy(settings: Option<&Value>) -> Blocking {
    testing::configure(&settings.unwrap_or(&json!({})).to_string()).expect("settings")
}

/// One whose `strangers` are treated like this.
pub fn policy_for_strangers(mode: &str) -> Blocking {
    policy(Some(&json!({ "strangers": mode })))
}

fn party(word: &str) -> Party {
    match word {
        "user" => Party::User,
        "remote" => Party::Remote,
        "component" => Party::Component,
        "room" => Party::Room,
        "service" => Party::Service,
        other => panic!("no such party: {other}"),
    }
}

/// Asks about a case.
pub fn ask(policy: &mut Blocking, case: &Case) -> Outcome {
    let knows = |word: &str| case.known.iter().any(|known| known == word);
    let kind = match case.xml.get(..2) {
        Some("<m") => StanzaKind::Message,
        Some("<p") => StanzaKind::Presence,
        _ => StanzaKind::Iq,
    };
    let entry = knows("contact").then(|| Entry { subscription: Subscription::None, groups: Vec::new() });
    testing::set_facts(Facts {
        subscription: Some(if knows("contact") { Subscription::Both } else { Subscription::None }),
        is_blocked: knows("blocked"),
        is_shared: knows("shared"),
        acquaintance: Acquaintance { entry, ..Acquaintance::default() },
        ..Facts::default()
    });
    let direction = if knows("outgoing") { Direction::Outgoing } else { Direction::Incoming };
    let passage = Passage { kind, direction, source: party(&case.source), destination: party(&case.destination) };
    testing::decide(policy, passage, &case.xml)
}

/// The verdict as a word.
pub fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Drop => "drop",
        Verdict::Bounce(_) => "bounce",
    }
}

/// Asks about a message of `from` to `to`, as it arrives.
pub fn receive(policy: &mut Blocking, from: &str, to: &str, inside: &str) -> Outcome {
    let xml = format!("<message type='chat' from='{from}' to='{to}'>{inside}</message>");
    ask(policy, &message("remote", "user", &[], xml))
}

/// Asks about what `from`, a user, sends to somebody on another server.
pub fn send(policy: &mut Blocking, xml: &str) -> Outcome {
    ask(policy, &message("user", "remote", &["outgoing"], xml.into()))
}

fn message(source: &str, destination: &str, known: &[&str], xml: String) -> Case {
    Case {
        id: String::new(),
        settings: None,
        known: known.iter().map(|word| (*word).to_owned()).collect(),
        source: source.into(),
        destination: destination.into(),
        xml,
        verdict: String::new(),
        reason: String::new(),
    }
}

/// Asks about a request of a user to block these.
pub fn block(
    policy: &mut Blocking,
    user: &str,
    addresses: &[&str],
) -> Outcome<prosody_policy::Ruling<prosody_policy::Admission>> {
    let items: String = addresses.iter().map(|address| format!("<item jid='{address}'/>")).collect();
    let xml =
        format!("<iq type='set' id='1' from='{user}/phone'><block xmlns='urn:xmpp:blocking'>{items}</block></iq>");
    testing::change(policy, change(user, &xml, 0), &xml)
}

/// What the host says of a request.
pub fn change(user: &str, xml: &str, blocked: u32) -> Change {
    let count = u32::try_from(xml.matches("<item").count()).expect("few");
    Change { user: user.into(), is_blocking: xml.contains("<block "), count, blocked }
}

/// The keys of one kind of effect.
pub fn held(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Hold(_))).count()
}
