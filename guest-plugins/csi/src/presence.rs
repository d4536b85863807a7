//! When presence is delivered: most of what an inactive client would get.

use prosody_policy::{Deliver, Delivery, Element, Ruling, envelope};
use recognition::namespaces::PGP_ENCRYPTED;

use crate::address::resource;
use crate::choice::{deliver, hold, key};
use crate::namespaces::MUC_USER;
use crate::part::{has_too_many_elements, word_of_room};
use crate::{Csi, strangers};

impl Csi {
    /// When the current presence is delivered.
    pub(crate) fn presence(&self, delivery: &Delivery) -> Ruling<Deliver> {
        match envelope::attribute("type").as_deref() {
            None | Some("unavailable") => self.availability(delivery),
            Some("error" | "subscribe") if self.is_waiting_stranger(delivery) => hold("stranger"),
            Some("error") => deliver("error"),
            Some(_) => deliver("subscription"),
        }
    }

    /// Somebody comes or goes, or says how he is. Of each device, or each occupant of a room, only the last word counts.
    fn availability(&self, delivery: &Delivery) -> Ruling<Deliver> {
        let stanza = prosody_policy::stanza();
        let presence = stanza.root();
        let from = presence.attribute("from").unwrap_or_default();
        let nickname = delivery.nickname.as_deref();
        if from.is_empty() || presence.attribute("to") == Some(from) {
            return deliver("own");
        }
        if nickname.is_some() && resource(from) == nickname {
            return deliver("own-in-room");
        }
        // Whatever it says: a room that the user has entered has a nickname for him.
        let may_wake = !self.is_waiting_stranger(delivery);
        if has_too_many_elements(presence) {
            return if may_wake { deliver("many-elements") } else { hold("stranger") };
        }
        if let Some(reason) = presence.child_elements().find_map(urgent) {
            return if may_wake { deliver(reason) } else { hold("stranger") };
        }
        let namespaces = presence.child_elements().map(|child| child.namespace());
        let (choice, what) = match self.rules.namespaces.of(namespaces) {
            Some((choice, _)) => (choice, "namespace"),
            None => (self.rules.presence, "presence"),
        };
        choice.ruling(what, || key("presence", from, ""))
    }

    fn is_waiting_stranger(&self, delivery: &Delivery) -> bool {
        !self.rules.strangers_wake && delivery.nickname.is_none() && strangers::asks(delivery)
    }
}

/// A call in a room (XEP-0272), a ciphertext, or what a room says besides that somebody is there or not: that it is the
/// user himself, that somebody has a new name or was thrown out, that the room is gone.
fn urgent(child: Element<'_>) -> Option<&'static str> {
    match child.namespace() {
        "urn:xmpp:jingle:muji:0" | "http://telepathy.freedesktop.org/muji" | "urn:xmpp:call-invites:0" => Some("call"),
        PGP_ENCRYPTED => Some("encrypted"),
        MUC_USER => child.child_elements().find_map(|said| word_of_room(said.name())),
        _ => None,
    }
}
