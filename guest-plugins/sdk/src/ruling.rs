//! What a policy answers at the hooks besides the first: about keeping, copying and delaying messages, about notifications,
//! uploads, rooms and block lists.

mod blocklist;
mod room;
mod upload;

pub use blocklist::Change;
pub use room::{Access, Occasion, Reading, Room, Settle};
pub use upload::{Content, Expiry, Piece, Slot, SlotRequest, Usage};

use crate::{Bounce, ErrorCondition, ErrorType, Passage};

/// A verdict with its reason.
///
/// ```
/// use prosody_policy::{Keep, Ruling};
///
/// let ruling = Ruling::new(Keep::Skip, "plaintext");
/// assert_eq!((ruling.verdict, ruling.reason.as_str()), (Keep::Skip, "plaintext"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruling<V> {
    /// What is to happen: the enum of the hook, such as [`Keep`] or [`Admission`].
    pub verdict: V,
    /// Why, as a short word of `a-z 0-9 -` for logs and replays.
    pub reason: String,
}

impl<V> Ruling<V> {
    /// A verdict with its reason.
    pub fn new(verdict: V, reason: &str) -> Self {
        Self { verdict, reason: reason.into() }
    }
}

/// Where a message is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The archive of a user: of the sender if the passage is outgoing, else of the recipient.
    Archive,
    /// The history of a room and its archive.
    Room,
    /// The messages of a user who is offline.
    Offline,
}

/// A message that is to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Keeping {
    /// Where.
    pub place: Place,
    /// Its road.
    pub passage: Passage,
    /// Has the user asked for it, or the operator for those who said nothing? True outside [`Place::Archive`].
    pub is_wanted: bool,
}

/// What is to be kept of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Keep it if the server would, with the [edits](crate::edits) that were asked for.
    Keep,
    /// Keep it in memory only, for somebody who is offline; elsewhere do not keep it.
    Memory,
    /// Do not keep it, and tell nobody.
    Skip,
    /// Do not keep it; tell a sender who wrote to somebody who is offline.
    Refuse(Bounce),
}

impl Keep {
    /// Do not keep it; the sender is told to change it, with `policy-violation` and this text.
    pub fn refuse(text: impl Into<String>) -> Self {
        Self::Refuse(Bounce {
            error_type: ErrorType::Modify,
            condition: ErrorCondition::PolicyViolation,
            text: text.into(),
        })
    }
}

/// Who gets a copy of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carbon {
    /// All devices that the server would send one.
    Copy,
    /// Of these, only devices that publish OMEMO keys.
    CopyToEncrypting,
    /// Nobody.
    Skip,
}

/// A stanza for a client that said that it is inactive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its road; it is incoming.
    pub passage: Passage,
    /// What the user is called in the room from which it comes, if he has entered it with this client.
    pub nickname: Option<String>,
}

/// When a stanza is delivered to an inactive client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deliver {
    /// At once, after everything that is held.
    Deliver,
    /// With the next stanza that is delivered at once, or when the client is active.
    Hold,
    /// As [`Hold`](Self::Hold), in the place of an older one that is held under the same key of at most 4,096 bytes.
    ReplaceOlder(String),
    /// Never.
    Discard,
}

/// A device of a user, by the service that notifies it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registration {
    /// The user, without resource.
    pub user: String,
    /// The address of the service.
    pub service: String,
    /// What the device is called there; empty when it is not called anything.
    pub node: String,
    /// How many other registrations the user has.
    pub others: u32,
}

/// May a device be registered, or a block list be changed?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admission {
    /// It may.
    Allow,
    /// It may not; the client is told this.
    Refuse(Bounce),
}

/// What the server knows about a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Device {
    /// It is not connected, and nothing of it waits.
    Gone,
    /// It is hibernating, inactive, or does not answer.
    Asleep,
    /// It is connected, active and answers.
    Awake,
}

/// An occasion to notify a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// The road of the current stanza.
    pub passage: Passage,
    /// What to notify.
    pub registration: Registration,
    /// In which state it is.
    pub device: Device,
    /// What the user is called in the room from which the stanza comes, if he has entered it with this device.
    pub nickname: Option<String>,
}

/// What a service is told. The numbers are seconds, at most 86,400: when the device was notified less than so long
/// ago, the notification waits until then, and is one with all others that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Push {
    /// What the server would tell it: that may be the sender and the text.
    Send(u32),
    /// That there is something, with a constant text.
    Announce(u32),
    /// That there is something.
    Redact(u32),
    /// Nothing.
    Suppress,
}
