//! What users publish (XEP-0060, XEP-0163) and what others are told of it.
//!
//! Keys, pictures and what a user keeps for their own devices may be published in strict mode; what people
//! write (mood, tune, nickname, microblog, …) may not.

use crate::Opaque;
use prosody_stanza::Element;
use prosody_stanza::edit::Edit;

use crate::outside::findings::{Context, Findings};
use crate::outside::private;
use crate::outside::shape::Shape;
use crate::outside::tables::nodes::{ITEM, Item, OPTIONS, RETRACT};
use crate::outside::tables::requests::{ANSWERS, REQUESTS};
use crate::outside::values::Value;

const PUBSUB: &str = "http://jabber.org/protocol/pubsub";
const EVENT: &str = "http://jabber.org/protocol/pubsub#event";

/// Is this the news of a publish?
pub fn is_event(element: Element<'_>) -> bool {
    element.is("event", EVENT)
}

/// Judges the news. It comes from an account or a service, whose addresses have no resource; what a client
/// sends directly is a message like any other.
pub fn check_event(event: Element<'_>, context: &Context, findings: &mut Findings) {
    let stamped = event.parent().and_then(|message| message.attribute("from"));
    let from_service = context.incoming && stamped.is_some_and(|from| !from.contains('/'));
    if !context.strict && from_service {
        return;
    }
    let addressed = event.parent().and_then(|message| message.attribute("to"));
    let is_own = from_service && stamped == addressed.and_then(|to| to.split('/').next());
    Shape::new(EVENT, &[]).check_start(event, context, findings);
    for part in event.child_elements() {
        match part.name() {
            "items" if part.namespace() == EVENT => items(part, EVENT, is_own, context, findings),
            "delete" | "purge" if part.namespace() == EVENT => {
                Shape::new(EVENT, &[]).with(RETRACT).check(part, context, findings);
            }
            _ => unknown(part, findings),
        }
    }
}

/// Judges a request to a service or to an account: what is published, and all that others are told of a node.
pub fn check_request(pubsub: Element<'_>, context: &Context, findings: &mut Findings) {
    Shape::new(PUBSUB, &[]).check_start(pubsub, context, findings);
    let is_private = private::is_published_privately(pubsub);
    for part in pubsub.child_elements() {
        match (part.name(), Shape::of(part, REQUESTS)) {
            (_, Some(shape)) => shape.check(part, context, findings),
            ("publish", None) if part.namespace() == PUBSUB => items(part, PUBSUB, is_private, context, findings),
            ("publish-options", None) if part.namespace() == PUBSUB => options(part, context, findings),
            _ => unknown(part, findings),
        }
    }
}

/// Judges an answer from somebody's account: what was published there, and what was done.
pub fn check_answer(pubsub: Element<'_>, context: &Context, findings: &mut Findings) {
    Shape::new(PUBSUB, &[]).check_start(pubsub, context, findings);
    for part in pubsub.child_elements() {
        match Shape::of(part, ANSWERS) {
            Some(shape) => shape.check(part, context, findings),
            None if part.namespace() == PUBSUB && matches!(part.name(), "items" | "publish") => {
                items(part, PUBSUB, false, context, findings);
            }
            None => unknown(part, findings),
        }
    }
}

/// Judges what an owner does with a node: what may hold any text, because it is private, stays private.
pub fn check_owner(pubsub: Element<'_>, findings: &mut Findings) {
    for part in pubsub.child_elements().filter(|part| private::opens(*part)) {
        unknown(part, findings);
    }
}

/// What `<publish node>` and `<items node>` hold. `is_private`: only its owner can read it.
fn items(list: Element<'_>, namespace: &'static str, is_private: bool, context: &Context, findings: &mut Findings) {
    let node = list.attribute("node").unwrap_or_default();
    Shape::new(namespace, &[]).with(&[("node", Value::Token)]).check_start(list, context, findings);
    for item in list.child_elements() {
        if !findings.look() {
            return;
        }
        match item.name() {
            "item" if item.namespace() == namespace => check_item(item, node, is_private, context, findings),
            "retract" if item.namespace() == namespace => {
                Shape::new(namespace, &[]).with(RETRACT).check(item, context, findings);
            }
            _ => unknown(item, findings),
        }
    }
}

fn check_item(item: Element<'_>, node: &str, is_private: bool, context: &Context, findings: &mut Findings) {
    Shape::new(PUBSUB, &[]).with(ITEM).check_start(item, context, findings);
    for payload in item.child_elements() {
        match Item::of(node) {
            Some(Item::Own(_)) if is_private => {}
            Some(Item::Of(shape) | Item::Own(shape)) if Shape::of(payload, std::slice::from_ref(*shape)).is_some() => {
                shape.check(payload, context, findings);
            }
            Some(Item::Picture(namespace)) if payload.is("data", namespace) => picture(payload, findings),
            _ => findings.readable("readable-publish", Edit::Remove { node: payload.number() }),
        }
    }
}

/// Is this base64 the beginning of a picture that cannot be read: PNG, JPEG, GIF, WebP, AVIF?
pub fn is_picture(text: &str) -> bool {
    let text = text.trim_ascii_start();
    ["iVBORw0K", "/9j/", "R0lGOD", "UklGR", "AAAAIGZ0eX", "AAAAHGZ0eX"].iter().any(|start| text.starts_with(start))
        && Opaque::parse(text).is_some()
}

fn picture(data: Element<'_>, findings: &mut Findings) {
    let bare = data.child_elements().next().is_none() && data.attributes().next().is_none();
    if !bare || !is_picture(&data.text()) {
        findings.readable("readable-publish", Edit::Remove { node: data.number() });
    }
}

fn options(options: Element<'_>, context: &Context, findings: &mut Findings) {
    for form in options.child_elements() {
        match form.is("x", "jabber:x:data") {
            true => OPTIONS.check(form, context, findings),
            false => unknown(form, findings),
        }
    }
}

fn unknown(element: Element<'_>, findings: &mut Findings) {
    findings.readable("unknown-element", Edit::Remove { node: element.number() });
}
