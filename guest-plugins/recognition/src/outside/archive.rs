//! Messages that another server's archive sends (XEP-0313): what is inside is judged as if it came now.
//!
//! This server's own archive and copies do not come this way, so a client that sends one forges it.

use prosody_stanza::Element;
use prosody_stanza::edit::Edit;

use crate::outside::findings::{Context, Findings, Judgement};
use crate::outside::message;
use crate::outside::shape::Shape;
use crate::outside::values::Value::{Address, Time, Token};

const FORWARD: &str = "urn:xmpp:forward:0";

static DELAY: &[Shape] = &[Shape::new("urn:xmpp:delay", &["delay"]).with(&[("from", Address), ("stamp", Time)])];
static RESULT: Shape = Shape::new("urn:xmpp:mam:2", &["result"]).with(&[("id", Token), ("queryid", Token)]);
static FORWARDED: Shape = Shape::new(FORWARD, &["forwarded"]);

/// Is this a message from an archive, where one can come from?
pub fn is_result(element: Element<'_>, context: &Context) -> bool {
    element.is("result", "urn:xmpp:mam:2") && context.incoming && !context.nested
}

/// Judges what is inside.
pub fn check(result: Element<'_>, context: &Context, findings: &mut Findings) {
    let Some((forwarded, inner)) = parts(result) else {
        return findings.readable("unknown-element", Edit::Remove { node: result.number() });
    };
    RESULT.check_start(result, context, findings);
    FORWARDED.check_start(forwarded, context, findings);
    for delay in forwarded.child_elements().filter(|child| !child.is("message", "jabber:client")) {
        match Shape::of(delay, DELAY) {
            Some(shape) => shape.check(delay, context, findings),
            None => findings.readable("unknown-element", Edit::Remove { node: delay.number() }),
        }
    }
    match message::read(inner, &Context { nested: true, ..*context }).judgement() {
        Judgement::Pass(_, edits) => edits.into_iter().for_each(|edit| findings.removable(edit)),
        Judgement::Refuse(reason) => findings.readable(reason, Edit::Remove { node: result.number() }),
    }
}

/// One forwarded message, and nothing beside it.
fn parts(result: Element<'_>) -> Option<(Element<'_>, Element<'_>)> {
    let mut inside = result.child_elements();
    let forwarded = inside.next().filter(|child| child.is("forwarded", FORWARD))?;
    let mut messages = forwarded.child_elements().filter(|child| child.is("message", "jabber:client"));
    let message = messages.next()?;
    (inside.next().is_none() && messages.next().is_none()).then_some((forwarded, message))
}
