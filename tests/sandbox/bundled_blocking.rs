//! The bundled policy about block lists and strangers, as the component that is installed: what it decides is what its own
//! cases say (`guest-plugins/blocking/tests/cases.json`).

use mod_wasm_tests::{Guest, Host};
use prosody_stanza::{Limits, xml};
use prosody_wasm_runtime::{
    About, Blocklist, Direction, Facts, Hook, Outcome, Parties, Party, Passage, Question, RosterEntry, Subscription,
    Verdict,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    id: String,
    settings: Option<Value>,
    #[serde(default)]
    known: Vec<String>,
    source: Option<String>,
    destination: Option<String>,
    xml: String,
    verdict: String,
    reason: String,
}

#[derive(Deserialize)]
struct Request {
    id: String,
    settings: Option<Value>,
    #[serde(default)]
    blocked: u32,
    xml: String,
    verdict: String,
}

impl Case {
    fn knows(&self, word: &str) -> bool {
        self.known.iter().any(|known| known == word)
    }

    fn facts(&self) -> Facts {
        let is_contact = self.knows("contact");
        let entry = RosterEntry { subscription: Subscription::None, groups: Vec::new() };
        let parties = Parties {
            is_blocked: self.knows("blocked"),
            is_shared: self.knows("shared"),
            entry: is_contact.then_some(entry),
            ..Parties::default()
        };
        let subscription = if is_contact { Subscription::Both } else { Subscription::None };
        Facts { now: 1, subscription: Some(subscription), parties, ..Facts::default() }
    }

    fn passage(&self) -> Passage {
        let kind = ["message", "presence", "iq"].into_iter().find(|kind| self.xml[1..].starts_with(kind)).unwrap();
        Passage {
            direction: if self.knows("outgoing") { Direction::Outgoing } else { Direction::Incoming },
            source: party(self.source.as_deref().unwrap_or("remote")),
            destination: party(self.destination.as_deref().unwrap_or("user")),
            ..mod_wasm_tests::passage(kind)
        }
    }
}

fn party(word: &str) -> Party {
    match word {
        "user" => Party::User,
        "component" => Party::Component,
        "room" => Party::Room,
        "service" => Party::Service,
        _ => Party::Remote,
    }
}

fn ask(settings: Option<&Value>, question: Question, text: &str, facts: &Facts) -> Outcome {
    let settings = settings.map_or("{}".to_owned(), ToString::to_string);
    let mut host = Host::with(&[Guest { name: "blocking", file: "blocking", settings: &settings, ..Guest::default() }]);
    host.chain.decide(xml::parse(text, "jabber:client", &Limits::default()), question, false, facts)
}

fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Drop => "drop",
        Verdict::Bounce(_) => "bounce",
    }
}

#[test]
fn stanzas() {
    for case in golden::rows::<Case>("blocking", "cases") {
        let question = Question { hook: Hook::Message, passage: case.passage() };
        let outcome = ask(case.settings.as_ref(), question, &case.xml, &case.facts());
        // What it says that it does not want to see, it is not asked about.
        let reason = if outcome.reason == "not-asked" { &case.reason } else { &outcome.reason };
        assert_eq!((word(&outcome.verdict), reason), (case.verdict.as_str(), &case.reason), "{}", case.id);
    }
}

#[test]
fn requests() {
    for request in golden::rows::<Request>("blocking", "requests") {
        let change = Blocklist {
            user: "a@x".into(),
            is_blocking: request.xml.contains("<block "),
            count: u32::try_from(request.xml.matches("<item").count()).unwrap(),
            blocked: request.blocked,
        };
        let facts = Facts { now: 1, about: About::Blocklist(change), ..Facts::default() };
        let question = Question { hook: Hook::Blocklist, passage: mod_wasm_tests::passage("iq") };
        let outcome = ask(request.settings.as_ref(), question, &request.xml, &facts);
        let expected = if request.verdict == "allow" { "pass" } else { "bounce" };
        assert_eq!(word(&outcome.verdict), expected, "{}", request.id);
    }
}
