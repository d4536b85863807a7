//! What one element of a message means to a person who is asleep.

use prosody_policy::{Element, STREAM_NAMESPACE};
use recognition::{Container, Scheme};

use crate::namespaces::*;

/// So many elements are looked at. Nobody writes more who means well, and there are a few milliseconds.
const MOST_ELEMENTS: usize = 512;

/// Has it more elements than anybody looks at? Then it is delivered: that is all it can gain.
pub fn has_too_many_elements(stanza: Element<'_>) -> bool {
    stanza.child_elements().nth(MOST_ELEMENTS).is_some()
}

/// What one element of a message means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Somebody or something waits for an answer, or ends what another device shows right now.
    Urgent(&'static str),
    /// An encrypted text.
    Ciphertext(&'static str),
    /// OMEMO keys without a text.
    Keys,
    /// A text.
    Body,
    /// A file, a place, a text with colours.
    Text,
    /// What a room or a conversation is about.
    Subject,
    /// Something that somebody publishes.
    Event,
    /// Something is taken back.
    Retraction,
    /// A message arrived or was read.
    Receipt,
    /// What somebody thinks of the message with this id.
    Reaction(&'a str),
    /// Somebody is typing, or not.
    ChatState,
    /// The body stands for an element of this namespace.
    Fallback(&'a str),
    /// Nothing by itself.
    Envelope,
    /// Nobody knows.
    Unknown,
}

impl<'a> Part<'a> {
    /// What this element means.
    pub fn of(element: Element<'a>) -> Self {
        if let Some(scheme) = Scheme::claimed(element) {
            return ciphertext(element, scheme);
        }
        match (element.name(), element.namespace()) {
            ("body", STREAM_NAMESPACE) if element.children().next().is_some() => Self::Body,
            ("subject", STREAM_NAMESPACE) => Self::Subject,
            ("body" | "thread", STREAM_NAMESPACE) => Self::Envelope,
            ("x", MUC_USER) => of_room(element),
            ("encryption", MARK) => Self::Ciphertext("encrypted"),
            ("event", EVENT) => Self::Event,
            ("retract" | "apply-to", RETRACTION | FASTEN) => Self::Retraction,
            ("request", RECEIPTS) | ("markable", MARKERS) => Self::Envelope,
            (_, RECEIPTS | MARKERS) => Self::Receipt,
            ("reactions", REACTIONS) => Self::Reaction(element.attribute("id").unwrap_or_default()),
            (_, CHAT_STATES) => Self::ChatState,
            ("fallback", FALLBACK) => fallback(element),
            (name, namespace) => urgent(name, namespace).map_or(of_others(namespace), Self::Urgent),
        }
    }
}

/// What cannot wait, whatever else stands beside it. A ring that stops has to stop at once.
fn urgent(name: &str, namespace: &str) -> Option<&'static str> {
    match (name, namespace) {
        (_, "urn:xmpp:jingle-message:0" | "urn:xmpp:jingle-message:1" | "urn:xmpp:call-invites:0") => Some("call"),
        ("attention", "urn:xmpp:attention:0") => Some("attention"),
        ("x", "jabber:x:conference") | ("invitation", "urn:xmpp:mix:misc:0") => Some("invitation"),
        // A form that somebody has to fill in: a room's question who may speak, a test for humans.
        ("x", "jabber:x:data") | ("captcha", "urn:xmpp:captcha") => Some("form"),
        ("confirm", "http://jabber.org/protocol/http-auth") => Some("login"),
        ("data" | "open" | "close", "http://jabber.org/protocol/ibb") => Some("file-transfer"),
        // The user's client asked for it.
        (_, namespace) if namespace.starts_with(ARCHIVE) => Some("asked-for"),
        _ => None,
    }
}

fn of_others<'a>(namespace: &str) -> Part<'a> {
    match namespace {
        "urn:xmpp:hints"
        | "urn:xmpp:delay"
        | "jabber:x:delay"
        | "urn:xmpp:sid:0"
        | OCCUPANT_ID
        | "urn:xmpp:message-correct:0"
        | "http://jabber.org/protocol/nick"
        | "http://jabber.org/protocol/address"
        | REFERENCE
        | REPLY => Part::Envelope,
        // Addresses and hashes of files, a text with colours, a place.
        "jabber:x:oob"
        | "urn:xmpp:sfs:0"
        | "urn:xmpp:sims:1"
        | "http://jabber.org/protocol/xhtml-im"
        | "http://jabber.org/protocol/geoloc" => Part::Text,
        _ => Part::Unknown,
    }
}

/// What a room says to one person; without anything inside it only tells that the message came from a room.
fn of_room<'a>(x: Element<'_>) -> Part<'a> {
    let mut names = x.child_elements().map(|child| child.name()).peekable();
    match names.peek() {
        None => Part::Envelope,
        Some(_) => names.find_map(word_of_room).map_or(Part::Unknown, Part::Urgent),
    }
}

/// Of what a room says, that which is not only about others who come and go.
pub fn word_of_room(name: &str) -> Option<&'static str> {
    match name {
        "invite" | "decline" => Some("invitation"),
        "status" | "destroy" => Some("room-notice"),
        _ => None,
    }
}

/// What claims to be ciphertext and is not is a text to somebody. To look into all keys is not worth it: OMEMO with a text
/// has a place for it.
fn ciphertext<'a>(element: Element<'_>, scheme: Scheme) -> Part<'a> {
    let is_omemo = matches!(scheme, Scheme::Omemo | Scheme::Omemo2);
    let has_text = element.child("payload", element.namespace()).is_some();
    if is_omemo && !has_text && matches!(recognition::container(element), Some((_, Container::KeyTransport))) {
        return Part::Keys;
    }
    Part::Ciphertext(scheme.word())
}

/// One that stands for the whole body: a part of it may be a quotation.
fn fallback(element: Element<'_>) -> Part<'_> {
    let is_whole = element.child_elements().all(|child| child.attribute("start").is_none());
    element.attribute("for").filter(|_| is_whole).map_or(Part::Envelope, Part::Fallback)
}
