//! What a stanza is to somebody whose device is asleep.
//!
//! Wishes about keeping (XEP-0334) do not matter here: nothing of a message is in a notification.

mod text;
mod unsaid;

use prosody_policy::{Element, Notification, Party};
use recognition::mention::mentions;

use crate::call::rings;
use crate::copies;
use crate::settings::{Rooms, Rules};

use text::Text;

const ARCHIVE: &str = "urn:xmpp:mam:2";
const EVENTS: &str = "http://jabber.org/protocol/pubsub#event";
const MUC_USER: &str = "http://jabber.org/protocol/muc#user";
const INVITATION: &str = "jabber:x:conference";
const ATTENTION: &str = "urn:xmpp:attention:0";

/// A reason to notify somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// For logs.
    pub reason: &'static str,
    /// Can it wait for others?
    pub urgency: Urgency,
}

/// Can a notification wait for others?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// No.
    AtOnce,
    /// It may become one with them.
    Merged,
}

impl Occasion {
    fn merged(reason: &'static str) -> Self {
        Self { reason, urgency: Urgency::Merged }
    }

    fn at_once(reason: &'static str) -> Self {
        Self { reason, urgency: Urgency::AtOnce }
    }
}

/// An occasion, or why a stanza is none.
type Found = Result<Occasion, &'static str>;

/// The occasion that the current stanza is.
pub fn of(root: Element<'_>, notification: &Notification, rules: &Rules) -> Found {
    let user = &notification.registration.user;
    match root.name() {
        _ if notification.passage.source == Party::Service && unsaid::is_notification(root) => unsaid::of(root, rules),
        "message" => {
            let message = copies::inside(root, user).unwrap_or(root);
            Sleeper { user, nickname: notification.nickname.as_deref(), rules }.message(message)
        }
        "presence" if root.attribute("type") != Some("subscribe") || is_from(root, user) => Err("presence"),
        "presence" => wanted("subscription", "subscriptions-off", rules.subscriptions),
        _ => Err("iq"),
    }
}

/// Whom to notify.
struct Sleeper<'a> {
    user: &'a str,
    nickname: Option<&'a str>,
    rules: &'a Rules,
}

impl Sleeper<'_> {
    fn message(&self, message: Element<'_>) -> Found {
        let is_own = is_from(message, self.user);
        match message.attribute("type") {
            Some("error") => Err("error"),
            // Who asks for attention says it in a headline (XEP-0224).
            Some("headline") if is_own || !asks_for_attention(message) => Err("headline"),
            _ if message.child("event", EVENTS).is_some() => Err("event"),
            _ if message.child("result", ARCHIVE).is_some() => Err("archive"),
            Some("groupchat") => self.room(message),
            _ if is_own => Err("own"),
            _ if rings(message) => called(self.rules),
            _ => self.direct(message),
        }
    }

    fn direct(&self, message: Element<'_>) -> Found {
        if is_invitation(message) {
            return wanted("invitation", "invitations-off", self.rules.invitations);
        }
        match text::of(message) {
            Ok(Text::Encrypted) => Ok(Occasion::merged("encrypted")),
            Ok(Text::Readable) => Ok(Occasion::merged("message")),
            Err(_) if asks_for_attention(message) => Ok(Occasion::merged("attention")),
            Err(reason) => Err(reason),
        }
    }

    fn room(&self, message: Element<'_>) -> Found {
        if self.rules.rooms == Rooms::None {
            return Err("rooms-off");
        }
        if self.is_said_by_himself(message) {
            return Err("own");
        }
        if rings(message) {
            return called(self.rules);
        }
        match (text::of(message)?, self.rules.rooms) {
            // Whether he is mentioned inside nobody can see.
            (Text::Encrypted, _) => Ok(Occasion::merged("room-encrypted")),
            (Text::Readable, Rooms::All) => Ok(Occasion::merged("room")),
            (Text::Readable, _) if mentions(message, self.nickname, Some(self.user)) => Ok(Occasion::merged("mention")),
            (Text::Readable, _) => Err("no-mention"),
        }
    }

    /// A room gives everybody what he said as well.
    fn is_said_by_himself(&self, message: Element<'_>) -> bool {
        let occupant = message.attribute("from").and_then(|from| from.split_once('/')).map(|(_, nickname)| nickname);
        is_from(message, self.user) || occupant.is_some() && occupant == self.nickname
    }
}

fn called(rules: &Rules) -> Found {
    if rules.calls { Ok(Occasion::at_once("call")) } else { Err("calls-off") }
}

fn wanted(reason: &'static str, off: &'static str, is_wanted: bool) -> Found {
    if is_wanted { Ok(Occasion::merged(reason)) } else { Err(off) }
}

/// To a room, by whoever is in it (XEP-0249) or by the room itself (XEP-0045 §7.8.2).
fn is_invitation(message: Element<'_>) -> bool {
    let is_by_room = |x: Element<'_>| x.is("x", MUC_USER) && x.child("invite", MUC_USER).is_some();
    message.child("x", INVITATION).is_some() || message.child_elements().any(is_by_room)
}

fn asks_for_attention(message: Element<'_>) -> bool {
    message.child("attention", ATTENTION).is_some()
}

/// From any device of this user?
fn is_from(stanza: Element<'_>, user: &str) -> bool {
    let from = stanza.attribute("from").map(|from| from.split_once('/').map_or(from, |(bare, _)| bare));
    from.is_some_and(|from| from.eq_ignore_ascii_case(user))
}
