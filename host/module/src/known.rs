//! What the shim knows about one stanza besides the stanza, read from Lua tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use mlua::{LuaString, Result, Table};
use prosody_wasm_runtime::{
    About, Blocklist, Keys, Occasion, Parties, Piece, Registration, Room, RosterEntry, Slot, Subscription,
};

use crate::words;

/// Groups of a contact that policies are shown.
const GROUPS: usize = 32;

/// What the shim knows about one stanza besides the stanza.
#[derive(Default)]
pub struct Known {
    pub subscription: Option<Subscription>,
    /// Has this chain judged it as outgoing already?
    pub is_judged: bool,
    /// Has somebody asked for what is to be kept?
    pub is_wanted: bool,
    pub nickname: Option<String>,
    pub about: About,
    pub parties: Parties,
}

/// `{ subscription, judged, wanted, nickname, rooms, blocked, standing, roles }`, and one of `{ registration, slot, piece,
/// room, keys, change }`.
pub fn known(table: &Table) -> Result<Known> {
    let subscription: Option<LuaString> = table.raw_get("subscription")?;
    Ok(Known {
        subscription: subscription.as_ref().and_then(words::subscription),
        is_judged: is(table, "judged")?,
        is_wanted: is(table, "wanted")?,
        nickname: optional_text(table, "nickname")?,
        about: about(table)?,
        parties: parties(table)?,
    })
}

fn about(table: &Table) -> Result<About> {
    let part = |name: &str| table.raw_get::<Option<Table>>(name);
    Ok(if let Some(part) = part("registration")? {
        About::Registration(registration(&part)?)
    } else if let Some(part) = part("slot")? {
        About::Slot(slot(&part)?)
    } else if let Some(part) = part("piece")? {
        About::Piece(piece(&part)?)
    } else if let Some(part) = part("room")? {
        About::Room(room(&part)?)
    } else if let Some(part) = part("keys")? {
        About::Keys(Keys {
            owner: text(&part, "owner")?,
            reader: text(&part, "reader")?,
            shares_room: is(&part, "shares_room")?,
        })
    } else if let Some(part) = part("change")? {
        let (user, is_blocking) = (text(&part, "user")?, is(&part, "blocking")?);
        About::Blocklist(Blocklist {
            user,
            is_blocking,
            count: count(&part, "count")?,
            blocked: count(&part, "blocked")?,
        })
    } else {
        About::Stanza
    })
}

fn registration(table: &Table) -> Result<Registration> {
    let device: Option<LuaString> = table.raw_get("device")?;
    Ok(Registration {
        user: text(table, "user")?,
        service: text(table, "service")?,
        node: text(table, "node")?,
        others: count(table, "others")?,
        device: device.as_ref().and_then(words::device).unwrap_or_default(),
    })
}

fn slot(table: &Table) -> Result<Slot> {
    let usage: Table = table.raw_get("usage")?;
    Ok(Slot {
        user: text(table, "user")?,
        name: text(table, "name")?,
        size: bytes(table, "size")?,
        content_type: text(table, "type")?,
        hour_slots: count(&usage, "hour_slots")?,
        hour_ends: count(&usage, "hour_ends")?,
        day_bytes: bytes(&usage, "day_bytes")?,
        day_ends: count(&usage, "day_ends")?,
        user_bytes: bytes(&usage, "user_bytes")?,
        total_bytes: bytes(&usage, "total_bytes")?,
    })
}

fn piece(table: &Table) -> Result<Piece> {
    let notes: Option<Table> = table.raw_get("notes")?;
    let notes = notes.into_iter().flat_map(|notes| notes.pairs::<String, LuaString>().collect::<Vec<_>>());
    let notes = notes.map(|note| note.map(|(policy, note)| (policy, note.as_bytes().to_vec())));
    Ok(Piece {
        user: text(table, "user")?,
        size: bytes(table, "size")?,
        offset: bytes(table, "offset")?,
        bytes: Arc::new(table.raw_get::<LuaString>("bytes")?.as_bytes().to_vec()),
        is_last: is(table, "last")?,
        notes: notes.collect::<Result<BTreeMap<_, _>>>()?,
    })
}

fn room(table: &Table) -> Result<Room> {
    let occasion: Option<LuaString> = table.raw_get("occasion")?;
    let occasion = match occasion.as_ref().map(LuaString::as_bytes).as_deref() {
        Some(b"created") => Occasion::Created,
        Some(b"changed") => Occasion::Changed,
        _ => Occasion::Found,
    };
    Ok(Room { address: text(table, "address")?, occasion, actor: optional_text(table, "actor")? })
}

fn parties(table: &Table) -> Result<Parties> {
    let mut parties = Parties { is_blocked: is(table, "blocked")?, ..Parties::default() };
    if let Some(rooms) = table.raw_get::<Option<Table>>("rooms")? {
        (parties.is_exempt, parties.is_shared) = (is(&rooms, "exempt")?, is(&rooms, "shared")?);
    }
    if let Some(roles) = table.raw_get::<Option<Table>>("roles")? {
        (parties.sender_role, parties.recipient_role) =
            (optional_text(&roles, "sender")?, optional_text(&roles, "recipient")?);
    }
    if let Some(standing) = table.raw_get::<Option<Table>>("standing")? {
        parties.entry = standing.raw_get::<Option<Table>>("entry")?.map(|entry| contact(&entry)).transpose()?;
        parties.has_asked = is(&standing, "asked")?;
        (parties.is_connected, parties.is_greeted) = (is(&standing, "connected")?, is(&standing, "greeted")?);
    }
    Ok(parties)
}

fn contact(entry: &Table) -> Result<RosterEntry> {
    let subscription: Option<LuaString> = entry.raw_get("subscription")?;
    let subscription = subscription.as_ref().and_then(words::subscription).unwrap_or(Subscription::None);
    let groups: Option<Table> = entry.raw_get("groups")?;
    let groups =
        groups.into_iter().flat_map(|groups| groups.sequence_values::<LuaString>().take(GROUPS).collect::<Vec<_>>());
    let groups = groups.map(|group| group.map(|group| group.to_string_lossy())).collect::<Result<_>>()?;
    Ok(RosterEntry { subscription, groups })
}

/// Text of clients. What is no UTF-8 is no address and no nickname either.
fn optional_text(table: &Table, name: &str) -> Result<Option<String>> {
    let text: Option<LuaString> = table.raw_get(name)?;
    Ok(text.map(|text| text.to_string_lossy()))
}

fn text(table: &Table, name: &str) -> Result<String> {
    optional_text(table, name).map(Option::unwrap_or_default)
}

fn is(table: &Table, name: &str) -> Result<bool> {
    table.raw_get::<Option<bool>>(name).map(Option::unwrap_or_default)
}

/// Beyond the largest number it is the largest: whoever counts that far is over every limit.
fn count(table: &Table, name: &str) -> Result<u32> {
    bytes(table, name).map(|number| u32::try_from(number).unwrap_or(u32::MAX))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "such a cast saturates, as it should")]
fn bytes(table: &Table, name: &str) -> Result<u64> {
    table.raw_get::<Option<f64>>(name).map(|number| number.unwrap_or_default() as u64)
}
