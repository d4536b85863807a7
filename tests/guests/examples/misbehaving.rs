//! Does one bad thing, at one moment, as its settings say.

use std::hint::black_box;

use prosody_policy::{
    Decision, KeepsState, MessagePolicy, Passage, Policy, StanzaKind, Want, edits, log, outbox, store,
};

struct Misbehaving {
    settings: Settings,
}

#[derive(Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum How {
    Loop,
    BulkLoop,
    Recurse,
    Grow,
    Panic,
    HostCalls,
    LogFlood,
    NoticeFlood,
    StoreFlood,
    EditFlood,
    EditNowhere,
    EditAddress,
    EditControlCharacter,
    LongReason,
    LeakyReason,
    LeakyLog,
    Refuse,
    HugeState,
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

fn misbehave(how: How) {
    match how {
        How::Loop => loop {
            black_box(());
        },
        How::BulkLoop => {
            let mut bytes = vec![0u8; 8 << 20];
            let mut value = 0;
            loop {
                bytes.fill(black_box(value));
                value = black_box(&bytes)[0].wrapping_add(1);
            }
        }
        How::Recurse => {
            black_box(recurse(0));
        }
        How::Grow => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(black_box(vec![1; 1 << 20]));
            }
        }
        How::Panic => panic!("a panic with SECRET words"),
        How::HostCalls => loop {
            black_box(prosody_policy::clock::now());
        },
        How::LogFlood => {
            (0..10_000).for_each(|number| log::write(log::Level::Info, &format!("line {number}\n\u{1b}[31m")))
        }
        How::NoticeFlood => (0..10_000).for_each(|_| outbox::reply("again")),
        How::StoreFlood => (0..10_000).for_each(|number| {
            let _ = store::set(&number.to_string(), &[0; 60 * 1024]);
        }),
        How::EditFlood => (0..10_000).for_each(|_| edits::set_attribute(1, "a", "b")),
        How::EditNowhere => edits::remove(1_000_000),
        How::EditAddress => edits::set_attribute(0, "to", "mallory@example.org"),
        How::EditControlCharacter => edits::set_text(1, "\u{1}"),
        How::LeakyLog => {
            let stanza = prosody_policy::stanza();
            let body = stanza.root().child("body", "jabber:client").map(|body| body.text().into_owned());
            log::write(log::Level::Error, &body.unwrap_or_default());
            log::write(log::Level::Error, "for alice@example.org");
        }
        How::LongReason | How::LeakyReason | How::Refuse | How::HugeState => {}
    }
}

#[expect(unconditional_recursion, reason = "that is its point")]
fn recurse(depth: u64) -> u64 {
    black_box(recurse(black_box(depth) + 1)) + 1
}

prosody_policy::policy!(Misbehaving: message, state);
