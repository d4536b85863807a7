//! What an author implements: one trait for the life of a policy, one for each hook.

use serde::de::DeserializeOwned;

use crate::{
    Admission, Carbon, Decision, Deliver, Delivery, Keep, Keeping, Notification, Passage, Push, Registration, Ruling,
    Sample, Want,
};

/// A policy, made from the operator's settings.
pub trait Policy: Sized {
    /// The operator's settings: a struct with `#[serde(deny_unknown_fields)]`, so that typos are refused.
    type Settings: DeserializeOwned;

    /// Makes the policy. An error refuses it; the text is shown to the operator.
    fn configure(settings: Self::Settings) -> Result<Self, String>;
}

/// A policy that decides about messages, presence and IQs on their way.
pub trait MessagePolicy: Policy {
    /// Which stanzas it wants to see. Asked once.
    fn wants(&self) -> Vec<Want>;

    /// What is to happen to the current stanza.
    fn decide(&mut self, passage: Passage) -> Decision;
}

/// A policy that decides what is kept: in archives, in the history of rooms, for users who are offline.
pub trait ArchivePolicy: Policy {
    /// How many hours what is kept may be kept; `None` for no limit of its own. Asked once.
    fn retention(&self) -> Option<u32> {
        None
    }

    /// What is to be kept of the current message, with the [edits](crate::edits) that were asked for.
    fn keep(&mut self, keeping: Keeping) -> Ruling<Keep>;
}

/// A policy that decides which messages are copied to a user's other devices.
pub trait CarbonsPolicy: Policy {
    /// Who gets a copy of the current message: one that the user sent if the passage is outgoing.
    fn copy(&mut self, passage: Passage) -> Ruling<Carbon>;
}

/// A policy that decides what wakes a client that said that it is inactive.
pub trait DeliveryPolicy: Policy {
    /// When the current stanza is delivered to it, with the [edits](crate::edits) that were asked for.
    fn deliver(&mut self, delivery: Delivery) -> Ruling<Deliver>;
}

/// A policy that decides who may notify sleeping devices, and what he learns by it.
pub trait PushPolicy: Policy {
    /// May a device be registered? The current stanza is the request.
    fn register(&mut self, registration: Registration) -> Ruling<Admission>;

    /// What the service is told about the current stanza.
    fn notify(&mut self, notification: Notification) -> Ruling<Push>;
}

/// A policy that shows that it works before it is put into force.
pub trait ShowsSamples: MessagePolicy {
    /// Stanzas with what is to become of them under its settings. The host refuses it when one comes out otherwise.
    fn samples(&self) -> Vec<Sample>;
}

/// A policy that hands its state over when it is replaced.
pub trait KeepsState: Policy {
    /// The state to hand over.
    fn save(&self) -> Vec<u8>;

    /// Takes it over; `version` is the sha256 of the component that saved it. An error keeps the predecessor in force.
    fn restore(&mut self, version: &str, state: Vec<u8>) -> Result<(), String>;
}
