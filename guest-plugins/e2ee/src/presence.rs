//! Judges presence (strict mode): a status text is a chat without encryption.
//!
//! Presence is never refused for what can be taken out: a contact who seems offline helps nobody.

use prosody_policy::Element;
use prosody_policy::edits::Edit;
use recognition::outside::tables::error::ERROR;
use recognition::outside::{Context, Findings, Judgement, Shape, check_stanza};

use crate::tables::presence::{ENTER, PASSWORD, PRESENCE};

const STREAM: &str = "jabber:client";
const TYPES: &[&str] = &["error", "probe", "subscribe", "subscribed", "unavailable", "unsubscribe", "unsubscribed"];

/// Judges presence. `to_room`: may there be a room at the other end, which asks for a password?
pub fn judge(presence: Element<'_>, context: &Context, to_room: bool) -> Judgement {
    let mut findings = Findings::default();
    check_stanza(presence, TYPES, &mut findings);
    if let Some(reason) = findings.fatal {
        return Judgement::Refuse(reason);
    }
    for child in presence.child_elements() {
        match Shape::of(child, PRESENCE) {
            Some(shape) => shape.check(child, context, &mut findings),
            None if child.is("error", STREAM) => ERROR.check(child, context, &mut findings),
            None if child.is("x", PASSWORD.1) => enter(child, context, to_room, &mut findings),
            None if is_signature(child) => {}
            None => findings.readable("unknown-element", Edit::Remove { node: child.number() }),
        }
    }
    findings.readable = None;
    findings.judgement("no-text")
}

fn enter(x: Element<'_>, context: &Context, to_room: bool, findings: &mut Findings) {
    ENTER.check_start(x, context, findings);
    for child in x.child_elements() {
        match Shape::of(child, ENTER.children) {
            Some(shape) => shape.check(child, context, findings),
            None if to_room && child.is(PASSWORD.0, PASSWORD.1) => {}
            None => findings.readable("unknown-element", Edit::Remove { node: child.number() }),
        }
    }
}

/// The signature by which XEP-0027 tells contacts of a key.
fn is_signature(element: Element<'_>) -> bool {
    element.is("x", recognition::namespaces::PGP_SIGNED)
        && element.attributes().next().is_none()
        && element.child_elements().next().is_none()
        && recognition::is_signature(&element.text())
}
