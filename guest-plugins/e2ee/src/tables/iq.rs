//! What may stand in an IQ to a server, an account or a room (strict mode).

use recognition::outside::Shape;
use recognition::outside::Value::{Address, Human, Number, OneOf, Token};
use recognition::outside::tables::{calls, rooms};

const ARCHIVE: &str = "urn:xmpp:mam:2";
const BLOCKING: &str = "urn:xmpp:blocking";
const REPORT: &str = "urn:xmpp:reporting:1";

/// What goes to an account or a room: addresses without a resource, for which a server answers
/// (RFC 6121 §8.5.2); no person gets to see it.
pub const OF_ACCOUNTS: &[&str] = &[
    "http://jabber.org/protocol/disco#info",
    "http://jabber.org/protocol/disco#items",
    "http://jabber.org/protocol/muc#admin",
    "http://jabber.org/protocol/muc#owner",
    "http://jabber.org/protocol/muc#unique",
    "http://jabber.org/protocol/pubsub",
    "http://jabber.org/protocol/pubsub#owner",
    "jabber:iq:last",
    "jabber:iq:privacy",
    "jabber:iq:private",
    "jabber:iq:register",
    "jabber:iq:roster",
    "jabber:iq:time",
    "jabber:iq:version",
    "urn:ietf:params:xml:ns:xmpp-session",
    "urn:xmpp:blocking",
    "urn:xmpp:carbons:2",
    "urn:xmpp:fasten:0",
    "urn:xmpp:http:upload:0",
    "urn:xmpp:jingle:1",
    "urn:xmpp:mam:2",
    "urn:xmpp:message-moderate:1",
    "urn:xmpp:ping",
    "urn:xmpp:push:0",
    "urn:xmpp:time",
    "vcard-temp",
];

/// Ways to send data past the messages: byte streams (XEP-0047, XEP-0065), file offers (XEP-0095), remote
/// calls (XEP-0009). Not even to a service: it would only hand them on.
pub const DATA: &[&str] = &["http://jabber.org/protocol/ibb", "http://jabber.org/protocol/si", "jabber:iq:rpc"];

/// Payloads that are looked into.
pub static IQ: &[Shape] =
    &[
        calls::IN_IQS,
        rooms::MEMBERS,
        rooms::MODERATE,
        rooms::FASTENED,
        Shape::new(ARCHIVE, &["prefs"]).with(&[("default", OneOf(&["always", "never", "roster"]))]).around(&[
            Shape::new(ARCHIVE, &["always", "never"]).around(&[Shape::new(ARCHIVE, &["jid"]).text(Address)]),
        ]),
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

/// What clients keep for themselves on the server (XEP-0049) that is not a note.
pub const PRIVATE: &[&str] = &["roster:delimiter", "storage:bookmarks", "storage:metacontacts"];

/// What an archive may be asked for (XEP-0313). A search for words is not among it.
pub const ARCHIVE_FIELDS: &[&str] =
    &["FORM_TYPE", "after-id", "before-id", "end", "ids", "include-groupchat", "start", "with"];
