//! What people's clients may ask of each other (strict mode).

use recognition::outside::Shape;
use recognition::outside::Value::{OneOf, Token};
use recognition::outside::tables::{calls, requests};

use crate::tables::iq::PAGES;

/// A vCard's start tag. Psi writes more than the name of the namespace there.
pub const VCARD: Shape = Shape::new("vcard-temp", &["vCard"])
    .with(&[("prodid", OneOf(&["-//HandGen//NONSGML vGen v1.0//EN"])), ("version", OneOf(&["2.0", "3.0"]))]);

/// The names of what may be in one (XEP-0054 §14), empty: other names could be read.
#[rustfmt::skip]
pub const VCARD_PARTS: &[&str] = &[
    "ADR", "AGENT", "BBS", "BDAY", "BINVAL", "CATEGORIES", "CELL", "CLASS", "CONFIDENTIAL",
    "COUNTRY", "CRED", "CTRY", "DESC", "DOM", "EMAIL", "EXTADD", "EXTADR", "EXTVAL",
    "FAMILY", "FAX", "FN", "GEO", "GIVEN", "HOME", "INTERNET", "INTL", "ISDN",
    "JABBERID", "KEY", "KEYWORD", "LABEL", "LAT", "LINE", "LOCALITY", "LOGO", "LON",
    "MAILER", "MIDDLE", "MODEM", "MSG", "N", "NICKNAME", "NOTE", "NUMBER", "ORG",
    "ORGNAME", "ORGUNIT", "PAGER", "PARCEL", "PCODE", "PCS", "PHONETIC", "PHOTO", "POBOX",
    "POSTAL", "PREF", "PREFIX", "PRIVATE", "PRODID", "PUBLIC", "REGION", "REV", "ROLE",
    "SORT-STRING", "SOUND", "STREET", "SUFFIX", "TEL", "TITLE", "TYPE", "TZ", "UID",
    "URL", "USERID", "VERSION", "VIDEO", "VOICE", "WORK", "X400",
];

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

/// Questions for what is public: a room passes them on to the account of who is in it.
pub static PUBLIC: &[Shape] =
    &[Shape::new("http://jabber.org/protocol/pubsub", &["pubsub"]).around(&[requests::ITEMS, PAGES]), VCARD];

/// Calls.
pub static SET: &[Shape] = &[calls::IN_IQS];
