//! The operator's settings.

use std::collections::BTreeMap;

use prosody_policy::STREAM_NAMESPACE;
use prosody_policy::texts::Texts;
use serde::Deserialize;

use crate::choice::{Choice, InRoom};
use crate::overrides::Overrides;
use crate::strangers::Limits;

/// The settings as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Who comes and goes: `newest` (default), `hold`, `deliver`.
    presence: Option<String>,
    /// Who is typing: `newest` (default), `hold`, `deliver`, `discard`.
    chat_states: Option<String>,
    /// What arrived and what was read: `hold` (default), `deliver`.
    receipts: Option<String>,
    /// Reactions: `newest` (default), `hold`, `deliver`.
    reactions: Option<String>,
    /// What others publish and broadcast: `hold` (default), `deliver`, `discard`.
    headlines: Option<String>,
    /// Copies of what the user sends with another device: `hold` (default), `deliver`.
    own_copies: Option<String>,
    /// OMEMO keys without a text: `hold` (default), `deliver`.
    key_transport: Option<String>,
    /// What people say in rooms: `mentions` (default), `deliver`, `hold`.
    room_messages: Option<String>,
    /// The same for single rooms.
    rooms: BTreeMap<String, String>,
    /// By the namespace of an element, or the node of what is published: `deliver`, `hold`, `newest`, `discard`.
    namespaces: BTreeMap<String, String>,
    /// What people may do whom a user does not have in his roster.
    strangers: StrangersSettings,
    /// What they read when it is too much, by language; and a `link` where to read more.
    texts: BTreeMap<String, String>,
}

/// What strangers may do.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct StrangersSettings {
    /// So many messages of one of them; any number without it.
    messages: Option<u32>,
    /// So many requests to see when somebody is online; any number without it.
    subscriptions: Option<u32>,
    /// In so many minutes (default: 1).
    minutes: Option<u32>,
    /// Does it wake anybody (default: true)?
    wake: Option<bool>,
}

/// The settings as they are used.
#[derive(Debug)]
pub struct Rules {
    /// Who comes and goes.
    pub presence: Choice,
    /// Who is typing.
    pub chat_states: Choice,
    /// What arrived and what was read.
    pub receipts: Choice,
    /// Reactions.
    pub reactions: Choice,
    /// What others publish and broadcast.
    pub headlines: Choice,
    /// Copies of what the user sends with another device.
    pub own_copies: Choice,
    /// OMEMO keys without a text.
    pub key_transport: Choice,
    /// What people say in rooms.
    pub room_messages: InRoom,
    /// The same for single rooms, in lower case.
    pub rooms: BTreeMap<String, InRoom>,
    /// By namespace.
    pub namespaces: Overrides,
    /// Do strangers wake anybody?
    pub strangers_wake: bool,
    /// What strangers read.
    pub texts: Texts,
}

const DELIVER: (&str, Choice) = ("deliver", Choice::Deliver);
const HOLD: (&str, Choice) = ("hold", Choice::Hold);
const NEWEST: (&str, Choice) = ("newest", Choice::Newest);
const DISCARD: (&str, Choice) = ("discard", Choice::Discard);
const IN_ROOM: &[(&str, InRoom)] =
    &[("mentions", InRoom::Mentions), ("deliver", InRoom::Deliver), ("hold", InRoom::Hold)];

impl Settings {
    /// Checks the settings; the error is for the operator.
    pub fn check(self) -> Result<(Rules, Limits), String> {
        let limits = self.strangers.limits()?;
        let rules = Rules {
            presence: choose("presence", self.presence, &[NEWEST, HOLD, DELIVER])?,
            chat_states: choose("chat_states", self.chat_states, &[NEWEST, HOLD, DELIVER, DISCARD])?,
            receipts: choose("receipts", self.receipts, &[HOLD, DELIVER])?,
            reactions: choose("reactions", self.reactions, &[NEWEST, HOLD, DELIVER])?,
            headlines: choose("headlines", self.headlines, &[HOLD, DELIVER, DISCARD])?,
            own_copies: choose("own_copies", self.own_copies, &[HOLD, DELIVER])?,
            key_transport: choose("key_transport", self.key_transport, &[HOLD, DELIVER])?,
            room_messages: choose("room_messages", self.room_messages, IN_ROOM)?,
            rooms: self.rooms.into_iter().map(room).collect::<Result<_, _>>()?,
            namespaces: Overrides::new(self.namespaces.into_iter().map(namespace).collect::<Result<_, _>>()?),
            strangers_wake: self.strangers.wake.unwrap_or(true),
            texts: Texts::new(self.texts)?,
        };
        Ok((rules, limits))
    }
}

/// The choice that a word stands for; the first when there is none.
fn choose<C: Copy>(setting: &str, word: Option<String>, choices: &[(&str, C)]) -> Result<C, String> {
    let is_chosen = |(known, _): &&(&str, C)| word.as_ref().is_none_or(|word| word == known);
    choices.iter().find(is_chosen).map(|(_, choice)| *choice).ok_or_else(|| {
        let known: Vec<String> = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        let (last, others) = known.split_last().map_or(("", String::new()), |(last, others)| (last, others.join(", ")));
        format!("`{setting}` cannot be \"{}\": it is {others} or {last}", word.unwrap_or_default())
    })
}

fn room((room, word): (String, String)) -> Result<(String, InRoom), String> {
    let is_room = room.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if !is_room || room.contains(['/', ' ']) {
        return Err(format!(
            "`rooms` has \"{room}\": it holds the addresses of rooms, like \"team@rooms.example.org\""
        ));
    }
    let choice = choose(&format!("rooms.{room}"), Some(word), IN_ROOM)?;
    Ok((room.to_lowercase(), choice))
}

fn namespace((namespace, word): (String, String)) -> Result<(String, Choice), String> {
    if namespace.is_empty() || namespace == STREAM_NAMESPACE {
        return Err(format!(
            "`namespaces` has \"{namespace}\": that is every message; it holds the namespaces of single elements"
        ));
    }
    let choice = choose(&format!("namespaces.{namespace}"), Some(word), &[DELIVER, HOLD, NEWEST, DISCARD])?;
    Ok((namespace, choice))
}

impl StrangersSettings {
    fn limits(&self) -> Result<Limits, String> {
        let numbers = [("messages", self.messages, 10_000), ("subscriptions", self.subscriptions, 10_000)];
        for (name, number, most) in numbers.into_iter().chain([("minutes", self.minutes, 1_440)]) {
            if number.is_some_and(|number| !(1..=most).contains(&number)) {
                return Err(format!(
                    "`strangers.{name}` cannot be {}: it is 1 to {most}, or not there",
                    number.unwrap_or_default()
                ));
            }
        }
        if self.minutes.is_some() && self.messages.or(self.subscriptions).is_none() {
            return Err(
                "`strangers.minutes` limits nothing by itself: set `messages` or `subscriptions` as well".into()
            );
        }
        let seconds = 60 * u64::from(self.minutes.unwrap_or(1));
        Ok(Limits { messages: self.messages, subscriptions: self.subscriptions, seconds })
    }
}
