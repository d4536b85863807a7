//! Rules about keeping and copying as the body of each message tells it to, so that a test can try every ruling.

use prosody_policy::edits;
use prosody_policy::{ArchivePolicy, Carbon, CarbonsPolicy, Keep, Keeping, Passage, Policy, Ruling};

/// All of it optional.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Hours.
    retention: Option<u32>,
    /// What is skipped unless somebody asked for it.
    only_wanted: bool,
}

/// Does as it is told.
struct Telling {
    settings: Settings,
}

impl Policy for Telling {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { settings })
    }
}

/// The first word of the body; traps and loops on those words.
fn word() -> String {
    let stanza = prosody_policy::stanza();
    let body = stanza.root().child("body", "jabber:client").map(|body| body.text()).unwrap_or_default();
    let word = body.split(' ').next().unwrap_or_default().to_owned();
    assert_ne!(word, "trap", "told to");
    if word == "loop" {
        loop {
            std::hint::spin_loop();
        }
    }
    word
}

impl ArchivePolicy for Telling {
    fn retention(&self) -> Option<u32> {
        self.settings.retention
    }

    fn keep(&mut self, keeping: Keeping) -> Ruling<Keep> {
        if self.settings.only_wanted && !keeping.is_wanted {
            return Ruling::new(Keep::Skip, "not-wanted");
        }
        match word().as_str() {
            "memory" => Ruling::new(Keep::Memory, "told"),
            "skip" => Ruling::new(Keep::Skip, "told"),
            "refuse" => Ruling::new(Keep::refuse("Not kept."), "told"),
            "edit" => {
                let stanza = prosody_policy::stanza();
                if let Some(body) = stanza.root().child("body", "jabber:client") {
                    edits::set_text(body.number(), "edited");
                }
                Ruling::new(Keep::Keep, "told")
            }
            _ => Ruling::new(Keep::Keep, "untold"),
        }
    }
}

impl CarbonsPolicy for Telling {
    fn copy(&mut self, _: Passage) -> Ruling<Carbon> {
        match word().as_str() {
            "skip" => Ruling::new(Carbon::Skip, "told"),
            "encrypting" => Ruling::new(Carbon::CopyToEncrypting, "told"),
            _ => Ruling::new(Carbon::Copy, "untold"),
        }
    }
}

prosody_policy::policy!(Telling: archive, carbons);
