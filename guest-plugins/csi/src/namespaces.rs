//! The namespaces of what a message or presence can hold.

/// Rooms, to those who are in them (XEP-0045).
pub const MUC_USER: &str = "http://jabber.org/protocol/muc#user";
/// What others publish (XEP-0060, XEP-0163).
pub const EVENT: &str = "http://jabber.org/protocol/pubsub#event";
/// Copies for other devices (XEP-0280).
pub const CARBONS: &str = "urn:xmpp:carbons:2";
/// A message inside another (XEP-0297).
pub const FORWARD: &str = "urn:xmpp:forward:0";
/// What an archive answers, in any version (XEP-0313).
pub const ARCHIVE: &str = "urn:xmpp:mam:";
/// Who is typing (XEP-0085).
pub const CHAT_STATES: &str = "http://jabber.org/protocol/chatstates";
/// What has arrived (XEP-0184).
pub const RECEIPTS: &str = "urn:xmpp:receipts";
/// What has been read (XEP-0333).
pub const MARKERS: &str = "urn:xmpp:chat-markers:0";
/// What somebody thinks of a message (XEP-0444).
pub const REACTIONS: &str = "urn:xmpp:reactions:0";
/// What somebody takes back (XEP-0424).
pub const RETRACTION: &str = "urn:xmpp:message-retract:1";
/// The same, as it was before version 0.4.
pub const FASTEN: &str = "urn:xmpp:fasten:0";
/// Which element a body stands for (XEP-0428).
pub const FALLBACK: &str = "urn:xmpp:fallback:0";
/// How a message is encrypted (XEP-0380).
pub const MARK: &str = "urn:xmpp:eme:0";
/// Whom a message mentions (XEP-0372).
pub const REFERENCE: &str = "urn:xmpp:reference:0";
/// What a message answers (XEP-0461).
pub const REPLY: &str = "urn:xmpp:reply:0";
/// Who is who in a room, whatever he is called (XEP-0421).
pub const OCCUPANT_ID: &str = "urn:xmpp:occupant-id:0";
