//! The shape of elements that may stand outside ciphertext, as data.

use prosody_stanza::Element;
use prosody_stanza::edit::Edit;

use crate::outside::findings::{Context, Findings, is_blank};
use crate::outside::values::Value;

/// An element that may stand outside ciphertext, and what may be in it.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its names; several when they differ in nothing else.
    pub names: &'static [&'static str],
    /// Its namespace.
    pub namespace: &'static str,
    /// Its attributes.
    pub attributes: &'static [(&'static str, Value)],
    /// The text inside.
    pub text: Value,
    /// The elements inside.
    pub children: &'static [Shape],
}

impl Shape {
    /// An empty element.
    pub const fn new(namespace: &'static str, names: &'static [&'static str]) -> Self {
        Self { names, namespace, attributes: &[], text: Value::Nothing, children: &[] }
    }

    /// With these attributes.
    pub const fn with(mut self, attributes: &'static [(&'static str, Value)]) -> Self {
        self.attributes = attributes;
        self
    }

    /// With this text.
    pub const fn text(mut self, text: Value) -> Self {
        self.text = text;
        self
    }

    /// With these elements inside.
    pub const fn around(mut self, children: &'static [Shape]) -> Self {
        self.children = children;
        self
    }

    /// The shape of an element in a table.
    pub fn of(element: Element<'_>, table: &'static [Shape]) -> Option<&'static Shape> {
        let (name, namespace) = (element.name(), element.namespace());
        table.iter().find(|shape| shape.namespace == namespace && shape.names.contains(&name))
    }

    /// Notes what does not belong. Goes no deeper than the table does.
    pub fn check(&self, element: Element<'_>, context: &Context, findings: &mut Findings) {
        self.check_start(element, context, findings);
        for child in element.child_elements() {
            if findings.fatal.is_some() {
                return;
            }
            match Shape::of(child, self.children) {
                Some(shape) if shape.text == Value::Human && is_well_known(child, context) => {}
                Some(shape) if shape.text == Value::Human => findings.removable(Edit::Remove { node: child.number() }),
                Some(shape) => shape.check(child, context, findings),
                None => findings.readable("unknown-element", Edit::Remove { node: child.number() }),
            }
        }
    }

    /// The same without the elements inside.
    pub fn check_start(&self, element: Element<'_>, context: &Context, findings: &mut Findings) {
        if !findings.look() {
            return;
        }
        self.check_attributes(element, context, findings);
        let text = element.text();
        if is_blank(&text) || self.text.allows(&text, context) {
            return;
        }
        match self.text {
            Value::Human => findings.remove_texts(element),
            _ => findings.texts(element),
        }
    }

    fn check_attributes(&self, element: Element<'_>, context: &Context, findings: &mut Findings) {
        for (name, text) in element.attributes() {
            let value = match name {
                "xml:lang" => Some(Value::Language),
                name => self.attributes.iter().find(|(known, _)| *known == name).map(|(_, value)| *value),
            };
            match value {
                Some(Value::Human) => {
                    findings.removable(Edit::RemoveAttribute { node: element.number(), name: name.to_owned() });
                }
                Some(value) if value.allows(text, context) => {}
                _ => findings.attribute(element, name),
            }
        }
    }
}

/// A text that is the same wherever a policy runs says nothing else.
fn is_well_known(element: Element<'_>, context: &Context) -> bool {
    let is_plain =
        |(name, value): (&str, &str)| name == "xml:lang" && Value::Language.allows(value, &Context::default());
    element.attributes().all(is_plain)
        && element.child_elements().next().is_none()
        && context.well_known.is_some_and(|is_well_known| is_well_known(&element.text()))
}

/// More than anything but an attack has.
const MOST_CHILDREN: usize = 512;

/// Notes everything that does not belong into a stanza's start tag; its address, type and id cannot be changed.
pub fn check_stanza(stanza: Element<'_>, types: &[&str], findings: &mut Findings) {
    if stanza.children().nth(MOST_CHILDREN).is_some() {
        return findings.refuse("too-many-elements");
    }
    for (name, text) in stanza.attributes() {
        match name {
            "to" | "from" => {}
            "id" if crate::outside::values::is_token(text) => {}
            "id" => findings.refuse("readable-id"),
            "type" if types.contains(&text) => {}
            "type" => findings.refuse("unknown-type"),
            "xml:lang" if Value::Language.allows(text, &Context::default()) => {}
            name => findings.attribute(stanza, name),
        }
    }
    findings.texts(stanza);
}
