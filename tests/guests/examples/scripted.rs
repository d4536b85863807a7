//! Does what its settings say, with every capability there is.

use prosody_policy::edits::NewElement;
use prosody_policy::{
    Decision, Direction, Expectation, KeepsState, MessagePolicy, Passage, Policy, Sample, ShowsSamples, StanzaKind,
    Want,
};
use prosody_policy::{clock, edits, envelope, log, outbox, roster, store};

/// What to do, all of it optional.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// `pass`, `drop` or `bounce`; `pass` when empty.
    verdict: String,
    /// Refuse only stanzas that have a child of this name.
    refuses: String,
    /// Append an element of this name to every stanza that has none.
    append: String,
    /// In this namespace.
    append_in: String,
    /// Remove the first child of this name.
    remove: String,
    /// Set the text of the body.
    set_body: Option<String>,
    reply: String,
    notify: String,
    log: String,
    /// Count stanzas in the store, and say the count as the reason.
    count: bool,
    /// Say what the roster says as the reason.
    roster: bool,
    /// Say the time as the reason.
    clock: bool,
    /// Want only these namespaces.
    namespaces: Vec<String>,
    /// Want presence and IQs besides messages.
    every_kind: bool,
    /// Want only what arrives.
    incoming: bool,
    /// The state to hand over.
    state: String,
    /// Show a sample, a message with a body, that is to `pass`, to be an `edit` or to be a `refuse`.
    expects: String,
}

struct Scripted {
    settings: Settings,
    inherited: String,
}

impl Policy for Scripted {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { settings, inherited: String::new() })
    }
}

impl MessagePolicy for Scripted {
    fn wants(&self) -> Vec<Want> {
        let direction = self.settings.incoming.then_some(Direction::Incoming);
        let kinds = [StanzaKind::Message, StanzaKind::Presence, StanzaKind::Iq];
        let count = if self.settings.every_kind { kinds.len() } else { 1 };
        let want = |kind| Want { kind, direction, namespaces: self.settings.namespaces.clone() };
        kinds.into_iter().take(count).map(want).collect()
    }

    fn decide(&mut self, _: Passage) -> Decision {
        let settings = &self.settings;
        self.edit();
        for (text, send) in [(&settings.reply, outbox::reply as fn(&str)), (&settings.notify, outbox::notify)] {
            if !text.is_empty() {
                send(text);
            }
        }
        if !settings.log.is_empty() {
            log::write(log::Level::Info, &settings.log);
        }
        let reason = self.reason();
        let concerned = settings.refuses.is_empty() || payload(&settings.refuses).is_some();
        match settings.verdict.as_str() {
            "drop" if concerned => Decision::drop(&reason),
            "bounce" if concerned => Decision::refuse(&reason, "No."),
            _ => Decision::pass(&reason),
        }
    }
}

impl Scripted {
    fn edit(&self) {
        let settings = &self.settings;
        if !settings.append.is_empty() && payload(&settings.append).is_none() {
            let (name, namespace) = (settings.append.clone(), settings.append_in.clone());
            edits::append(0, NewElement { name, namespace, ..NewElement::default() });
        }
        if let Some(node) = payload(&settings.remove) {
            edits::remove(node);
        }
        if let (Some(text), Some(body)) = (&settings.set_body, payload("body")) {
            edits::set_text(body, text);
        }
    }

    fn reason(&self) -> String {
        let settings = &self.settings;
        if settings.count {
            let count = store::get("count").map_or(0, |bytes| bytes[0]) + 1;
            return match store::set("count", &[count]) {
                Ok(()) => format!("count-{count}"),
                Err(_) => "full".into(),
            };
        }
        if settings.roster {
            return format!("{:?}", roster::subscription()).to_lowercase().replace(['(', ')'], "-");
        }
        if settings.clock {
            // Nobody can measure how long anything takes.
            let now = clock::now();
            let stands_still = (0..10_000).all(|_| clock::now() == now);
            return if stands_still { now.to_string() } else { "the clock moved".into() };
        }
        if self.inherited.is_empty() { "scripted".into() } else { self.inherited.clone() }
    }
}

impl ShowsSamples for Scripted {
    fn samples(&self) -> Vec<Sample> {
        let expectation = match self.settings.expects.as_str() {
            "pass" => Expectation::Pass,
            "edit" => Expectation::Edit,
            "refuse" => Expectation::Refuse,
            _ => return Vec::new(),
        };
        let stanza = "<message><body>a sample</body></message>".into();
        vec![Sample { name: "a body".into(), passage: Passage::outgoing(), stanza, expectation }]
    }
}

impl KeepsState for Scripted {
    fn save(&self) -> Vec<u8> {
        self.settings.state.as_bytes().to_vec()
    }

    fn restore(&mut self, _: &str, state: Vec<u8>) -> Result<(), String> {
        self.inherited = String::from_utf8(state).map_err(|error| error.to_string())?;
        Ok(())
    }
}

fn payload(name: &str) -> Option<u32> {
    envelope::payloads().into_iter().find(|payload| payload.name == name).map(|payload| payload.node)
}

prosody_policy::policy!(Scripted: message, samples, state);
