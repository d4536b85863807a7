//! Copies of messages (XEP-0280) go only to devices that can do something with them.
//!
//! OTR is between two devices: a third one cannot read it, and answers the question for it on its own. What a sender or
//! a room wants nobody else to have is not copied either. For the rest the server's own rules stay in force.

use prosody_policy::{Carbon, CarbonsPolicy, Direction, Element, Passage, Policy, Ruling, STREAM_NAMESPACE};
use recognition::{Scheme, namespaces, otr};
use serde::Deserialize;

const CARBONS: &str = "urn:xmpp:carbons:2";
const HINTS: &str = "urn:xmpp:hints";
const MARK: &str = "urn:xmpp:eme:0";
const MUC_USER: &str = "http://jabber.org/protocol/muc#user";

/// The operator's settings.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Are texts, encrypted or not, copied only to devices that publish OMEMO keys?
    encrypting_devices_only: bool,
}

/// The policy.
#[derive(Debug)]
pub struct Carbons {
    settings: Settings,
}

impl Policy for Carbons {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { settings })
    }
}

impl CarbonsPolicy for Carbons {
    fn copy(&mut self, passage: Passage) -> Ruling<Carbon> {
        let stanza = prosody_policy::stanza();
        let root = stanza.root();
        if let Some(reason) = reason_against(root, passage.direction) {
            return Ruling::new(Carbon::Skip, reason);
        }
        match self.settings.encrypting_devices_only && has_text(root) {
            true => Ruling::new(Carbon::CopyToEncrypting, "text"),
            false => Ruling::new(Carbon::Copy, "nothing-against-it"),
        }
    }
}

/// Why nobody gets a copy. `private` comes first, because the server takes that element out of what it delivers.
fn reason_against(root: Element<'_>, direction: Direction) -> Option<&'static str> {
    match () {
        () if root.child("private", CARBONS).is_some() => Some("private"),
        () if root.child("no-copy", HINTS).is_some() => Some("hint"),
        () if direction == Direction::Incoming && is_from_occupant(root) => Some("muc-pm"),
        () if is_otr(root) => Some("otr"),
        () => None,
    }
}

/// From somebody in a room to one device that entered it (XEP-0280 §6.1); what the room itself says, like an
/// invitation, has no resource.
fn is_from_occupant(root: Element<'_>) -> bool {
    root.child("x", MUC_USER).is_some() && root.attribute("from").is_some_and(|from| from.contains('/'))
}

/// Does any body speak OTR or offer it, or does the sender say so (XEP-0380)?
fn is_otr(root: Element<'_>) -> bool {
    let marked = root
        .child_elements()
        .any(|child| child.is("encryption", MARK) && child.attribute("namespace") == Some(namespaces::OTR));
    marked || bodies(root).any(|body| otr::is_meant(&body.text()))
}

/// Did somebody write something, encrypted or not?
fn has_text(root: Element<'_>) -> bool {
    bodies(root).next().is_some() || root.child_elements().any(|child| Scheme::claimed(child).is_some())
}

fn bodies(root: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    root.child_elements().filter(|child| child.is("body", STREAM_NAMESPACE))
}

prosody_policy::policy!(Carbons: carbons);
