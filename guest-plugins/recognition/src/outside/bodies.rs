//! The bodies of a message: OTR, what a client says beside ciphertext, or plain text.

use crate::{Scheme, otr};
use prosody_stanza::Element;
use prosody_stanza::edit::Edit;

use crate::outside::fallback;
use crate::outside::findings::is_blank;
use crate::outside::message::{Carrier, Reading};
use crate::outside::values::Value;

impl<'a> Reading<'a> {
    /// Judges the bodies, when everything else was read.
    pub fn bodies(&mut self) {
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
            match (self.context.kept, place) {
                (true, _) => self.findings.removable(Edit::Remove { node: body.number() }),
                (false, _) if harmless => {}
                (false, 0) => self.findings.readable("fallback-replaced", constant(body)),
                (false, _) => self.findings.readable("fallback-replaced", Edit::Remove { node: body.number() }),
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
                    self.findings.removable(Edit::SetText { node: body.number(), text: bare.to_owned() });
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
        self.findings.removable(Edit::Remove { node: body.number() });
    }

    fn body_attributes(&mut self, body: Element<'a>) {
        for (name, value) in body.attributes() {
            if name != "xml:lang" || !Value::Language.allows(value, self.context) {
                self.findings.attribute(body, name);
            }
        }
    }
}

fn constant(body: Element<'_>) -> Edit {
    Edit::SetText { node: body.number(), text: fallback::CONSTANT.to_owned() }
}

/// Is there nothing inside?
pub fn is_empty(element: Element<'_>) -> bool {
    element.child_elements().next().is_none() && is_nothing(element)
}

/// White space in a body is what OTR's offer is written in.
fn is_nothing(element: Element<'_>) -> bool {
    match element.name() {
        "body" => element.text().is_empty(),
        _ => is_blank(&element.text()),
    }
}
