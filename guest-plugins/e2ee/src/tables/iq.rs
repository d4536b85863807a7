//! What may stand in an IQ (strict mode).

use recognition::outside::Shape;
use recognition::outside::Value::{Address, Human, Number, OneOf, Token};
use recognition::outside::tables::{calls, rooms};

const BLOCKING: &str = "urn:xmpp:blocking";
const REPORT: &str = "urn:xmpp:reporting:1";

/// Questions that software asks software, also a person's. They hold no text.
pub static QUESTIONS: &[Shape] = &[
    Shape::new("http://jabber.org/protocol/disco#info", &["query"]).with(&[("node", Token)]),
    Shape::new("http://jabber.org/protocol/disco#items", &["query"]).with(&[("node", Token)]).around(&[PAGES]),
    Shape::new("jabber:iq:last", &["query"]),
    Shape::new("jabber:iq:time", &["query"]),
    Shape::new("jabber:iq:version", &["query"]),
    Shape::new("urn:xmpp:ping", &["ping"]),
    Shape::new("urn:xmpp:time", &["time"]),
];

/// The one answer to them with a text of a person: the last status (XEP-0012 §4).
pub static LAST: Shape = Shape::new("jabber:iq:last", &["query"]).with(&[("seconds", Number)]).text(Human);

/// What goes to an account or a room: addresses without a resource, for which a server answers
/// (RFC 6121 §8.5.2); no person gets to see it.
pub const OF_ACCOUNTS: &[&str] = &[
    "http://jabber.org/protocol/muc#unique",
    "http://jabber.org/protocol/pubsub#owner",
    "jabber:iq:privacy",
    "jabber:iq:register",
    "jabber:iq:roster",
    "urn:ietf:params:xml:ns:xmpp-session",
    "urn:xmpp:carbons:2",
    "urn:xmpp:http:upload:0",
    "urn:xmpp:push:0",
];

/// Ways to send data past the messages: byte streams (XEP-0047, XEP-0065), file offers (XEP-0095), remote
/// calls (XEP-0009). Not even to a service: it would only hand them on.
pub const DATA: &[&str] = &["http://jabber.org/protocol/ibb", "http://jabber.org/protocol/si", "jabber:iq:rpc"];

/// Payloads that are looked into.
pub static IQ: &[Shape] = &[
    calls::IN_IQS,
    rooms::MEMBERS,
    rooms::MODERATE,
    rooms::FASTENED,
    Shape::new(BLOCKING, &["block", "blocklist", "unblock"]).around(&[Shape::new(BLOCKING, &["item"])
        .with(&[("jid", Address)])
        .around(&[Shape::new(REPORT, &["report"])
            .with(&[("reason", OneOf(&["urn:xmpp:reporting:abuse", "urn:xmpp:reporting:spam"]))])
            .around(&[
                Shape::new("urn:xmpp:sid:0", &["stanza-id"]).with(&[("by", Address), ("id", Token)]),
                Shape::new(REPORT, &["text"]).text(Human),
            ])])]),
];

/// Pages of results (XEP-0059).
pub const PAGES: Shape = Shape::new("http://jabber.org/protocol/rsm", &["set"]).around(&[
    Shape::new("http://jabber.org/protocol/rsm", &["after", "before", "first", "last"])
        .with(&[("index", Number)])
        .text(Token),
    Shape::new("http://jabber.org/protocol/rsm", &["count", "index", "max"]).text(Number),
]);

/// The one thing in a vCard that is not text.
pub const PICTURE: (&str, &str) = ("PHOTO", "vcard-temp");

/// What clients keep for themselves on the server (XEP-0049) that is not a note.
pub const PRIVATE: &[&str] = &["roster:delimiter", "storage:bookmarks", "storage:metacontacts"];

/// What an archive may be asked for (XEP-0313). A search for words is not among it.
pub const ARCHIVE_FIELDS: &[&str] =
    &["FORM_TYPE", "after-id", "before-id", "end", "ids", "include-groupchat", "start", "with"];
