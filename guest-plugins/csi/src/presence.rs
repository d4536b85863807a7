//! When presence is delivered. It is most of what an inactive client would get, so it is looked at from outside.

use prosody_policy::{Deliver, Delivery, Ruling, envelope};
use recognition::namespaces::PGP_ENCRYPTED;

use crate::address::resource;
use crate::choice::{deliver, hold, key};
use crate::namespaces::MUC_USER;
use crate::part::word_of_room;
use crate::{Csi, strangers};

impl Csi {
    /// When the current presence is delivered.
    pub(crate) fn presence(&self, delivery: &Delivery) -> Ruling<Deliver> {
        match envelope::attribute("type").as_deref() {
            None | Some("unavailable") => self.availability(delivery),
            Some("error") => deliver("error"),
            Some("subscribe") if !self.rules.strangers_wake && strangers::asks(delivery) => hold("stranger"),
            Some(_) => deliver("subscription"),
        }
    }

    /// Somebody comes or goes, or says how he is. Of each device, or each occupant of a room, only the last word counts.
    fn availability(&self, delivery: &Delivery) -> Ruling<Deliver> {
        let from = envelope::attribute("from").unwrap_or_default();
        let nickname = delivery.nickname.as_deref();
        if from.is_empty() || envelope::attribute("to").as_deref() == Some(&from) {
            return deliver("own");
        }
        if nickname.is_some() && resource(&from) == nickname {
            return deliver("own-in-room");
        }
        let payloads = envelope::payloads();
        let namespaces = || payloads.iter().map(|payload| payload.namespace.as_str());
        if let Some(reason) = namespaces().find_map(urgent) {
            return deliver(reason);
        }
        if namespaces().any(|namespace| namespace == MUC_USER) && is_notice() {
            return deliver("room-notice");
        }
        let (choice, what) = match self.rules.namespaces.of(namespaces()) {
            Some((choice, _)) => (choice, "namespace"),
            None => (self.rules.presence, "presence"),
        };
        choice.ruling(what, || key("presence", &from, ""))
    }
}

/// A call in a room (XEP-0272), or a ciphertext.
fn urgent(namespace: &str) -> Option<&'static str> {
    match namespace {
        "urn:xmpp:jingle:muji:0" | "http://telepathy.freedesktop.org/muji" => Some("call"),
        PGP_ENCRYPTED => Some("encrypted"),
        namespace if namespace.starts_with("urn:xmpp:call-invites:") => Some("call"),
        _ => None,
    }
}

/// Does a room say more than that somebody is there or not: that it is the user himself, that somebody has a new name,
/// was thrown out, that the room is gone?
fn is_notice() -> bool {
    let stanza = prosody_policy::stanza();
    let mut rooms = stanza.root().child_elements().filter(|child| child.is("x", MUC_USER));
    rooms.any(|x| x.child_elements().any(|child| word_of_room(child.name()).is_some()))
}
