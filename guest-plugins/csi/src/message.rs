//! When a message is delivered.

use prosody_policy::{Deliver, Delivery, Element, Ruling, STREAM_NAMESPACE, envelope};
use recognition::mention::mentions;

use crate::Csi;
use crate::address::{bare, domain, resource};
use crate::choice::{Choice, InRoom, deliver, hold, key};
use crate::kind::Kind;
use crate::namespaces::{EVENT, MUC_USER, OCCUPANT_ID};
use crate::opened::{Opened, Role};
use crate::strangers;

impl Csi {
    /// When the current message is delivered.
    pub(crate) fn message(&self, delivery: &Delivery) -> Ruling<Deliver> {
        // Events are many and long, and are known from outside.
        if self.rules.namespaces.is_empty() && is_event() {
            return self.headline();
        }
        let stanza = prosody_policy::stanza();
        let opened = Opened::new(stanza.root());
        match opened.role {
            // Whatever it says that it is: a room, an archive and a form have other senders.
            _ if !self.rules.strangers_wake && strangers::is_waiting(&opened, delivery) => hold("stranger"),
            _ if opened.kind == Kind::Error => deliver("error"),
            role => self.by_namespace(&opened).unwrap_or_else(|| match role {
                Role::Sent => self.own_copy(&opened),
                _ => self.by_kind(&opened, delivery),
            }),
        }
    }

    fn by_namespace(&self, opened: &Opened<'_>) -> Option<Ruling<Deliver>> {
        let from = opened.message.attribute("from").unwrap_or_default();
        let (choice, namespace) = self.rules.namespaces.of_message(opened.message)?;
        // What a person wrote is not lost for what stands beside it.
        if matches!(choice, Choice::Newest | Choice::Discard) && opened.kind.is_missed() {
            return None;
        }
        Some(mergeable(opened, choice).ruling("namespace", || key("namespace", from, namespace)))
    }

    fn by_kind(&self, opened: &Opened<'_>, delivery: &Delivery) -> Ruling<Deliver> {
        let (message, rules) = (opened.message, &self.rules);
        let in_room = opened.role == Role::Direct && message.attribute("type") == Some("groupchat");
        match opened.kind {
            Kind::Text if in_room => self.in_room(message, "text", delivery),
            Kind::Encrypted(scheme) if in_room => self.in_room(message, scheme, delivery),
            Kind::Text => deliver("text"),
            Kind::Encrypted(reason) | Kind::Urgent(reason) => deliver(reason),
            Kind::Error => deliver("error"),
            Kind::Subject => deliver("subject"),
            Kind::Headline if is_announcement(message, opened.role) => deliver("announcement"),
            Kind::Headline => self.headline(),
            Kind::Keys => rules.key_transport.ruling("key-transport", String::new),
            Kind::Receipt => rules.receipts.ruling("receipt", String::new),
            Kind::Reaction(id) => match (rules.reactions, whose(message, delivery)) {
                (Choice::Newest, None) => hold("reaction"),
                (choice, whose) => {
                    mergeable(opened, choice).ruling("reaction", || key("reaction", &whose.unwrap_or_default(), id))
                }
            },
            Kind::ChatState => mergeable(opened, rules.chat_states)
                .ruling("chat-state", || key("chat-state", &party(message, delivery), kind_of_chat(message))),
            Kind::Retraction => hold("retraction"),
            Kind::Unknown => hold("unknown"),
            Kind::Empty => hold("empty"),
        }
    }

    /// What somebody says to everybody in a room.
    fn in_room(&self, message: Element<'_>, what: &str, delivery: &Delivery) -> Ruling<Deliver> {
        let from = message.attribute("from").unwrap_or_default();
        let nickname = delivery.nickname.as_deref();
        let room = self.rules.rooms.get(&bare(from).to_lowercase());
        match room.copied().unwrap_or(self.rules.room_messages) {
            // The room gives back what the user himself said.
            _ if nickname.is_some() && resource(from) == nickname => hold("own"),
            InRoom::Deliver => deliver(what),
            InRoom::Hold => hold("room"),
            InRoom::Mentions if what != "text" => deliver(what),
            InRoom::Mentions => match nickname {
                None => deliver("nickname-unknown"),
                Some(_) if mentions(message, nickname, Some(&user())) => deliver("mention"),
                Some(_) => hold("room"),
            },
        }
    }

    /// A copy of what the user did with another device. A ring stops when he answers there.
    fn own_copy(&self, opened: &Opened<'_>) -> Ruling<Deliver> {
        let to = opened.message.attribute("to").unwrap_or_default();
        match (opened.kind, self.rules.own_copies) {
            (Kind::Urgent("call"), _) => deliver("call"),
            (Kind::ChatState, Choice::Hold) if self.rules.chat_states != Choice::Deliver => {
                self.rules.chat_states.ruling("own-copy", || key("own-chat-state", bare(to), ""))
            }
            (_, choice) => choice.ruling("own-copy", String::new),
        }
    }

    fn headline(&self) -> Ruling<Deliver> {
        self.rules.headlines.ruling("headline", String::new)
    }
}

/// Nothing that somebody else wrote may be lost for what is passed on, or for what has no sender.
fn mergeable(opened: &Opened<'_>, choice: Choice) -> Choice {
    let has_sender =
        opened.role != Role::Forwarded && opened.message.attribute("from").is_some_and(|from| !from.is_empty());
    match choice {
        Choice::Newest if !has_sender => Choice::Hold,
        choice => choice,
    }
}

fn is_from_occupant(message: Element<'_>, delivery: &Delivery) -> bool {
    message.attribute("type") == Some("groupchat")
        || delivery.nickname.is_some()
        || message.child("x", MUC_USER).is_some()
}

/// Whose chat state it is: that of a person on all his devices, or of whoever has a name in a room.
fn party(message: Element<'_>, delivery: &Delivery) -> String {
    let from = message.attribute("from").unwrap_or_default();
    let address = if is_from_occupant(message, delivery) { from } else { bare(from) };
    address.to_owned()
}

/// Whose reaction it is. Under a name that somebody leaves in a room comes somebody else: only the room knows who is who
/// (XEP-0421). `None` if it does not say.
fn whose(message: Element<'_>, delivery: &Delivery) -> Option<String> {
    let party = party(message, delivery);
    if !is_from_occupant(message, delivery) {
        return Some(party);
    }
    let id = message.child("occupant-id", OCCUPANT_ID)?.attribute("id")?;
    Some(format!("{party}\n{id}"))
}

/// In a room with everybody, or with one.
fn kind_of_chat(message: Element<'_>) -> &'static str {
    if message.attribute("type") == Some("groupchat") { "room" } else { "" }
}

fn user() -> String {
    bare(&envelope::attribute("to").unwrap_or_default()).to_owned()
}

/// Something published, with nothing else in the message.
fn is_event() -> bool {
    let is_headline = envelope::attribute("type").as_deref() == Some("headline");
    let is_expected = |namespace: &str| matches!(namespace, EVENT | "urn:xmpp:hints" | "urn:xmpp:delay");
    is_headline && envelope::payloads().iter().all(|payload| is_expected(&payload.namespace))
}

/// What the user's own server tells people (motd, announcements).
fn is_announcement(message: Element<'_>, role: Role) -> bool {
    let from = message.attribute("from").filter(|_| role == Role::Direct);
    let has_text = message.child("body", STREAM_NAMESPACE).is_some_and(|body| body.children().next().is_some());
    has_text && from.is_some_and(|from| message.attribute("to").map(domain) == Some(from))
}
