//! Exports whatever a policy can, and does one bad thing in one of the functions, as its settings say.

use prosody_policy::{
    Access, Admission, ArchivePolicy, BlocklistPolicy, Carbon, CarbonsPolicy, Change, Circumstance, Content, Decision,
    Deliver, Delivery, DeliveryPolicy, Exemption, Exempts, Expectation, Expiry, Fact, Keep, Keeping, KeepsState,
    KeysPolicy, MessagePolicy, Needs, Notification, Passage, Piece, Policy, Push, PushPolicy, Reading, Registration,
    Room, RoomPolicy, Ruling, Sample, Settle, ShowsSamples, Slot, SlotRequest, StanzaKind, UploadPolicy, Want, stanza,
};
use test_guests::misdeeds::{How, busy, misbehave};

struct Everywhere(Settings);

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    /// Nothing, when it is absent.
    how: Option<How>,
    /// The function, as in `wit/`; those called `decide` by their hook.
    when: String,
    /// Only for stanzas that carry this text; for all when it is empty. For functions that decide.
    #[serde(default)]
    only: String,
    /// It takes its time besides.
    #[serde(default)]
    rounds: u64,
}

/// More than a call may pass.
const GIANT: usize = 5 << 20;
/// More than any list may have.
const MANY: usize = 1_000;

impl Everywhere {
    fn at(&self, function: &str) {
        if self.0.when == function && self.is_meant() {
            busy(self.0.rounds);
            self.0.how.into_iter().for_each(misbehave);
        }
    }

    fn is_meant(&self) -> bool {
        self.0.only.is_empty() || stanza().elements().any(|element| element.text().contains(&self.0.only))
    }

    fn is_giant(&self, function: &str) -> bool {
        self.0.how == Some(How::GiantResult) && self.0.when == function && self.is_meant()
    }

    /// Its reason is what is too large.
    fn ruling<T>(&self, function: &str, verdict: T) -> Ruling<T> {
        self.at(function);
        match self.is_giant(function) {
            true => Ruling::new(verdict, &"x".repeat(GIANT)),
            false => Ruling::new(verdict, "survived"),
        }
    }
}

impl Policy for Everywhere {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        let this = Self(settings);
        this.at("configure");
        if this.is_giant("configure") { Err("x".repeat(GIANT)) } else { Ok(this) }
    }
}

impl MessagePolicy for Everywhere {
    fn wants(&self) -> Vec<Want> {
        self.at("wants");
        let all = Want::all(StanzaKind::Message);
        match self.is_giant("wants") {
            true => vec![Want { namespaces: vec!["urn:x".into(); 100], ..all }; MANY],
            false => vec![all],
        }
    }

    fn decide(&mut self, _: Passage) -> Decision {
        self.at("message");
        match self.is_giant("message") {
            true => Decision::pass(&"x".repeat(GIANT)),
            false => Decision::pass("survived"),
        }
    }
}

impl ArchivePolicy for Everywhere {
    fn retention(&self) -> Option<u32> {
        self.at("retention");
        self.is_giant("retention").then_some(u32::MAX)
    }

    fn keep(&mut self, _: Keeping) -> Ruling<Keep> {
        self.ruling("archive", Keep::Keep)
    }
}

impl CarbonsPolicy for Everywhere {
    fn copy(&mut self, _: Passage) -> Ruling<Carbon> {
        self.ruling("carbons", Carbon::Copy)
    }
}

impl DeliveryPolicy for Everywhere {
    fn deliver(&mut self, _: Delivery) -> Ruling<Deliver> {
        match self.is_giant("delivery") {
            true => Ruling::new(Deliver::ReplaceOlder("x".repeat(MANY * 5)), "giant"),
            false => self.ruling("delivery", Deliver::Deliver),
        }
    }
}

impl PushPolicy for Everywhere {
    fn register(&mut self, _: Registration) -> Ruling<Admission> {
        self.ruling("register", Admission::Allow)
    }

    fn notify(&mut self, _: Notification) -> Ruling<Push> {
        self.ruling("notify", Push::Suppress)
    }
}

impl UploadPolicy for Everywhere {
    fn request(&mut self, _: SlotRequest) -> Ruling<Slot> {
        self.ruling("request", Slot::Allow)
    }

    fn inspect(&mut self, _: Piece) -> (Ruling<Content>, Vec<u8>) {
        let notes = if self.is_giant("inspect") { vec![0; MANY * 10] } else { Vec::new() };
        self.at("inspect");
        (Ruling::new(Content::Accept, "survived"), notes)
    }

    fn expiry(&self) -> Expiry {
        self.at("expires");
        Expiry { hours: self.is_giant("expires").then_some(u32::MAX), ..Expiry::default() }
    }
}

impl RoomPolicy for Everywhere {
    fn settle(&mut self, _: Room) -> Ruling<Settle> {
        self.ruling("settle", Settle::Allow)
    }
}

impl KeysPolicy for Everywhere {
    fn read(&mut self, _: Reading) -> Ruling<Access> {
        self.ruling("read", Access::AsConfigured)
    }
}

impl BlocklistPolicy for Everywhere {
    fn change(&mut self, _: Change) -> Ruling<Admission> {
        self.ruling("permit", Admission::Allow)
    }
}

impl Needs for Everywhere {
    fn needed(&self) -> Vec<Fact> {
        self.at("needed");
        Vec::new()
    }
}

impl Exempts for Everywhere {
    fn exempt(&self) -> Vec<Exemption> {
        self.at("exempt");
        let exemption = Exemption { kind: StanzaKind::Message, circumstances: vec![Circumstance::ToClient] };
        if self.is_giant("exempt") { vec![exemption; MANY] } else { Vec::new() }
    }
}

impl ShowsSamples for Everywhere {
    fn samples(&self) -> Vec<Sample> {
        self.at("show");
        let sample = Sample {
            name: "x".into(),
            passage: Passage::outgoing(),
            stanza: "<message/>".into(),
            expectation: Expectation::Pass,
        };
        if self.is_giant("show") { vec![sample; MANY] } else { Vec::new() }
    }
}

impl KeepsState for Everywhere {
    fn save(&self) -> Vec<u8> {
        self.at("save");
        vec![0; if self.is_giant("save") { 2 << 20 } else { 1 }]
    }

    fn restore(&mut self, _: &str, _: Vec<u8>) -> Result<(), String> {
        self.at("restore");
        if self.is_giant("restore") { Err("x".repeat(GIANT)) } else { Ok(()) }
    }
}

prosody_policy::policy!(
    Everywhere: message, archive, carbons, delivery, push, upload, room, keys, blocklist, needs, exemptions, samples, state
);
