//! `<error/>` of a bounce (RFC 6120 §8.3).

use crate::outside::shape::Shape;
use crate::outside::values::Value::{Address, Human, Number, OneOf};

const NAMESPACE: &str = "urn:ietf:params:xml:ns:xmpp-stanzas";

/// The element itself.
pub static ERROR: Shape = Shape::new("jabber:client", &["error"])
    .with(&[("type", OneOf(&["auth", "cancel", "continue", "modify", "wait"])), ("by", Address), ("code", Number)])
    .around(&[Shape::new(NAMESPACE, CONDITIONS), Shape::new(NAMESPACE, &["text"]).text(Human)]);

/// The defined conditions, old ones included. What `gone` and `redirect` may hold is a text.
const CONDITIONS: &[&str] = &[
    "bad-request",
    "conflict",
    "feature-not-implemented",
    "forbidden",
    "gone",
    "internal-server-error",
    "item-not-found",
    "jid-malformed",
    "not-acceptable",
    "not-allowed",
    "not-authorized",
    "payment-required",
    "policy-violation",
    "recipient-unavailable",
    "redirect",
    "registration-required",
    "remote-server-not-found",
    "remote-server-timeout",
    "resource-constraint",
    "service-unavailable",
    "subscription-required",
    "undefined-condition",
    "unexpected-request",
];
