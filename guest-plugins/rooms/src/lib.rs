//! Every room is ready for OMEMO, and people who share one can read each other's keys.
//!
//! OMEMO in a room needs to know who reads along: so a room has members, everybody sees their addresses, it is not listed,
//! and it is there as long as they want it. And it needs their keys, which a user otherwise shows to contacts only.

mod pattern;
mod properties;
mod settings;
mod texts;

use prosody_policy::{
    Access, Bounce, ErrorCondition, ErrorType, KeysPolicy, Occasion, Policy, Reading, Room, RoomPolicy, Ruling, Settle,
    Stanza, edits,
};

use crate::properties::Property;
use crate::settings::{Change, Found, Keys, Rules, Settings};

/// The policy.
#[derive(Debug)]
pub struct Rooms {
    rules: Rules,
}

impl Policy for Rooms {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { rules: settings.check()? })
    }
}

impl RoomPolicy for Rooms {
    fn settle(&mut self, room: Room) -> Ruling<Settle> {
        if self.rules.exempt.iter().any(|pattern| pattern.fits(&room.address)) {
            return Ruling::new(Settle::Exempt, "exempt");
        }
        let stanza = prosody_policy::stanza();
        let loose = self.loose(&stanza, room.occasion);
        match room.occasion {
            _ if loose.is_empty() => Ruling::new(Settle::Allow, "in-line"),
            Occasion::Changed if self.rules.change == Change::Refuse => {
                let language = stanza.root().attribute("xml:lang");
                Ruling::new(Settle::Refuse(bounce(&texts::refusal(language, &loose))), "loosened")
            }
            Occasion::Found if self.rules.found == Found::List => {
                Ruling::new(Settle::Refuse(bounce(&texts::refusal(None, &loose))), "differs")
            }
            _ => {
                loose.iter().for_each(|property| tighten(&stanza, property));
                Ruling::new(Settle::Allow, "set-right")
            }
        }
    }
}

impl Rooms {
    /// What the room is not to have. Every room begins as it should be; what owners may loosen, they do themselves.
    fn loose(&self, stanza: &Stanza, occasion: Occasion) -> Vec<&'static Property> {
        let is_free = |property: &Property| occasion != Occasion::Created && self.rules.loosen.contains(&property.name);
        let all = properties::ALL.iter();
        all.filter(|property| !is_free(property) && properties::is_loose(stanza, property)).collect()
    }
}

impl KeysPolicy for Rooms {
    fn read(&mut self, reading: Reading) -> Ruling<Access> {
        match self.rules.keys {
            Keys::Everybody => Ruling::new(Access::Open, "everybody"),
            Keys::Rooms if reading.is_sharing_room => Ruling::new(Access::Open, "shared-room"),
            Keys::Rooms => Ruling::new(Access::AsConfigured, "no-shared-room"),
            Keys::Contacts => Ruling::new(Access::AsConfigured, "contacts"),
        }
    }
}

fn tighten(stanza: &Stanza, property: &Property) {
    if let Some(value) = properties::value_of(stanza, property.field) {
        edits::set_text(value.number(), property.value);
    }
}

fn bounce(text: &str) -> Bounce {
    Bounce { error_type: ErrorType::Modify, condition: ErrorCondition::NotAcceptable, text: text.into() }
}

prosody_policy::policy!(Rooms: room, keys);
