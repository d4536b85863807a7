//! The operator's settings.

use prosody_policy::List;
use serde::Deserialize;

use crate::services::Services;

/// The settings as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The services that may be told, by address: `push.example.org`, `*.example.org`, `pusher@push.example.org`.
    services: List,
    /// How many devices a user may register (default: 5).
    registrations: Option<u32>,
    /// How often an hour a user may register one, new or not (default: 60).
    hourly_registrations: Option<u32>,
    /// Does a notification say "New Message!" or nothing at all (default: true)?
    text: Option<bool>,
    /// Seconds between two notifications of one device (default: 10).
    pause: Option<u32>,
    /// How often an hour a user is notified (default: 120).
    hourly: Option<u32>,
    /// Which messages of rooms: `mentions` (default), `all`, `none`.
    rooms: Option<String>,
    /// Do calls ring (default: true)?
    calls: Option<bool>,
    /// Is a user told of invitations to rooms (default: true)?
    invitations: Option<bool>,
    /// Is a user told of those who want to be contacts (default: true)?
    subscriptions: Option<bool>,
}

/// Which messages of rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rooms {
    /// Those that call the user by name, and encrypted ones, which may.
    Mentions,
    /// All that somebody else wrote.
    All,
    /// None.
    None,
}

/// The settings as they are used.
#[derive(Debug)]
pub struct Rules {
    /// Who may be told.
    pub services: Services,
    /// How many devices of a user.
    pub registrations: u32,
    /// How often an hour a user may register one.
    pub hourly_registrations: u32,
    /// With the constant text?
    pub text: bool,
    /// Seconds.
    pub pause: u32,
    /// How often an hour a user is notified.
    pub hourly: u32,
    /// Which messages of rooms.
    pub rooms: Rooms,
    /// Do calls ring?
    pub calls: bool,
    /// Is a user told of invitations to rooms?
    pub invitations: bool,
    /// Is a user told of those who want to be contacts?
    pub subscriptions: bool,
}

impl Settings {
    /// Checks the settings; the error is for the operator.
    pub fn check(self) -> Result<Rules, String> {
        Ok(Rules {
            services: Services::new(&self.services.entries())?,
            registrations: number("registrations", self.registrations, 5, (1, 100))?,
            hourly_registrations: number("hourly_registrations", self.hourly_registrations, 60, (1, 10_000))?,
            text: self.text.unwrap_or(true),
            pause: number("pause", self.pause, 10, (0, 3_600))?,
            hourly: number("hourly", self.hourly, 120, (1, 10_000))?,
            rooms: rooms(self.rooms.as_deref())?,
            calls: self.calls.unwrap_or(true),
            invitations: self.invitations.unwrap_or(true),
            subscriptions: self.subscriptions.unwrap_or(true),
        })
    }
}

fn number(name: &str, set: Option<u32>, usual: u32, (least, most): (u32, u32)) -> Result<u32, String> {
    match set.unwrap_or(usual) {
        number if number < least => Err(format!(
            "`{name}` cannot be {number}: it is {least} to {most}; to notify nobody, leave `services` empty"
        )),
        number if number > most => Err(format!("`{name}` cannot be {number}: it is {least} to {most}")),
        number => Ok(number),
    }
}

fn rooms(word: Option<&str>) -> Result<Rooms, String> {
    match word {
        None | Some("mentions") => Ok(Rooms::Mentions),
        Some("all") => Ok(Rooms::All),
        Some("none") => Ok(Rooms::None),
        Some(word) => Err(format!("`rooms` cannot be \"{word}\": it is \"mentions\", \"all\" or \"none\"")),
    }
}
