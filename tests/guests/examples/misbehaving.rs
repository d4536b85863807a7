//! Does one bad thing, at one moment, as its settings say.

use prosody_policy::{Decision, KeepsState, MessagePolicy, Passage, Policy, StanzaKind, Want};
use test_guests::misdeeds::{How, misbehave};

struct Misbehaving {
    settings: Settings,
}

#[derive(Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Moment {
    Configure,
    Wants,
    Decide,
    Save,
    Restore,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    how: How,
    when: Moment,
    /// Only for messages that carry this text; for all when it is empty.
    #[serde(default)]
    only: String,
}

impl Policy for Misbehaving {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        if settings.when == Moment::Configure {
            if settings.how == How::Refuse {
                return Err("it is never\nsatisfied".into());
            }
            misbehave(settings.how);
        }
        Ok(Self { settings })
    }
}

impl MessagePolicy for Misbehaving {
    fn wants(&self) -> Vec<Want> {
        self.at(Moment::Wants);
        vec![Want::all(StanzaKind::Message)]
    }

    fn decide(&mut self, _: Passage) -> Decision {
        let stanza = prosody_policy::stanza();
        let text: String = stanza.elements().map(|element| element.text().into_owned()).collect();
        if text.contains(&self.settings.only) {
            self.at(Moment::Decide);
        }
        match self.settings.how {
            How::LongReason => Decision::pass(&"x".repeat(10_000)),
            How::LeakyReason => Decision::pass(&text),
            _ => Decision::pass("survived"),
        }
    }
}

impl KeepsState for Misbehaving {
    fn save(&self) -> Vec<u8> {
        self.at(Moment::Save);
        match self.settings.how {
            How::HugeState => vec![0; 2 << 20],
            _ => b"state".to_vec(),
        }
    }

    fn restore(&mut self, _: &str, _: Vec<u8>) -> Result<(), String> {
        self.at(Moment::Restore);
        match (self.settings.how, self.settings.when) {
            (How::Refuse, Moment::Restore) => Err("not from that one".into()),
            _ => Ok(()),
        }
    }
}

impl Misbehaving {
    fn at(&self, moment: Moment) {
        if self.settings.when == moment {
            misbehave(self.settings.how);
        }
    }
}

prosody_policy::policy!(Misbehaving: message, state);
