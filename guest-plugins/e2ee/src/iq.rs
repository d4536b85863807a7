//! Judges IQs (strict mode): data that passes by the messages, and texts that are published.

use prosody_policy::Element;
use prosody_policy::edits::Edit;
use recognition::outside::tables::error::ERROR;
use recognition::outside::tables::rooms::DESTROY;
use recognition::outside::{Context, Findings, Judgement, Shape, check_stanza, publish};

use crate::tables::iq::{ARCHIVE_FIELDS, DATA, IQ, LAST, OF_ACCOUNTS, PAGES, PICTURE, PRIVATE, QUESTIONS};

const STREAM: &str = "jabber:client";
const TYPES: &[&str] = &["error", "get", "result", "set"];

/// Who is at the other end of an IQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Far {
    /// A server or a part of one, or the user's own account: itself the end of what it is told.
    Service,
    /// An account or a room: a server answers for it.
    Account,
    /// A person's client.
    Person,
}

/// Judges an IQ.
pub fn judge(iq: Element<'_>, context: &Context, far: Far) -> Judgement {
    let mut findings = Findings::default();
    check_stanza(iq, TYPES, &mut findings);
    if let Some(reason) = findings.fatal {
        return Judgement::Refuse(reason);
    }
    let kind = iq.attribute("type").unwrap_or_default();
    for payload in iq.child_elements() {
        match kind {
            "error" if payload.is("error", STREAM) && far == Far::Service => {}
            "error" if payload.is("error", STREAM) => ERROR.check(payload, context, &mut findings),
            _ => judge_payload(payload, kind, context, far, &mut findings),
        }
    }
    if kind == "error" {
        findings.readable = None;
    }
    findings.judgement("no-text")
}

fn judge_payload(payload: Element<'_>, kind: &str, context: &Context, far: Far, findings: &mut Findings) {
    let namespace = payload.namespace();
    if DATA.contains(&namespace) {
        return unknown(payload, findings);
    }
    match Shape::of(payload, IQ) {
        // A room's list of members is an answer, and may be long.
        Some(_) if kind == "result" && far != Far::Person => return,
        Some(shape) => return shape.check(payload, context, findings),
        None => {}
    }
    match namespace {
        "http://jabber.org/protocol/pubsub" if kind == "set" => publish::check_request(payload, context, findings),
        "http://jabber.org/protocol/muc#owner" => room_settings(payload, context, findings),
        "vcard-temp" if kind == "set" => profile(payload, findings),
        "jabber:iq:private" if kind == "set" => private(payload, findings),
        "urn:xmpp:mam:2" if kind == "set" => archive(payload, context, findings),
        // Answers to questions about public things: whoever asked wants to read them.
        "http://jabber.org/protocol/pubsub" | "vcard-temp" | "jabber:iq:private" | "urn:xmpp:mam:2" => {}
        _ if far == Far::Service => {}
        _ => between_people(payload, kind, context, far, findings),
    }
}

/// Questions and answers about software; what is set is set on a server.
fn between_people(payload: Element<'_>, kind: &str, context: &Context, far: Far, findings: &mut Findings) {
    match (Shape::of(payload, QUESTIONS), kind) {
        (Some(question), "result") if question.namespace == LAST.namespace => LAST.check(payload, context, findings),
        (Some(_), "result") => {}
        (Some(question), _) => question.check(payload, context, findings),
        (None, _) if far == Far::Account && OF_ACCOUNTS.contains(&payload.namespace()) => {}
        (None, _) => unknown(payload, findings),
    }
}

/// A room's settings are for the room; what is said when it ends is for its members.
fn room_settings(query: Element<'_>, context: &Context, findings: &mut Findings) {
    for child in query.child_elements() {
        match child.is("destroy", DESTROY.namespace) {
            true => DESTROY.check(child, context, findings),
            false if child.is("x", "jabber:x:data") => {}
            false => unknown(child, findings),
        }
    }
}

/// A vCard without text: a picture.
fn profile(card: Element<'_>, findings: &mut Findings) {
    for part in card.child_elements().filter(|part| part.carries_text()) {
        let picture = part.child("BINVAL", PICTURE.1).is_some_and(|data| publish::is_picture(&data.text()));
        if !(part.is(PICTURE.0, PICTURE.1) && picture) {
            findings.readable("readable-publish", Edit::Remove { node: part.number() });
        }
    }
    findings.texts(card);
}

fn private(query: Element<'_>, findings: &mut Findings) {
    for kept in query.child_elements().filter(|kept| !PRIVATE.contains(&kept.namespace())) {
        unknown(kept, findings);
    }
    findings.texts(query);
}

/// A search for words would tell the server what the words are about.
fn archive(query: Element<'_>, context: &Context, findings: &mut Findings) {
    for child in query.child_elements() {
        if child.is("set", PAGES.namespace) {
            PAGES.check(child, context, findings);
        } else if child.is("x", "jabber:x:data") {
            let field = |field: &Element<'_>| ARCHIVE_FIELDS.contains(&field.attribute("var").unwrap_or_default());
            for other in child.child_elements().filter(|child| !field(child)) {
                unknown(other, findings);
            }
        }
    }
    findings.texts(query);
}

fn unknown(element: Element<'_>, findings: &mut Findings) {
    findings.readable("readable-payload", Edit::Remove { node: element.number() });
}
