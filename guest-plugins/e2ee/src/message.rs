//! Judges a message: ciphertext, and what stands beside it.

use prosody_policy::Element;
use recognition::{Container, Scheme, container, otr};

use crate::archive;
use crate::fallback;
use crate::findings::{Change, Context, Findings, Judgement, is_blank};
use crate::publish;
use crate::shape::{Shape, check_stanza};
use crate::tables::calls::IN_MESSAGES;
use crate::tables::error::ERROR;
use crate::tables::message::{MESSAGE, REACTION};

const STREAM: &str = "jabber:client";
const TYPES: &[&str] = &["chat", "error", "groupchat", "headline", "normal"];

/// What a message is worth sending for even when everything readable is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Carrier {
    Ciphertext(Scheme),
    /// The question whether the other side speaks OTR.
    Query,
}

/// What was read of a message so far.
struct Reading<'a> {
    context: &'a Context,
    message: Element<'a>,
    /// Is it a bounce, and not just called one?
    bounce: bool,
    containers: Vec<Scheme>,
    carrier: Option<Carrier>,
    bodies: Vec<Element<'a>>,
    findings: Findings,
}

/// Judges a message. Its children are judged one by one, each by what it is: the order does not matter.
pub fn judge(message: Element<'_>, context: &Context) -> Judgement {
    let mut reading = Reading {
        context,
        message,
        bounce: is_bounce(message),
        containers: Vec::new(),
        carrier: None,
        bodies: Vec::new(),
        findings: Findings::default(),
    };
    check_stanza(message, TYPES, &mut reading.findings);
    for child in message.child_elements() {
        reading.child(child);
    }
    reading.bodies();
    reading.judgement()
}

/// One `<error/>` in something of type error. The type alone would be an easy way out.
fn is_bounce(message: Element<'_>) -> bool {
    let errors = message.child_elements().filter(|child| child.is("error", STREAM));
    message.attribute("type") == Some("error") && errors.count() == 1
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
            Container::Malformed if self.bounce => self.findings.removable(Change::Remove(child.number())),
            Container::Malformed => self.findings.refuse("malformed-ciphertext"),
            Container::KeyTransport => {}
            Container::Ciphertext => self.carrier = Some(Carrier::Ciphertext(scheme)),
        }
    }

    /// A room says its subject last when somebody enters (XEP-0045 §7.2.15), and clients wait for that.
    fn subject(&mut self, subject: Element<'a>) {
        let from_room = self.context.incoming
            && self.message.attribute("type") == Some("groupchat")
            && self.message.child("body", STREAM).is_none();
        match is_empty(subject) {
            true => self.language(subject),
            false if from_room => self.findings.removable(Change::SetText(subject.number(), String::new())),
            false => self.findings.readable("readable-subject", Change::Remove(subject.number())),
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
            self.findings.readable("unknown-element", Change::Remove(child.number()));
        }
    }

    /// Attributes of a body or subject: the language and nothing else.
    fn language(&mut self, element: Element<'a>) {
        Shape::new(STREAM, &[]).check(element, self.context, &mut self.findings);
    }

    fn bodies(&mut self) {
        match self.carrier {
            Some(_) => self.bodies_beside_ciphertext(),
            None => self.bodies_alone(),
        }
    }

    /// The first body stays as a sign that there is a message; the others could only say more.
    fn bodies_beside_ciphertext(&mut self) {
        for (place, body) in std::mem::take(&mut self.bodies).into_iter().enumerate() {
            let text = body.text();
            let single = body.child_elements().next().is_none();
            if single && matches!(otr::read(&text), Some(otr::Body::Encrypted)) {
                self.findings.refuse("two-ciphertexts");
            }
            let harmless = is_empty(body) || single && fallback::is_known(&text);
            if !harmless {
                let change = match place {
                    0 => Change::SetText(body.number(), fallback::CONSTANT.to_owned()),
                    _ => Change::Remove(body.number()),
                };
                self.findings.readable("fallback-replaced", change);
            }
            self.body_attributes(body);
        }
    }

    fn bodies_alone(&mut self) {
        let bodies = std::mem::take(&mut self.bodies);
        match bodies.as_slice() {
            [body] if body.child_elements().next().is_none() => self.body_alone(*body, &body.text()),
            bodies => {
                for body in bodies.iter().filter(|body| !is_empty(**body)) {
                    self.plaintext(*body);
                }
            }
        }
        for body in bodies {
            self.body_attributes(body);
        }
    }

    fn body_alone(&mut self, body: Element<'a>, text: &str) {
        match otr::read(text) {
            None if text.is_empty() => {}
            None => self.plaintext(body),
            Some(otr::Body::Encrypted) => self.carrier = Some(Carrier::Ciphertext(Scheme::Otr)),
            Some(otr::Body::Query { bare, rest }) => {
                self.carrier = Some(Carrier::Query);
                if !rest.is_empty() {
                    self.findings.removable(Change::SetText(body.number(), bare.to_owned()));
                }
            }
            Some(otr::Body::Malformed) => self.unsendable("malformed-otr", body),
        }
    }

    fn plaintext(&mut self, body: Element<'a>) {
        self.unsendable("plaintext", body);
    }

    /// A body is why a message is sent, so it is the reason that counts.
    fn unsendable(&mut self, reason: &'static str, body: Element<'a>) {
        self.findings.readable = Some(reason);
        self.findings.removable(Change::Remove(body.number()));
    }

    fn body_attributes(&mut self, body: Element<'a>) {
        for (name, value) in body.attributes() {
            if name != "xml:lang" || !crate::values::Value::Language.allows(value, self.context) {
                self.findings.attribute(body, name);
            }
        }
    }

    fn judgement(mut self) -> Judgement {
        let quiet = match (self.bounce, self.containers.is_empty()) {
            (true, _) => "bounce",
            (false, true) => "no-text",
            (false, false) => "key-transport",
        };
        if self.bounce {
            // What is sent back is taken out; the bounce itself has to arrive.
            self.findings.readable = None;
        }
        let Some(carrier) = self.carrier else { return self.findings.judgement(quiet) };
        let unchanged = match carrier {
            Carrier::Query => "otr-query",
            Carrier::Ciphertext(scheme) => scheme.word(),
        };
        let reason = self.findings.readable.take();
        match self.findings.judgement(unchanged) {
            Judgement::Pass("text-removed", changes) => Judgement::Pass(beside(carrier, reason), changes),
            judgement => judgement,
        }
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

fn is_empty(element: Element<'_>) -> bool {
    element.child_elements().next().is_none() && is_nothing(element)
}

/// White space in a body is what OTR's offer is written in.
fn is_nothing(element: Element<'_>) -> bool {
    match element.name() {
        "body" => element.text().is_empty(),
        _ => is_blank(&element.text()),
    }
}
