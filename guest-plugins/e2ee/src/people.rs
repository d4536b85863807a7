//! Judges IQs that a person's client gets to see: calls, questions about software and public things, answers to them.

use prosody_policy::Element;
use recognition::outside::{Context, Findings, Shape, publish};

use crate::far::Far;
use crate::iq::unknown;
use crate::profile;
use crate::tables::answers::{ANSWERS, CONFIGURATION, OF_ROOMS};
use crate::tables::people::{PUBLIC, QUESTIONS, SET};

/// Judges a request. What is set is set on a server, save for a call.
pub fn request(payload: Element<'_>, kind: &str, context: &Context, findings: &mut Findings) {
    let tables: &[&'static [Shape]] = if kind == "get" { &[QUESTIONS, PUBLIC] } else { &[SET] };
    match tables.iter().find_map(|table| Shape::of(payload, table)) {
        Some(shape) => shape.check(payload, context, findings),
        None => unknown(payload, findings),
    }
}

/// Judges an answer. It loses what a person may have written, and the rest is what was asked for.
pub fn answer(payload: Element<'_>, far: Far, context: &Context, findings: &mut Findings) {
    let before = findings.readable;
    let shape = Shape::of(payload, ANSWERS).or_else(|| Shape::of(payload, OF_ROOMS).filter(|_| far == Far::Elsewhere));
    match (shape, payload.namespace()) {
        (Some(shape), _) => shape.check(payload, context, findings),
        (None, "http://jabber.org/protocol/pubsub") => publish::check_answer(payload, context, findings),
        (None, "vcard-temp") => profile::check(payload, context, findings),
        // An owner sends it back whole: a setting that was taken out would be lost to the room.
        (None, CONFIGURATION) if far == Far::Elsewhere => return,
        _ => return unknown(payload, findings),
    }
    findings.readable = before;
}
