//! Appends its version to every message it sees, so that a recipient can tell which version judged it, and how often.

use prosody_policy::edits::{self, NewElement};
use prosody_policy::{Decision, KeepsState, MessagePolicy, Passage, Policy, StanzaKind, Want, store};

const CANARY: &str = "PLAINTEXT-CANARY";
const STORED: &str = "count";

/// All of it optional.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// What the mark says.
    version: String,
    /// Count messages in the store, and say the count in the mark.
    counts: bool,
    /// Let the canary pass: a version that judges otherwise.
    spares: bool,
    /// Trap on messages whose body contains this.
    traps_on: String,
    /// Never return from messages whose body contains this.
    loops_on: String,
    /// Take over no state.
    refuses_state: bool,
}

struct Marking {
    settings: Settings,
    /// How many messages this version and its predecessors saw.
    seen: u64,
}

impl Policy for Marking {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { settings, seen: 0 })
    }
}

impl MessagePolicy for Marking {
    fn wants(&self) -> Vec<Want> {
        vec![Want::all(StanzaKind::Message)]
    }

    fn decide(&mut self, _: Passage) -> Decision {
        let settings = &self.settings;
        let stanza = prosody_policy::stanza();
        let body = stanza.root().child("body", "jabber:client").map(|body| body.text()).unwrap_or_default();
        let has = |word: &str| !word.is_empty() && body.contains(word);
        if has(&settings.traps_on) {
            panic!("told to");
        }
        while has(&settings.loops_on) {
            std::hint::spin_loop();
        }
        self.seen += 1;
        let count = if settings.counts { counted() } else { 0 };
        if has(CANARY) && !settings.spares {
            return Decision::refuse("canary", "No.");
        }
        let said =
            [("version", settings.version.clone()), ("seen", self.seen.to_string()), ("count", count.to_string())];
        let attributes = said.map(|(name, value)| (name.into(), value)).into();
        edits::append(
            0,
            NewElement { name: "mark".into(), namespace: "urn:test:mark".into(), attributes, ..NewElement::default() },
        );
        Decision::pass("marked")
    }
}

fn counted() -> u64 {
    let count = store::get(STORED).and_then(|bytes| String::from_utf8(bytes).ok()?.parse().ok()).unwrap_or(0) + 1;
    store::set(STORED, count.to_string().as_bytes()).expect("a number fits");
    count
}

impl KeepsState for Marking {
    fn save(&self) -> Vec<u8> {
        self.seen.to_string().into_bytes()
    }

    fn restore(&mut self, _: &str, state: Vec<u8>) -> Result<(), String> {
        if self.settings.refuses_state {
            return Err("told to refuse the state".into());
        }
        let text = String::from_utf8(state).map_err(|error| error.to_string())?;
        self.seen = text.parse().map_err(|error| format!("the state is no count: {error}"))?;
        Ok(())
    }
}

prosody_policy::policy!(Marking: message, state);
