//! What a hook is about, besides the stanza: a device, a file, a room, a list.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// What a question is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// The stanza alone.
    #[default]
    Stanza,
    /// A device that is to be registered or notified.
    Registration(Registration),
    /// A file that is to be uploaded.
    Slot(Slot),
    /// A part of a file that is arriving. Never recorded.
    #[serde(skip)]
    Piece(Piece),
    /// A room that is to be configured.
    Room(Room),
    /// A request for somebody's keys.
    Keys(Keys),
    /// A change of a block list.
    Blocklist(Blocklist),
}

/// A device of a user, by the service that notifies it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The user, without resource.
    pub user: String,
    /// The address of the service.
    pub service: String,
    /// What the device is called there.
    pub node: String,
    /// How many other registrations the user has.
    pub others: u32,
    /// In which state the device is.
    pub device: Device,
}

/// The state of a device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    /// It is not connected.
    #[default]
    Gone,
    /// It is hibernating, inactive, or does not answer.
    Asleep,
    /// It is connected, active and answers.
    Awake,
}

/// A request for a slot, with what there is already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// Who asks, without resource.
    pub user: String,
    /// What the file is called.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its media type; empty when the client says none.
    pub content_type: String,
    /// Slots that the user got in the last hour.
    pub hour_slots: u32,
    /// Seconds until the oldest of these is not counted any more.
    pub hour_ends: u32,
    /// Bytes for which he got slots in the last day.
    pub day_bytes: u64,
    /// Seconds until the oldest of these is not counted any more.
    pub day_ends: u32,
    /// Bytes of the user that are kept.
    pub user_bytes: u64,
    /// Bytes of everybody that are kept.
    pub total_bytes: u64,
}

/// A part of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// Who uploads, without resource.
    pub user: String,
    /// How large the file is to be.
    pub size: u64,
    /// How much of it came before.
    pub offset: u64,
    /// What has come.
    pub bytes: Arc<Vec<u8>>,
    /// Is it the last one?
    pub is_last: bool,
    /// What each policy noted with the one before.
    pub notes: BTreeMap<String, Vec<u8>>,
}

/// Why a room is asked about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Occasion {
    /// Somebody enters a room that is not there yet.
    Created,
    /// An owner changes its configuration.
    Changed,
    /// It was there.
    #[default]
    Found,
}

/// A room. Its configuration is the stanza.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// Its address, without resource.
    pub address: String,
    /// Why it is asked about.
    pub occasion: Occasion,
    /// Who creates or changes it, without resource.
    pub actor: Option<String>,
}

/// A request for somebody's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Whose keys, without resource.
    pub owner: String,
    /// Who asks, without resource.
    pub reader: String,
    /// Are they both in a room, or members of one?
    pub shares_room: bool,
}

/// A change of a block list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blocklist {
    /// Whose list, without resource.
    pub user: String,
    /// Does he block, or unblock?
    pub is_blocking: bool,
    /// How many addresses the request names.
    pub count: u32,
    /// How many he has blocked already.
    pub blocked: u32,
}

impl About {
    /// Has it begun, so that to refuse it now would cut it off?
    pub fn is_under_way(&self) -> bool {
        matches!(self, Self::Piece(Piece { offset, .. }) if *offset > 0)
    }

    /// The stanza alone?
    pub fn is_stanza(&self) -> bool {
        *self == Self::Stanza
    }

    /// Replaces what names people.
    pub fn redact(&mut self, redacted: impl Fn(&str) -> String) {
        let texts: Vec<&mut String> = match self {
            Self::Stanza => Vec::new(),
            Self::Registration(Registration { user, service, node, .. }) => vec![user, service, node],
            Self::Slot(Slot { user, name, .. }) => vec![user, name],
            Self::Piece(Piece { user, .. }) => vec![user],
            Self::Room(Room { address, actor, .. }) => std::iter::once(address).chain(actor).collect(),
            Self::Keys(Keys { owner, reader, .. }) => vec![owner, reader],
            Self::Blocklist(Blocklist { user, .. }) => vec![user],
        };
        texts.into_iter().for_each(|text| *text = redacted(text));
    }
}
