//! What is readable in one entry.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use prosody_stanza::Stanza;

use super::address;
use super::entry::{Content, Entry, When};
use super::human;
use super::kind::Kind;
use super::period::{self, Retention};
use super::reading;
use super::stored;
use super::stores::{self, Rules};
use super::upload;
use super::value::Value;

/// Names under which modules keep what people wrote, outside of stanzas.
const MESSAGE_NAMES: [&str; 5] = ["body", "subject", "text", "message", "reason"];
/// Names under which they keep what people say of themselves and their rooms.
const PROFILE_NAMES: [&str; 14] = [
    "name",
    "description",
    "subject",
    "nick",
    "first",
    "last",
    "email",
    "address",
    "city",
    "phone",
    "title",
    "misc",
    "text",
    "url",
];
/// Names of the moment at which somebody was there.
const SEEN_NAMES: [&str; 4] = ["accessed", "last_used", "last_seen", "last_login"];
/// Names of the moment at which a value was kept.
const MOMENT_NAMES: [&str; 4] = ["when", "timestamp", "_last_message_at", "t"];

/// How a room says when the last message came that it keeps for a restart.
const DELAY: &str = "urn:xmpp:delay";

/// What was found in an entry.
#[derive(Debug, Default)]
pub struct Judgement {
    pub kinds: BTreeSet<Kind>,
    pub when: Option<f64>,
    /// Why a part of it cannot be read.
    pub excess: Option<&'static str>,
}

/// Judges an entry by the rules of its store.
pub fn judge(entry: &Entry<'_>, retention: &Retention) -> Judgement {
    let rules = stores::rules(entry.store);
    let kinds = rules.always.into_iter().collect();
    let found = Judgement { kinds, when: entry.when.seconds(), ..Judgement::default() };
    let mut judge = Judge { rules, owner: entry.owner(), found };
    judge.key(entry.name);
    judge.key(entry.with);
    match entry.content {
        Content::Stanza(stanza) => judge.stanza(stanza),
        Content::Value(value) => judge.value(entry.name, value),
    }
    judge.moment(entry.when, retention);
    judge.found
}

struct Judge {
    rules: Rules,
    owner: String,
    found: Judgement,
}

impl Judge {
    fn add(&mut self, kind: Kind, is_so: bool) {
        if is_so {
            self.found.kinds.insert(kind);
        }
    }

    /// Whoever keeps something that says no time cannot know for how long it is kept.
    fn moment(&mut self, when: When, retention: &Retention) {
        match (when, self.found.when) {
            (When::Unclear, _) => self.found.excess = Some("it came at a time that is no number"),
            (_, Some(when)) => self.add(Kind::TooOld, self.rules.expires && retention.is_too_old(when)),
            (_, None) => self.add(Kind::TooOld, self.rules.expires && matches!(when, When::Missing)),
        }
    }

    fn value(&mut self, name: &str, value: &Value) {
        let mut rest = vec![(name, value)];
        while let Some((name, value)) = rest.pop() {
            match value {
                Value::Text(text) => self.text(name, text),
                Value::Number(number) => self.number(name, *number),
                element if stored::is_element(element) => {
                    match stored::from_table(element) {
                        Ok(stanza) => self.stanza(&stanza),
                        Err(excess) => self.found.excess = Some(excess.reason()),
                    }
                    rest.extend(stored::beside_element(element));
                }
                table => {
                    for (key, value) in table.pairs() {
                        self.key(key.text().unwrap_or_default());
                        rest.push((key.text().unwrap_or(name), value));
                    }
                }
            }
        }
    }

    /// The name of a value may be somebody's address.
    fn name(&mut self, name: &str) {
        let name = decoded(name);
        self.add(Kind::WhoTalksToWhom, self.rules.names_people && self.names_another(&name));
        self.add(Kind::IpAddress, address::has_ip(&name));
    }

    /// Where anybody may keep anything, a name may be what somebody wrote. One word is a name.
    fn key(&mut self, name: &str) {
        self.name(name);
        let is_human = self.rules.any_text && human::is_sentence(name) && !address::is_jid(name);
        if let Some(kind) = self.rules.text.filter(|_| is_human) {
            self.add(kind, true);
        }
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(text);
        let is_human = match self.rules.text {
            Some(Kind::ProfileText) => PROFILE_NAMES.contains(&name),
            _ => MESSAGE_NAMES.contains(&name) || self.rules.any_text && human::is_text(text) && !address::is_jid(text),
        };
        if let Some(kind) = self.rules.text.filter(|_| is_human && reading::is_readable(text)) {
            self.add(kind, true);
        }
    }

    fn number(&mut self, name: &str, number: f64) {
        self.add(Kind::LastSeen, SEEN_NAMES.contains(&name));
        if self.found.when.is_none() && MOMENT_NAMES.contains(&name) {
            self.found.when = Some(number);
        }
    }

    fn stanza(&mut self, stanza: &Stanza) {
        let reading = reading::read(stanza.root());
        if let Some(kind) = self.rules.text {
            self.add(Kind::Otr, reading.has_otr);
            self.add(kind, reading.has_text);
            self.add(if reading.is_encrypted { Kind::FallbackText } else { kind }, reading.has_fallback);
        }
        for element in &reading.elements {
            if self.found.when.is_none() && element.is("delay", DELAY) {
                self.found.when = element.attribute("stamp").and_then(period::stamp);
            }
            self.add(Kind::IpAddress, address::has_ip(&element.text()));
            for (name, value) in element.attributes() {
                self.attribute(name, value);
            }
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.add(Kind::IpAddress, address::has_ip(value));
        self.add(Kind::FileName, self.rules.names_files && name == "filename" && upload::is_name(value));
        let is_address = self.rules.names_people && reading::ADDRESS_ATTRIBUTES.contains(&name);
        self.add(Kind::WhoTalksToWhom, is_address && self.names_another(value));
    }

    /// Is somebody named here whose entry this is not? In a room, everybody who is in it.
    fn names_another(&self, text: &str) -> bool {
        let nickname = text.strip_prefix(&self.owner).and_then(|rest| rest.strip_prefix('/'));
        let names_occupant = self.rules.names_occupants && nickname.is_some_and(|nickname| !nickname.is_empty());
        names_occupant || address::jids(text).any(|jid| !jid.eq_ignore_ascii_case(&self.owner))
    }
}

/// What mod_wasm keeps of a policy is in base64 where it is more than a line of text.
fn decoded(text: &str) -> Cow<'_, str> {
    let bytes = text.strip_prefix("base64:").and_then(|digits| STANDARD.decode(digits).ok());
    bytes.map_or(Cow::Borrowed(text), |bytes| Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests;
