//! What the shim knows about one stanza besides the stanza, read from Lua tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use mlua::{LuaString, Result, Table, Value};
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
/// room, keys, change }`. What is there is looked at, not what could be: most often that is one thing.
pub fn known(table: &Table) -> Result<Known> {
    let mut known = Known::default();
    table.for_each(|name: LuaString, value: Value| known.learn(&name.as_bytes(), &value))?;
    Ok(known)
}

impl Known {
    fn learn(&mut self, name: &[u8], value: &Value) -> Result<()> {
        match (name, value) {
            (b"subscription", Value::String(word)) => self.subscription = words::subscription(word),
            (b"judged", Value::Boolean(judged)) => self.is_judged = *judged,
            (b"wanted", Value::Boolean(wanted)) => self.is_wanted = *wanted,
            (b"blocked", Value::Boolean(blocked)) => self.parties.is_blocked = *blocked,
            (b"nickname", Value::String(name)) => self.nickname = Some(name.to_string_lossy()),
            (b"rooms", Value::Table(part)) => rooms(part, &mut self.parties)?,
            (b"roles", Value::Table(part)) => roles(part, &mut self.parties)?,
            (b"standing", Value::Table(part)) => standing(part, &mut self.parties)?,
            (_, Value::Table(part)) => self.about = about(name, part)?.unwrap_or(std::mem::take(&mut self.about)),
            _ => {}
        }
        Ok(())
    }
}

fn about(name: &[u8], part: &Table) -> Result<Option<About>> {
    Ok(Some(match name {
        b"registration" => About::Registration(registration(part)?),
        b"slot" => About::Slot(slot(part)?),
        b"piece" => About::Piece(piece(part)?),
        b"room" => About::Room(room(part)?),
        b"keys" => About::Keys(Keys {
            owner: text(part, "owner")?,
            reader: text(part, "reader")?,
            shares_room: is(part, "shares_room")?,
        }),
        b"change" => About::Blocklist(Blocklist {
            user: text(part, "user")?,
            is_blocking: is(part, "blocking")?,
            count: count(part, "count")?,
            blocked: count(part, "blocked")?,
        }),
        _ => return Ok(None),
    }))
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

fn rooms(part: &Table, parties: &mut Parties) -> Result<()> {
    (parties.is_exempt, parties.is_shared) = (is(part, "exempt")?, is(part, "shared")?);
    Ok(())
}

fn roles(part: &Table, parties: &mut Parties) -> Result<()> {
    (parties.sender_role, parties.recipient_role) = (optional_text(part, "sender")?, optional_text(part, "recipient")?);
    Ok(())
}

fn standing(part: &Table, parties: &mut Parties) -> Result<()> {
    parties.entry = part.raw_get::<Option<Table>>("entry")?.map(|entry| contact(&entry)).transpose()?;
    parties.has_asked = is(part, "asked")?;
    (parties.is_connected, parties.is_greeted) = (is(part, "connected")?, is(part, "greeted")?);
    Ok(())
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
