//! Rows of rules and stanzas.
#![allow(dead_code, reason = "every test uses a part of it")]

use std::path::PathBuf;

use firewall::Firewall;
use prosody_policy::roster::Subscription;
use prosody_policy::standing::{Acquaintance, Entry};
use prosody_policy::testing::{self, Effect, Facts, Outcome};
use prosody_policy::{Direction, Party, Passage, StanzaKind, Verdict};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Rules, and what they do.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    id: String,
    #[serde(default)]
    rules: String,
    /// Settings besides the rules.
    #[serde(default)]
    settings: Value,
    /// `in` from or `out` to a `remote`, `user`, `room`, `service` or `component`.
    #[serde(default)]
    road: Option<String>,
    #[serde(default)]
    facts: Known,
    #[serde(default)]
    now: u64,
    #[serde(default)]
    xml: String,
    #[serde(default)]
    is: Vec<String>,
    /// Several stanzas, one after the other.
    #[serde(default)]
    steps: Vec<Step>,
}

/// One of several stanzas.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    #[serde(default)]
    now: u64,
    #[serde(default)]
    road: Option<String>,
    xml: String,
    is: Vec<String>,
}

/// What the server knows.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Known {
    /// The sender in the recipient's roster: `none`, `to`, `from`, `both`.
    entry: Option<String>,
    groups: Vec<String>,
    /// The recipient in the sender's roster.
    roster: Option<String>,
    asked: bool,
    connected: bool,
    greeted: bool,
    sender: Option<String>,
    recipient: Option<String>,
}

impl Row {
    /// Does it come out as it says?
    pub fn check(&self) -> Result<(), String> {
        let mut policy = policy(&self.rules, &self.settings).map_err(|error| format!("{}: {error}", self.id))?;
        testing::set_facts(self.facts.clone().into());
        if !self.xml.is_empty() {
            self.compare(&mut policy, self.now, self.road.as_deref(), &self.xml, &self.is)?;
        }
        for step in &self.steps {
            let road = step.road.as_deref().or(self.road.as_deref());
            self.compare(&mut policy, step.now, road, &step.xml, &step.is)?;
        }
        Ok(())
    }

    fn compare(
        &self,
        policy: &mut Firewall,
        now: u64,
        road: Option<&str>,
        xml: &str,
        is: &[String],
    ) -> Result<(), String> {
        testing::set_now(now);
        let found = told(&testing::decide(policy, passage(road.unwrap_or("in remote"), xml), xml));
        match found == is {
            true => Ok(()),
            false => Err(format!("{} at {now}: {xml}\n  is        {found:?}\n  should be {is:?}", self.id)),
        }
    }
}

/// A policy with these rules and other settings.
pub fn policy(rules: &str, settings: &Value) -> Result<Firewall, String> {
    let mut settings = if settings.is_null() { json!({}) } else { settings.clone() };
    if !rules.is_empty() {
        settings["rules"] = rules.into();
    }
    testing::configure(&settings.to_string())
}

/// The road of a stanza in words.
pub fn passage(road: &str, xml: &str) -> Passage {
    let (direction, party) = road.split_once(' ').expect("two words");
    let party = match party {
        "remote" => Party::Remote,
        "user" => Party::User,
        "room" => Party::Room,
        "service" => Party::Service,
        "component" => Party::Component,
        other => panic!("nobody is {other}"),
    };
    let kind = match xml.split([' ', '/', '>']).next() {
        Some("<message") => StanzaKind::Message,
        Some("<presence") => StanzaKind::Presence,
        _ => StanzaKind::Iq,
    };
    match direction {
        "in" => Passage { kind, direction: Direction::Incoming, source: party, destination: Party::User },
        _ => Passage { kind, direction: Direction::Outgoing, source: Party::User, destination: party },
    }
}

/// What became of a stanza, and everything besides.
pub fn told(outcome: &Outcome) -> Vec<String> {
    let verdict = match &outcome.decision.verdict {
        Verdict::Pass => "pass".to_owned(),
        Verdict::Drop => format!("drop {}", outcome.decision.reason),
        Verdict::Bounce(bounce) => format!("bounce {:?} {:?} {}", bounce.condition, bounce.error_type, bounce.text),
    };
    let edited = (!outcome.edits.is_empty()).then(|| format!("edit {}", outcome.xml));
    let effects = outcome.effects.iter().map(effect);
    let lines = outcome.lines.iter().map(|(level, line)| format!("{level:?} {line}").to_lowercase());
    [verdict.trim().to_owned()].into_iter().chain(edited).chain(effects).chain(lines).collect()
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Copy { to, xml } => format!("copy {to} {xml}"),
        Effect::Forward { to, xml, report: None } => format!("forward {to} {xml}"),
        Effect::Forward { to, report: Some(report), .. } => format!("report {to} {} {}", report.reason, report.text),
        Effect::Answer(text) => format!("answer {text}"),
        other => panic!("{other:?}"),
    }
}

impl From<Known> for Facts {
    fn from(known: Known) -> Self {
        let subscription = |word: String| match word.as_str() {
            "to" => Subscription::To,
            "from" => Subscription::From,
            "both" => Subscription::Both,
            _ => Subscription::None,
        };
        let entry = known.entry.map(|word| Entry { subscription: subscription(word), groups: known.groups });
        let (has_asked, is_connected, is_greeted) = (known.asked, known.connected, known.greeted);
        Facts {
            subscription: known.roster.map(subscription),
            acquaintance: Acquaintance { entry, has_asked, is_connected, is_greeted },
            sender_role: known.sender,
            recipient_role: known.recipient,
            ..Facts::default()
        }
    }
}

/// Rows of a file.
pub fn read<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    let text = std::fs::read_to_string(&path).expect("the file is there");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}
