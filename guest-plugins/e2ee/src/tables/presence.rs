//! What may stand in presence (strict mode).

use recognition::outside::Shape;
use recognition::outside::Value::{Address, Capabilities, Hex, Number, OneOf, Time, Token};
use recognition::outside::tables::rooms;

const STREAM: &str = "jabber:client";
const MUC: &str = "http://jabber.org/protocol/muc";
const AVATAR: &str = "vcard-temp:x:update";

/// Nicknames and whatever else people write are not here; a status is empty.
pub static PRESENCE: &[Shape] = &[
    Shape::new(STREAM, &["status"]),
    Shape::new(STREAM, &["show"]).text(OneOf(&["away", "chat", "dnd", "xa"])),
    Shape::new(STREAM, &["priority"]).text(Number),
    Shape::new("http://jabber.org/protocol/caps", &["c"]).with(&[
        ("ext", Capabilities),
        ("hash", Token),
        ("node", Token),
        ("ver", Token),
    ]),
    Shape::new("urn:xmpp:caps", &["c"])
        .around(&[Shape::new("urn:xmpp:hashes:2", &["hash"]).with(&[("algo", Token)]).text(Token)]),
    Shape::new(AVATAR, &["x"]).around(&[Shape::new(AVATAR, &["photo"]).text(Hex)]),
    Shape::new("urn:xmpp:idle:1", &["idle"]).with(&[("since", Time)]),
    Shape::new("urn:xmpp:delay", &["delay"]).with(&[("from", Address), ("stamp", Time)]),
    Shape::new("jabber:x:delay", &["x"]).with(&[("from", Address), ("stamp", Time)]),
    Shape::new("urn:xmpp:sid:0", &["origin-id", "stanza-id"]).with(&[("by", Address), ("id", Token)]),
    rooms::OCCUPANT,
    rooms::MUC_USER,
];

/// The wish to enter a room. The password is for the room alone; it is let through where there can be one.
pub static ENTER: Shape = Shape::new(MUC, &["x"]).around(&[Shape::new(MUC, &["history"]).with(&[
    ("maxchars", Number),
    ("maxstanzas", Number),
    ("seconds", Number),
    ("since", Time),
])]);

/// Where it stands.
pub const PASSWORD: (&str, &str) = ("password", MUC);
