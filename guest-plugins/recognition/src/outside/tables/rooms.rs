//! Rooms (XEP-0045, XEP-0249) and what they do for their members.

use crate::outside::shape::Shape;
use crate::outside::values::Value::{Address, Boolean, Human, Nickname, Number, OneOf, Thread, Token};

const USER: &str = "http://jabber.org/protocol/muc#user";
const ADMIN: &str = "http://jabber.org/protocol/muc#admin";
const OWNER: &str = "http://jabber.org/protocol/muc#owner";
const MODERATE_0: &str = "urn:xmpp:message-moderate:0";
const MODERATE_1: &str = "urn:xmpp:message-moderate:1";
const RETRACT_0: &str = "urn:xmpp:message-retract:0";
const RETRACT_1: &str = "urn:xmpp:message-retract:1";
const FASTEN: &str = "urn:xmpp:fasten:0";

const AFFILIATIONS: &[&str] = &["admin", "member", "none", "outcast", "owner"];
const ROLES: &[&str] = &["moderator", "none", "participant", "visitor"];
const MEMBER: &[(&str, crate::outside::values::Value)] =
    &[("affiliation", OneOf(AFFILIATIONS)), ("jid", Address), ("nick", Nickname), ("role", OneOf(ROLES))];

const REASON: Shape = Shape::new(USER, &["reason"]).text(Human);
const PASSWORD: Shape = Shape::new(USER, &["password"]).text(Human);

/// What a room says of itself and its members, and invitations through it.
pub const MUC_USER: Shape = Shape::new(USER, &["x"]).around(&[
    Shape::new(USER, &["invite", "decline"])
        .with(&[("from", Address), ("to", Address)])
        .around(&[REASON, Shape::new(USER, &["continue"]).with(&[("thread", Thread)])]),
    Shape::new(USER, &["status"]).with(&[("code", Number)]),
    Shape::new(USER, &["item"])
        .with(MEMBER)
        .around(&[REASON, Shape::new(USER, &["actor"]).with(&[("jid", Address), ("nick", Nickname)])]),
    Shape::new(USER, &["destroy"]).with(&[("jid", Address)]).around(&[REASON, PASSWORD]),
    PASSWORD,
]);

/// An invitation from person to person. In its oldest form the reason is the text inside.
pub const CONFERENCE: Shape = Shape::new("jabber:x:conference", &["x"])
    .with(&[("continue", Boolean), ("jid", Address), ("password", Human), ("reason", Human), ("thread", Thread)])
    .text(Human);

/// Who said it in a room that hides addresses (XEP-0421).
pub const OCCUPANT: Shape = Shape::new("urn:xmpp:occupant-id:0", &["occupant-id"]).with(&[("id", Token)]);

/// Taking a message back, by who wrote it or by a moderator (XEP-0424, XEP-0425).
pub const RETRACTED: Shape = Shape::new(RETRACT_1, &["retract"]).with(&[("id", Token)]).around(&[
    Shape::new(MODERATE_1, &["moderated"]).with(&[("by", Address)]).around(&[OCCUPANT]),
    Shape::new(RETRACT_1, &["reason"]).text(Human),
    Shape::new(MODERATE_1, &["reason"]).text(Human),
]);

/// The same in the older form.
pub const FASTENED: Shape = Shape::new(FASTEN, &["apply-to"]).with(&[("id", Token)]).around(&[
    Shape::new(RETRACT_0, &["retract"]),
    Shape::new(MODERATE_0, &["moderated", "moderate"]).with(&[("by", Address)]).around(&[
        Shape::new(RETRACT_0, &["retract"]),
        Shape::new(MODERATE_0, &["reason"]).text(Human),
        OCCUPANT,
    ]),
]);

/// A moderator's request.
pub const MODERATE: Shape = Shape::new(MODERATE_1, &["moderate"])
    .with(&[("id", Token)])
    .around(&[Shape::new(RETRACT_1, &["retract"]), Shape::new(MODERATE_1, &["reason"]).text(Human)]);

/// Who may be in a room, and why somebody has to leave.
pub const MEMBERS: Shape =
    Shape::new(ADMIN, &["query"]).around(&[Shape::new(ADMIN, &["item"]).with(MEMBER).around(&[
        Shape::new(ADMIN, &["reason"]).text(Human),
        Shape::new(ADMIN, &["actor"]).with(&[("jid", Address), ("nick", Nickname)]),
    ])]);

/// The end of a room; its settings are looked at elsewhere.
pub const DESTROY: Shape = Shape::new(OWNER, &["destroy"])
    .with(&[("jid", Address)])
    .around(&[Shape::new(OWNER, &["reason"]).text(Human), Shape::new(OWNER, &["password"]).text(Human)]);
