//! An inactive phone (XEP-0352) is woken only for what a person wants to be woken for; everything else waits, and of
//! what something newer makes outdated only the newest does.
//!
//! What is urgent is delivered, what nobody knows is held: a mistake costs a little power or a little time, and never a
//! message. How often strangers may write at all is decided here as well, since every one of them could wake everybody.

mod address;
mod choice;
mod kind;
mod message;
mod namespaces;
mod opened;
mod overrides;
mod part;
mod presence;
mod settings;
mod strangers;
mod texts;

use prosody_policy::{
    Decision, Deliver, Delivery, DeliveryPolicy, KeepsState, MessagePolicy, Passage, Policy, Ruling, StanzaKind, Want,
};

use crate::settings::{Rules, Settings};
use crate::strangers::Strangers;

/// The policy.
#[derive(Debug)]
pub struct Csi {
    rules: Rules,
    strangers: Strangers,
}

impl Policy for Csi {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        let (rules, limits) = settings.check()?;
        Ok(Self { rules, strangers: Strangers::new(limits) })
    }
}

impl DeliveryPolicy for Csi {
    fn deliver(&mut self, delivery: Delivery) -> Ruling<Deliver> {
        match delivery.passage.kind {
            StanzaKind::Message => self.message(&delivery),
            StanzaKind::Presence => self.presence(&delivery),
            StanzaKind::Iq => choice::deliver("iq"),
        }
    }
}

impl MessagePolicy for Csi {
    fn wants(&self) -> Vec<Want> {
        self.strangers.wants()
    }

    fn decide(&mut self, passage: Passage) -> Decision {
        self.strangers.decide(passage, &self.rules.texts)
    }
}

impl KeepsState for Csi {
    fn save(&self) -> Vec<u8> {
        self.strangers.save()
    }

    fn restore(&mut self, _: &str, state: Vec<u8>) -> Result<(), String> {
        self.strangers.restore(&state)
    }
}

prosody_policy::policy!(Csi: delivery, message, state);
