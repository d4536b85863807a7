//! What may stand in a message outside ciphertext.

use crate::namespaces::{OMEMO, OMEMO_0, OMEMO_1, OMEMO_2, OPENPGP, OTR, PGP_ENCRYPTED};

use crate::outside::shape::Shape;
use crate::outside::tables::rooms;
use crate::outside::values::Value::{self, Address, Boolean, Emoji, Name, Number, OneOf, Thread, Time, Token};

const STREAM: &str = "jabber:client";
const EVENT: &str = "jabber:x:event";
const ADDRESSES: &str = "http://jabber.org/protocol/address";
const FALLBACK: &str = "urn:xmpp:fallback:0";
const REACTIONS: &str = "urn:xmpp:reactions:0";
const MARKERS: &str = "urn:xmpp:chat-markers:0";

const NO_TEXT: Value = OneOf(&["", "Offline Storage"]);
const RANGE: &[(&str, Value)] = &[("end", Number), ("start", Number)];

/// Server-processed elements first (XEP-0420 §5), then those that name a message or a state and say nothing.
pub static MESSAGE: &[Shape] = &[
    // XEP-0334, XEP-0359, XEP-0380, XEP-0280, XEP-0033
    Shape::new("urn:xmpp:hints", &["no-copy", "no-permanent-storage", "no-permanent-store", "no-store", "store"]),
    Shape::new("urn:xmpp:sid:0", &["origin-id", "stanza-id"]).with(&[("by", Address), ("id", Token)]),
    Shape::new("urn:xmpp:eme:0", &["encryption"]).with(&[
        (
            "name",
            Name(&[
                "Legacy OMEMO",
                "Legacy OpenPGP",
                "OMEMO",
                "OMEMO 2",
                "OTR",
                "OpenPGP",
                "OpenPGP for XMPP",
                "gpg",
                "Twomemo",
            ]),
        ),
        ("namespace", OneOf(&[OMEMO, OMEMO_0, OMEMO_1, OMEMO_2, OPENPGP, OTR, PGP_ENCRYPTED])),
    ]),
    Shape::new("urn:xmpp:carbons:2", &["private"]),
    Shape::new(ADDRESSES, &["addresses"]).around(&[Shape::new(ADDRESSES, &["address"]).with(&[
        ("delivered", Boolean),
        ("jid", Address),
        ("type", OneOf(&["bcc", "cc", "noreply", "ofrom", "replyroom", "replyto", "to"])),
    ])]),
    // XEP-0203 and the form before it, XEP-0313, XEP-0421: written by servers and rooms
    Shape::new("urn:xmpp:delay", &["delay"]).with(&[("from", Address), ("stamp", Time)]).text(NO_TEXT),
    Shape::new("jabber:x:delay", &["x"]).with(&[("from", Address), ("stamp", Time)]).text(NO_TEXT),
    Shape::new("urn:xmpp:mam:tmp", &["archived"]).with(&[("by", Address), ("id", Token)]),
    rooms::OCCUPANT,
    rooms::MUC_USER,
    rooms::CONFERENCE,
    // XEP-0085, XEP-0184, XEP-0333 and the form before them
    Shape::new("http://jabber.org/protocol/chatstates", &["active", "composing", "gone", "inactive", "paused"]),
    Shape::new("urn:xmpp:receipts", &["request"]),
    Shape::new("urn:xmpp:receipts", &["received"]).with(&[("id", Token)]),
    Shape::new(MARKERS, &["markable"]),
    Shape::new(MARKERS, &["acknowledged", "displayed", "received"]).with(&[("id", Token), ("sender", Address)]),
    Shape::new(EVENT, &["x"]).around(&[
        Shape::new(EVENT, &["composing", "delivered", "displayed", "offline"]),
        Shape::new(EVENT, &["id"]).text(Token),
    ]),
    Shape::new(STREAM, &["thread"]).with(&[("parent", Thread)]).text(Thread),
    // XEP-0308, XEP-0424, XEP-0425, XEP-0461, XEP-0367, XEP-0428: which message is meant, not what it says
    Shape::new("urn:xmpp:message-correct:0", &["replace"]).with(&[("id", Token)]),
    rooms::RETRACTED,
    rooms::FASTENED,
    Shape::new("urn:xmpp:reply:0", &["reply"]).with(&[("id", Token), ("to", Address)]),
    Shape::new("urn:xmpp:message-attaching:1", &["attach-to"]).with(&[("id", Token)]),
    Shape::new(FALLBACK, &["fallback"])
        .with(&[(
            "for",
            OneOf(&[
                REACTIONS,
                "urn:xmpp:message-correct:0",
                "urn:xmpp:message-retract:0",
                "urn:xmpp:message-retract:1",
                "urn:xmpp:reply:0",
            ]),
        )])
        .around(&[
            Shape::new(STREAM, &["body", "subject"]).with(RANGE),
            Shape::new(FALLBACK, &["body", "subject"]).with(RANGE),
        ]),
    // XEP-0224, XEP-0393
    Shape::new("urn:xmpp:attention:0", &["attention"]),
    Shape::new("urn:xmpp:styling:0", &["unstyled"]),
];

/// Reactions (XEP-0444): symbols, but somebody's answer; not in strict mode.
pub static REACTION: &[Shape] =
    &[Shape::new(REACTIONS, &["reactions"])
        .with(&[("id", Token)])
        .around(&[Shape::new(REACTIONS, &["reaction"]).text(Emoji)])];
