//! What may stand in the answers to questions (strict mode). What is not here is taken out of them.

use recognition::outside::Shape;
use recognition::outside::Value::{Address, Boolean, Human, Number, Pair, Time, Token};
use recognition::outside::tables::rooms;

use crate::tables::iq::PAGES;

const FORMS: &str = "jabber:x:data";
const INFO: &str = "http://jabber.org/protocol/disco#info";
const ITEMS: &str = "http://jabber.org/protocol/disco#items";
const LAST: &str = "jabber:iq:last";
const VERSION: &str = "jabber:iq:version";
const OLD_TIME: &str = "jabber:iq:time";
const TIME: &str = "urn:xmpp:time";
const ARCHIVE: &str = "urn:xmpp:mam:2";
const REGISTER: &str = "jabber:iq:register";

/// A form (XEP-0004), also as software describes itself with one (XEP-0128).
const FORM: Shape = Shape::new(FORMS, &["x"]).with(&[("type", Token)]).around(&[
    Shape::new(FORMS, &["instructions", "title"]).text(Human),
    Shape::new(FORMS, &["field"]).with(&[("label", Human), ("type", Token), ("var", Token)]).around(&[
        Shape::new(FORMS, &["desc"]).text(Human),
        Shape::new(FORMS, &["required"]),
        Shape::new(FORMS, &["value"]).text(Pair),
        Shape::new(FORMS, &["option"]).with(&[("label", Human)]).around(&[Shape::new(FORMS, &["value"]).text(Pair)]),
    ]),
]);

/// What software says of itself. Its name and version are words of which two stand together, no sentence.
pub static ANSWERS: &[Shape] = &[
    Shape::new(INFO, &["query"]).with(&[("node", Token)]).around(&[
        Shape::new(INFO, &["identity"]).with(&[("category", Token), ("name", Pair), ("type", Token)]),
        Shape::new(INFO, &["feature"]).with(&[("var", Token)]),
        FORM,
    ]),
    Shape::new(ITEMS, &["query"])
        .with(&[("node", Token)])
        .around(&[Shape::new(ITEMS, &["item"]).with(&[("jid", Address), ("name", Pair), ("node", Token)]), PAGES]),
    // The text is the last status (XEP-0012 §4).
    Shape::new(LAST, &["query"]).with(&[("seconds", Number)]).text(Human),
    Shape::new(VERSION, &["query"]).around(&[Shape::new(VERSION, &["name", "os", "version"]).text(Pair)]),
    Shape::new(OLD_TIME, &["query"]).around(&[
        Shape::new(OLD_TIME, &["display"]).text(Human),
        Shape::new(OLD_TIME, &["tz"]).text(Token),
        Shape::new(OLD_TIME, &["utc"]).text(Time),
    ]),
    Shape::new(TIME, &["time"]).around(&[Shape::new(TIME, &["tzo", "utc"]).text(Time)]),
    Shape::new("urn:xmpp:ping", &["ping"]),
];

/// What rooms on other servers, and accounts there, answer besides.
pub static OF_ROOMS: &[Shape] = &[
    rooms::MEMBERS,
    rooms::MODERATE,
    rooms::FASTENED,
    Shape::new(ARCHIVE, &["fin"])
        .with(&[("complete", Boolean), ("queryid", Token), ("stable", Boolean)])
        .around(&[PAGES]),
    Shape::new(ARCHIVE, &["metadata"])
        .around(&[Shape::new(ARCHIVE, &["end", "start"]).with(&[("id", Token), ("timestamp", Time)])]),
    Shape::new(ARCHIVE, &["query"]).around(&[FORM]),
    Shape::new(REGISTER, &["query"]).around(&[
        Shape::new(REGISTER, &["instructions"]).text(Human),
        Shape::new(REGISTER, &["registered"]),
        Shape::new(REGISTER, &["nick", "username"]).text(Token),
        FORM,
    ]),
    Shape::new("http://jabber.org/protocol/muc#unique", &["unique"]).text(Token),
];

/// The namespace of a room's settings.
pub const CONFIGURATION: &str = "http://jabber.org/protocol/muc#owner";
