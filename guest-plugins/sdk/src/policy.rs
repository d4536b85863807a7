//! What an author implements: one trait for the life of a policy, one for each hook.

use serde::de::DeserializeOwned;

use crate::{
    Access, Admission, Carbon, Change, Content, Decision, Deliver, Delivery, Exemption, Expiry, Fact, Keep, Keeping,
    Notification, Passage, Piece, Push, Reading, Registration, Room, Ruling, Sample, Settle, Slot, SlotRequest, Want,
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

/// A policy that decides who may upload what, looks at what is uploaded, and says for how long it is kept.
pub trait UploadPolicy: Policy {
    /// May the file be uploaded?
    fn request(&mut self, request: SlotRequest) -> Ruling<Slot>;

    /// May the file go on, of which a piece has come? With at most 8,192 bytes of notes to be shown with the next piece.
    fn inspect(&mut self, piece: Piece) -> (Ruling<Content>, Vec<u8>);

    /// For how long files are kept. Asked once.
    fn expiry(&self) -> Expiry {
        Expiry::default()
    }
}

/// A policy that decides how rooms may be configured.
pub trait RoomPolicy: Policy {
    /// How is the room to be configured, with the [edits](crate::edits) of the form that were asked for?
    fn settle(&mut self, room: Room) -> Ruling<Settle>;
}

/// A policy that decides who may read OMEMO keys besides those whom their owner allows.
pub trait KeysPolicy: Policy {
    /// May they be read?
    fn read(&mut self, reading: Reading) -> Ruling<Access>;
}

/// A policy that decides about changes of block lists.
pub trait BlocklistPolicy: Policy {
    /// May the list be changed?
    fn change(&mut self, change: Change) -> Ruling<Admission>;
}

/// A policy whose settings decide which facts it looks at.
pub trait Needs: Policy {
    /// Those it needs; the others are empty. Asked once.
    fn needed(&self) -> Vec<Fact>;
}

/// A policy that lets pass some of what arrives whatever it says, and so need not be asked about it.
pub trait Exempts: MessagePolicy {
    /// Stanzas that it passes whenever it is asked about them as incoming, without an edit or an effect, and without
    /// remembering anything of them. At most 16. Asked once.
    fn exempt(&self) -> Vec<Exemption>;
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
