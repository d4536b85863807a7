//! What a question is about, in the words of the component's world.

use crate::about::{About, Blocklist, Device, Keys, Occasion, Piece, Registration, Room, Slot};
use crate::bindings::push_policy::{Device as DeviceState, Notification, Registration as ToBeAdmitted};
use crate::bindings::upload_policy::{Piece as ToBeSeen, SlotRequest, Usage};
use crate::bindings::{Passage, blocklist_policy, keys_policy, room_policy};
use crate::facts::Facts;

/// The device that is to be registered.
pub fn registration(facts: &Facts) -> ToBeAdmitted {
    let Registration { user, service, node, others, .. } = device(facts);
    ToBeAdmitted { user, service, node, others }
}

/// The device that is to be notified.
pub fn notification(passage: Passage, facts: &Facts) -> Notification {
    let device = match device(facts).device {
        Device::Gone => DeviceState::Gone,
        Device::Asleep => DeviceState::Asleep,
        Device::Awake => DeviceState::Awake,
    };
    Notification { passage, registration: registration(facts), device, nickname: facts.nickname.clone() }
}

fn device(facts: &Facts) -> Registration {
    match &facts.about {
        About::Registration(registration) => registration.clone(),
        _ => Registration::default(),
    }
}

/// The file that is to be uploaded.
pub fn slot(facts: &Facts) -> SlotRequest {
    let slot = match &facts.about {
        About::Slot(slot) => slot.clone(),
        _ => Slot::default(),
    };
    let Slot { user, name, size, content_type, hour_slots, hour_ends, day_bytes, day_ends, user_bytes, total_bytes } =
        slot;
    let usage = Usage { hour_slots, hour_ends, day_bytes, day_ends, user_bytes, total_bytes };
    SlotRequest { user, name, size, content_type, usage }
}

/// The part of a file that has come, with what this policy noted before.
pub fn piece(policy: &str, facts: &Facts) -> ToBeSeen {
    let piece = match &facts.about {
        About::Piece(piece) => piece.clone(),
        _ => Piece { is_last: true, ..Piece::default() },
    };
    let Piece { user, size, offset, bytes, is_last, mut notes } = piece;
    let notes = notes.remove(policy).unwrap_or_default();
    ToBeSeen { user, size, offset, bytes: bytes.to_vec(), is_last, notes }
}

/// The room that is to be configured.
pub fn room(facts: &Facts) -> room_policy::Room {
    let Room { address, occasion, actor } = match &facts.about {
        About::Room(room) => room.clone(),
        _ => Room::default(),
    };
    let occasion = match occasion {
        Occasion::Created => room_policy::Occasion::Created,
        Occasion::Changed => room_policy::Occasion::Changed,
        Occasion::Found => room_policy::Occasion::Found,
    };
    room_policy::Room { address, occasion, actor }
}

/// The request for keys.
pub fn reading(facts: &Facts) -> keys_policy::Reading {
    let Keys { owner, reader, shares_room } = match &facts.about {
        About::Keys(keys) => keys.clone(),
        _ => Keys::default(),
    };
    keys_policy::Reading { owner, reader, is_sharing_room: shares_room }
}

/// The change of a block list.
pub fn change(facts: &Facts) -> blocklist_policy::Change {
    let Blocklist { user, is_blocking, count, blocked } = match &facts.about {
        About::Blocklist(change) => change.clone(),
        _ => Blocklist::default(),
    };
    blocklist_policy::Change { user, is_blocking, count, blocked }
}
