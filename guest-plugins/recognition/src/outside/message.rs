//! Reads a message: ciphertext, and what stands beside it.

use prosody_stanza::Element;
use prosody_stanza::edit::Edit;

use crate::outside::archive;
use crate::outside::bodies::is_empty;
use crate::outside::findings::{Context, Findings, Judgement};
use crate::outside::publish;
use crate::outside::shape::{Shape, check_stanza};
use crate::outside::tables::calls::IN_MESSAGES;
use crate::outside::tables::error::ERROR;
use crate::outside::tables::message::{MESSAGE, REACTION};
use crate::outside::tables::rooms::MUC_USER;
use crate::{Container, Scheme, container};

const DELAY: &str = "urn:xmpp:delay";
const STREAM: &str = "jabber:client";
const TYPES: &[&str] = &["chat", "error", "groupchat", "headline", "normal"];

/// What a message is worth sending for even when everything readable is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// Ciphertext.
    Ciphertext(Scheme),
    /// The question whether the other side speaks OTR.
    Query,
}

/// What was read of a message.
pub struct Reading<'a> {
    /// What is known besides.
    pub(super) context: &'a Context,
    message: Element<'a>,
    /// Is it a bounce, and not just called one?
    bounce: bool,
    /// Does a room invite somebody? Rooms say it in words as well (Prosody's do).
    invitation: bool,
    containers: Vec<Scheme>,
    /// What makes it worth sending.
    pub(super) carrier: Option<Carrier>,
    /// Its bodies; each language may have its own.
    pub(super) bodies: Vec<Element<'a>>,
    /// What has to be taken out.
    pub(super) findings: Findings,
}

/// Reads a message. Its children are judged one by one, each by what it is: the order does not matter.
pub fn read<'a>(message: Element<'a>, context: &'a Context) -> Reading<'a> {
    let mut findings = Findings::default();
    check_stanza(message, TYPES, &mut findings);
    let mut reading = Reading {
        context,
        message,
        bounce: is_bounce(message),
        invitation: context.incoming && is_invitation(message),
        containers: Vec::new(),
        carrier: None,
        bodies: Vec::new(),
        findings,
    };
    if reading.findings.fatal.is_none() {
        message.child_elements().for_each(|child| reading.child(child));
        reading.bodies();
    }
    reading
}

/// One `<error/>` in something of type error. The type alone would be an easy way out.
fn is_bounce(message: Element<'_>) -> bool {
    let errors = message.child_elements().filter(|child| child.is("error", STREAM));
    message.attribute("type") == Some("error") && errors.count() == 1
}

/// A room has no resource, and servers do not let a client send as if it had none.
fn is_invitation(message: Element<'_>) -> bool {
    let x = message.child("x", MUC_USER.namespace);
    message.attribute("from").is_some_and(|from| !from.contains('/'))
        && x.is_some_and(|x| x.child("invite", MUC_USER.namespace).is_some())
}

impl Reading<'_> {
    /// How its text is encrypted; none if it has no text, or one in the clear. Nothing is said here of what stands
    /// beside.
    pub fn scheme(&self) -> Option<Scheme> {
        match self.carrier {
            Some(Carrier::Ciphertext(scheme)) => Some(scheme),
            Some(Carrier::Query) | None => None,
        }
    }

    /// Are there keys for the devices of the other side, and no text?
    pub fn is_key_transport(&self) -> bool {
        self.carrier.is_none() && !self.containers.is_empty() && self.findings.fatal.is_none()
    }

    /// Where readable text stands: each of these edits would take one out. An error when it cannot be taken out, or
    /// when there is so much that nobody counted.
    pub fn readable(&self) -> Result<&[Edit], &'static str> {
        self.findings.fatal.map_or(Ok(&self.findings.edits), Err)
    }

    /// May it pass?
    pub fn judgement(mut self) -> Judgement {
        let quiet = match (self.bounce, self.containers.is_empty()) {
            (true, _) => "bounce",
            (false, true) => "no-text",
            (false, false) => "key-transport",
        };
        // What is said around it is taken out; the bounce or the invitation itself has to arrive. A client of ours
        // has no reason to send back in the clear what it got.
        let own_bounce = self.bounce && !self.context.incoming && self.context.strict;
        if (self.bounce && !own_bounce) || self.invitation {
            self.findings.readable = None;
        }
        let Some(carrier) = self.carrier else { return self.findings.judgement(quiet) };
        let unchanged = match carrier {
            Carrier::Query => "otr-query",
            Carrier::Ciphertext(scheme) => scheme.word(),
        };
        let reason = self.findings.readable.take();
        match self.findings.judgement(unchanged) {
            Judgement::Pass("text-removed", edits) => Judgement::Pass(beside(carrier, reason), edits),
            judgement => judgement,
        }
    }
}

impl<'a> Reading<'a> {
    fn child(&mut self, child: Element<'a>) {
        if let Some((scheme, container)) = container(child) {
            return self.container(child, scheme, container);
        }
        match (child.name(), child.is_stream()) {
            ("body", true) => self.bodies.push(child),
            ("subject", true) => self.subject(child),
            ("error", true) if self.bounce => ERROR.check(child, self.context, &mut self.findings),
            _ => self.payload(child),
        }
    }

    fn container(&mut self, child: Element<'a>, scheme: Scheme, container: Container) {
        if self.containers.iter().any(|other| !scheme.stands_beside(*other)) {
            self.findings.refuse("two-ciphertexts");
        }
        self.containers.push(scheme);
        match container {
            // A server may cut short what it sends back.
            Container::Malformed if self.bounce => self.findings.removable(Edit::Remove { node: child.number() }),
            Container::Malformed => self.findings.refuse("malformed-ciphertext"),
            Container::KeyTransport => {}
            Container::Ciphertext => self.carrier = Some(Carrier::Ciphertext(scheme)),
        }
    }

    /// A room says its subject last when somebody enters (XEP-0045 §7.2.15), and clients wait for that. It says
    /// from when the subject is; one without a date is being set now, by a person.
    fn subject(&mut self, subject: Element<'a>) {
        let from_room = self.context.incoming
            && self.message.attribute("type") == Some("groupchat")
            && self.message.child("delay", DELAY).is_some()
            && self.message.child("body", STREAM).is_none();
        match is_empty(subject) {
            true => self.language(subject),
            false if from_room => {
                self.findings.removable(Edit::SetText { node: subject.number(), text: String::new() })
            }
            false => self.findings.readable("readable-subject", Edit::Remove { node: subject.number() }),
        }
    }

    fn payload(&mut self, child: Element<'a>) {
        let reaction = if self.context.strict { &[] } else { REACTION };
        let shape = [MESSAGE, IN_MESSAGES, reaction].iter().find_map(|table| Shape::of(child, table));
        if let Some(shape) = shape {
            shape.check(child, self.context, &mut self.findings);
        } else if publish::is_event(child) {
            publish::check_event(child, self.context, &mut self.findings);
        } else if archive::is_result(child, self.context) {
            archive::check(child, self.context, &mut self.findings);
        } else {
            self.findings.readable("unknown-element", Edit::Remove { node: child.number() });
        }
    }

    /// Attributes of a body or subject: the language and nothing else.
    fn language(&mut self, element: Element<'a>) {
        Shape::new(STREAM, &[]).check(element, self.context, &mut self.findings);
    }
}

fn beside(carrier: Carrier, reason: Option<&'static str>) -> &'static str {
    match (carrier, reason) {
        (Carrier::Query, _) => "otr-query",
        (_, Some("fallback-replaced")) => "fallback-replaced",
        (_, Some(_)) => "readable-beside-ciphertext",
        (_, None) => "text-removed",
    }
}
