//! Judges IQs (strict mode): data that passes by the messages, and texts that are published.

use prosody_policy::Element;
use prosody_policy::edits::Edit;
use recognition::outside::tables::error::ERROR;
use recognition::outside::tables::rooms::DESTROY;
use recognition::outside::{Context, Findings, Judgement, Shape, check_stanza, publish};

use crate::far::Far;
use crate::tables::iq::{ARCHIVE_FIELDS, DATA, IQ, OF_ACCOUNTS, PAGES, PRIVATE};
use crate::tables::people::QUESTIONS;
use crate::{people, profile};

const ARCHIVE: &str = "urn:xmpp:mam:2";
const STREAM: &str = "jabber:client";
const TYPES: &[&str] = &["error", "get", "result", "set"];

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
    match (far, kind) {
        _ if DATA.contains(&payload.namespace()) => unknown(payload, findings),
        (Far::Person | Far::Elsewhere, "result") => people::answer(payload, far, context, findings),
        (Far::Person | Far::Elsewhere, _) => people::request(payload, kind, context, findings),
        // What a server is told by a client, or a client by the server or a room of it, in answer.
        (Far::Service | Far::Account, "result") => with_server(payload, far, findings),
        (Far::Service | Far::Account, _) => to_server(payload, kind, context, far, findings),
    }
}

fn to_server(payload: Element<'_>, kind: &str, context: &Context, far: Far, findings: &mut Findings) {
    let question = Shape::of(payload, QUESTIONS).filter(|_| far == Far::Account);
    if let Some(shape) = Shape::of(payload, IQ).or(question) {
        return shape.check(payload, context, findings);
    }
    match (payload.namespace(), kind) {
        ("http://jabber.org/protocol/pubsub", "set") => publish::check_request(payload, context, findings),
        ("http://jabber.org/protocol/pubsub#owner", "set") => publish::check_owner(payload, findings),
        ("http://jabber.org/protocol/muc#owner", _) => room_settings(payload, context, findings),
        ("vcard-temp", "set") => profile::check(payload, context, findings),
        ("jabber:iq:private", "set") => private(payload, findings),
        (ARCHIVE, "set") if payload.name() == "query" => archive(payload, context, findings),
        _ => with_server(payload, far, findings),
    }
}

/// What is between a client and a server alone.
fn with_server(payload: Element<'_>, far: Far, findings: &mut Findings) {
    if far == Far::Account && !OF_ACCOUNTS.contains(&payload.namespace()) {
        unknown(payload, findings);
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
    findings.texts(query);
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
        } else if !child.is("flip-page", ARCHIVE) {
            unknown(child, findings);
        }
    }
    findings.texts(query);
}

/// Notes what does not belong into an IQ.
pub fn unknown(element: Element<'_>, findings: &mut Findings) {
    findings.readable("readable-payload", Edit::Remove { node: element.number() });
}
