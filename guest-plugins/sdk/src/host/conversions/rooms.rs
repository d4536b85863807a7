//! Rooms, and the keys of those who meet there.

use super::same_cases;
use crate::bindings::keys_policy::exports::prosody::policy::keys_policy;
use crate::bindings::room_policy::exports::prosody::policy::room_policy;
use crate::{Access, Occasion, Reading, Room, Ruling, Settle};

same_cases!(room_policy::Occasion => Occasion: Created Changed Found);
same_cases!(Access => keys_policy::Verdict: Open AsConfigured Refuse);

impl From<room_policy::Room> for Room {
    fn from(room_policy::Room { address, occasion, actor }: room_policy::Room) -> Self {
        Self { address, occasion: occasion.into(), actor }
    }
}

impl From<Ruling<Settle>> for room_policy::Ruling {
    fn from(Ruling { verdict, reason }: Ruling<Settle>) -> Self {
        let verdict = match verdict {
            Settle::Exempt => room_policy::Verdict::Exempt,
            Settle::Allow => room_policy::Verdict::Allow,
            Settle::Refuse(bounce) => room_policy::Verdict::Refuse(bounce.into()),
        };
        Self { verdict, reason }
    }
}

impl From<keys_policy::Reading> for Reading {
    fn from(keys_policy::Reading { owner, reader, is_sharing_room }: keys_policy::Reading) -> Self {
        Self { owner, reader, is_sharing_room }
    }
}

impl From<Ruling<Access>> for keys_policy::Ruling {
    fn from(Ruling { verdict, reason }: Ruling<Access>) -> Self {
        Self { verdict: verdict.into(), reason }
    }
}
