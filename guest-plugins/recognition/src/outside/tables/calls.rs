//! Calls: what rings a phone (XEP-0353, XEP-0482) and sets up audio and video (XEP-0166, XEP-0167, XEP-0176,
//! XEP-0320). The media themselves go from end to end. File transfer is not here: it names the file.

use crate::outside::shape::Shape;
use crate::outside::values::Value::{Address, Boolean, Hex, Human, Number, OneOf, Pair, Token};

const JINGLE: &str = "urn:xmpp:jingle:1";
const MESSAGE: &str = "urn:xmpp:jingle-message:0";
const INVITES: &str = "urn:xmpp:call-invites:0";
const RTP: &str = "urn:xmpp:jingle:apps:rtp:1";
const RTP_FEEDBACK: &str = "urn:xmpp:jingle:apps:rtp:rtcp-fb:0";
const RTP_INFO: &str = "urn:xmpp:jingle:apps:rtp:info:1";
const RTP_HEADERS: &str = "urn:xmpp:jingle:apps:rtp:rtp-hdrext:0";
const RTP_SOURCES: &str = "urn:xmpp:jingle:apps:rtp:ssma:0";
const DTLS: &str = "urn:xmpp:jingle:apps:dtls:0";
const GROUPING: &str = "urn:xmpp:jingle:apps:grouping:0";
const ICE: &str = "urn:xmpp:jingle:transports:ice-udp:1";
const VERIFIED: &str = "http://gultsch.de/xmpp/drafts/omemo/dlts-srtp-verification";

const MEDIA: &[(&str, crate::outside::values::Value)] = &[("media", OneOf(&["audio", "video"])), ("ssrc", Number)];

const REASON: Shape = Shape::new(JINGLE, &["reason"]).around(&[
    Shape::new(JINGLE, &["text"]).text(Human),
    Shape::new(JINGLE, &["alternative-session"]).around(&[Shape::new(JINGLE, &["sid"]).text(Token)]),
    Shape::new(
        JINGLE,
        &[
            "busy",
            "cancel",
            "connectivity-error",
            "decline",
            "expired",
            "failed-application",
            "failed-transport",
            "general-error",
            "gone",
            "incompatible-parameters",
            "media-error",
            "security-error",
            "success",
            "timeout",
            "unsupported-applications",
            "unsupported-transports",
        ],
    ),
]);

/// In messages.
pub static IN_MESSAGES: &[Shape] = &[
    Shape::new(MESSAGE, &["propose", "ringing", "proceed", "accept", "reject", "retract", "finish"])
        .with(&[("id", Token)])
        .around(&[
            Shape::new(RTP, &["description"]).with(MEDIA),
            Shape::new(VERIFIED, &["device"]).with(&[("id", Number)]),
            Shape::new(MESSAGE, &["tie-break"]),
            Shape::new(MESSAGE, &["migrated"]).with(&[("to", Token)]),
            REASON,
        ]),
    Shape::new(INVITES, &["invite", "accept", "left", "reject", "retract"])
        .with(&[("id", Token), ("video", Boolean), ("multi", Boolean)])
        .around(&[
            Shape::new(INVITES, &["jingle"]).with(&[("sid", Token), ("jid", Address)]),
            Shape::new("urn:xmpp:jingle:muji:0", &["muji"]).with(&[("room", Address)]),
        ]),
];

const PARAMETER: Shape = Shape::new(RTP, &["parameter"]).with(&[("name", Token), ("value", Token)]);
const FEEDBACK: Shape = Shape::new(RTP_FEEDBACK, &["rtcp-fb", "rtcp-fb-trr-int"]).with(&[
    ("type", Token),
    ("subtype", Token),
    ("value", Number),
]);
const SOURCE: Shape =
    Shape::new(RTP_SOURCES, &["source"])
        .with(&[("ssrc", Number)])
        .around(&[Shape::new(RTP_SOURCES, &["parameter"]).with(&[("name", Token), ("value", Pair)])]);
const DIRECTION: &[&str] = &["both", "initiator", "none", "responder"];

const DESCRIPTION: Shape = Shape::new(RTP, &["description"]).with(MEDIA).around(&[
    Shape::new(RTP, &["payload-type"])
        .with(&[
            ("id", Number),
            ("name", Token),
            ("clockrate", Number),
            ("channels", Number),
            ("ptime", Number),
            ("maxptime", Number),
        ])
        .around(&[PARAMETER, FEEDBACK]),
    Shape::new(RTP, &["rtcp-mux"]),
    Shape::new(RTP, &["bandwidth"]).with(&[("type", Token)]).text(Number),
    Shape::new(RTP_HEADERS, &["rtp-hdrext"]).with(&[("id", Number), ("uri", Token), ("senders", OneOf(DIRECTION))]),
    Shape::new(RTP_HEADERS, &["extmap-allow-mixed"]),
    Shape::new(RTP_SOURCES, &["ssrc-group"]).with(&[("semantics", Token)]).around(&[SOURCE]),
    FEEDBACK,
    SOURCE,
]);

const CANDIDATE: &[(&str, crate::outside::values::Value)] = &[
    ("component", Number),
    ("foundation", Token),
    ("generation", Number),
    ("id", Token),
    ("ip", Token),
    ("network", Number),
    ("port", Number),
    ("priority", Number),
    ("protocol", Token),
    ("rel-addr", Token),
    ("rel-port", Number),
    ("tcptype", Token),
    ("type", OneOf(&["host", "prflx", "relay", "srflx"])),
];

const TRANSPORT: Shape = Shape::new(ICE, &["transport"]).with(&[("pwd", Token), ("ufrag", Token)]).around(&[
    Shape::new(ICE, &["candidate", "remote-candidate"]).with(CANDIDATE),
    Shape::new(ICE, &["gathering-complete"]),
    Shape::new("urn:xmpp:jingle:transports:ice:0", &["trickle"]),
    Shape::new(DTLS, &["fingerprint"]).with(&[("hash", Token), ("setup", Token), ("required", Boolean)]).text(Hex),
]);

/// In IQs.
pub static IN_IQS: Shape = Shape::new(JINGLE, &["jingle"])
    .with(&[("action", Token), ("initiator", Address), ("responder", Address), ("sid", Token)])
    .around(&[
        Shape::new(JINGLE, &["content"])
            .with(&[
                ("creator", OneOf(DIRECTION)),
                ("disposition", Token),
                ("name", Token),
                ("senders", OneOf(DIRECTION)),
            ])
            .around(&[DESCRIPTION, TRANSPORT]),
        Shape::new(GROUPING, &["group"])
            .with(&[("semantics", Token)])
            .around(&[Shape::new(GROUPING, &["content"]).with(&[("name", Token)])]),
        Shape::new(RTP_INFO, &["active", "hold", "mute", "ringing", "unhold", "unmute"])
            .with(&[("creator", OneOf(DIRECTION)), ("name", Token)]),
        REASON,
    ]);
