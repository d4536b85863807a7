//! What may be asked of a publish-subscribe service or an account, and answered by it (XEP-0060), beside items.

use crate::outside::shape::Shape;
use crate::outside::tables::nodes::{ITEM, OPTIONS, RETRACT};
use crate::outside::values::Value::{Address, Number, OneOf, Token};

const PUBSUB: &str = "http://jabber.org/protocol/pubsub";
const STATES: &[&str] = &["none", "pending", "subscribed", "unconfigured"];

type Attributes = &'static [(&'static str, crate::outside::values::Value)];

const SUBSCRIPTION: Attributes =
    &[("jid", Address), ("node", Token), ("subid", Token), ("subscription", OneOf(STATES))];

/// How a subscriber wants to be told: words of the protocol.
const WISHES: Shape =
    Shape::new("jabber:x:data", &["x"]).with(&[("type", Token)]).around(&[Shape::new("jabber:x:data", &["field"])
        .with(&[("type", Token), ("var", OneOf(WISH))])
        .around(&[Shape::new("jabber:x:data", &["value"]).text(Token)])]);

const WISH: &[&str] = &[
    "FORM_TYPE",
    "pubsub#deliver",
    "pubsub#digest",
    "pubsub#digest_frequency",
    "pubsub#expire",
    "pubsub#include_body",
    "pubsub#show-values",
    "pubsub#subscription_depth",
    "pubsub#subscription_type",
];

/// A question for items.
pub const ITEMS: Shape = Shape::new(PUBSUB, &["items"])
    .with(&[("max_items", Number), ("node", Token), ("subid", Token)])
    .around(&[Shape::new(PUBSUB, &["item"]).with(ITEM)]);

/// Requests that set something.
pub static REQUESTS: &[Shape] = &[
    Shape::new(PUBSUB, &["create", "default"]).with(&[("node", Token), ("type", Token)]),
    Shape::new(PUBSUB, &["configure"]).with(&[("node", Token)]).around(&[OPTIONS]),
    Shape::new(PUBSUB, &["retract"]).with(RETRACT).around(&[Shape::new(PUBSUB, &["item"]).with(ITEM)]),
    Shape::new(PUBSUB, &["subscribe", "unsubscribe"]).with(SUBSCRIPTION),
    Shape::new(PUBSUB, &["options"]).with(SUBSCRIPTION).around(&[WISHES]),
];

/// What a server answers them.
pub static ANSWERS: &[Shape] = &[
    Shape::new(PUBSUB, &["create"]).with(&[("node", Token)]),
    Shape::new(PUBSUB, &["options"]).with(SUBSCRIPTION).around(&[WISHES]),
    Shape::new(PUBSUB, &["subscription"])
        .with(SUBSCRIPTION)
        .around(&[Shape::new(PUBSUB, &["subscribe-options"]).around(&[Shape::new(PUBSUB, &["required"])])]),
    Shape::new("http://jabber.org/protocol/rsm", &["set"]).around(&[
        Shape::new("http://jabber.org/protocol/rsm", &["first", "last"]).with(&[("index", Number)]).text(Token),
        Shape::new("http://jabber.org/protocol/rsm", &["count"]).text(Number),
    ]),
];
