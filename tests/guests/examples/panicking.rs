//! Imports nothing, and panics at the first stanza: the smallest policy that cannot decide.

use prosody_policy::{Decision, MessagePolicy, Passage, Policy, StanzaKind, Want};

struct Panicking;

#[derive(serde::Deserialize)]
struct Settings {}

impl Policy for Panicking {
    type Settings = Settings;

    fn configure(_: Settings) -> Result<Self, String> {
        Ok(Self)
    }
}

impl MessagePolicy for Panicking {
    fn wants(&self) -> Vec<Want> {
        vec![Want::all(StanzaKind::Message)]
    }

    fn decide(&mut self, _: Passage) -> Decision {
        panic!("as promised")
    }
}

prosody_policy::policy!(Panicking: message);
