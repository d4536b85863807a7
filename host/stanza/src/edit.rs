//! Edits: what a policy may change in a stanza, and what a change means.

use std::fmt;

use crate::Stanza;

/// One change. Node numbers are those of the stanza the edit was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Removes a node with everything inside.
    Remove {
        /// The node.
        node: u32,
    },
    /// Replaces everything inside an element by a text.
    SetText {
        /// The element.
        node: u32,
        /// The text.
        text: String,
    },
    /// Sets an attribute of an element.
    SetAttribute {
        /// The element.
        node: u32,
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// Removes an attribute of an element, if it is there.
    RemoveAttribute {
        /// The element.
        node: u32,
        /// Its name.
        name: String,
    },
    /// Appends an element inside another.
    Append {
        /// The element around.
        parent: u32,
        /// The new one.
        element: NewElement,
    },
}

/// An element to append: one level, which is what hooks have needed so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewElement {
    /// Its name.
    pub name: String,
    /// Its namespace; its parent's when empty.
    pub namespace: String,
    /// Its attributes.
    pub attributes: Vec<(String, String)>,
    /// The text inside; none when empty.
    pub text: String,
}

/// Why an edit is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such node, or it is a text where an element is needed.
    NoSuchElement,
    /// The stanza itself cannot be removed or replaced by text.
    WholeStanza,
    /// The stanza's address, type, id and namespace are the server's business.
    ProtectedAttribute,
    /// Not a name in XML.
    BadName,
    /// Not text in XML: a control character.
    BadText,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoSuchElement => "no element has this number",
            Self::WholeStanza => "the stanza itself cannot be removed or replaced",
            Self::ProtectedAttribute => "to, from, id, type and xmlns of the stanza cannot be changed",
            Self::BadName => "this is not a name in XML",
            Self::BadText => "this is not text in XML (a control character)",
        })
    }
}

impl std::error::Error for Refusal {}

impl Edit {
    /// Can this be done to `stanza`?
    pub fn check(&self, stanza: &Stanza) -> Result<(), Refusal> {
        match self {
            Self::Remove { node: 0 } | Self::SetText { node: 0, .. } => Err(Refusal::WholeStanza),
            Self::Remove { node } if (*node as usize) < stanza.len() => Ok(()),
            Self::Remove { .. } => Err(Refusal::NoSuchElement),
            Self::SetText { node, text } => element(stanza, *node).and(is_text(text)),
            Self::SetAttribute { node, name, value } => {
                element(stanza, *node).and(attribute(*node, name)).and(is_text(value))
            }
            Self::RemoveAttribute { node, name } => element(stanza, *node).and(attribute(*node, name)),
            Self::Append { parent, element: new } => element(stanza, *parent).and(new.check()),
        }
    }
}

impl NewElement {
    fn check(&self) -> Result<(), Refusal> {
        is_name(&self.name)?;
        is_text(&self.namespace)?;
        is_text(&self.text)?;
        self.attributes.iter().try_for_each(|(name, value)| attribute(u32::MAX, name).and(is_text(value)))
    }
}

fn element(stanza: &Stanza, number: u32) -> Result<(), Refusal> {
    stanza.element(number).map(drop).ok_or(Refusal::NoSuchElement)
}

/// `xmlns` would move an element to another namespace behind the back of whoever judged it.
fn attribute(node: u32, name: &str) -> Result<(), Refusal> {
    let protected = ["to", "from", "id", "type"];
    if name == "xmlns" || node == 0 && protected.contains(&name) {
        return Err(Refusal::ProtectedAttribute);
    }
    match name.split_once('\u{1}') {
        Some((namespace, local)) => is_text(namespace).and(is_name(local)),
        None => is_name(name.strip_prefix("xml:").unwrap_or(name)),
    }
}

/// The part of XML's NCName that XMPP uses: letters, digits and `-_.`, not starting with a digit or sign.
fn is_name(name: &str) -> Result<(), Refusal> {
    let starts = name.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_');
    let goes_on = name.chars().all(|character| character.is_alphanumeric() || "-_.".contains(character));
    (starts && goes_on && name.len() <= 256).then_some(()).ok_or(Refusal::BadName)
}

/// Prosody's stanza builder refuses control characters by raising; so they must not come this far.
fn is_text(text: &str) -> Result<(), Refusal> {
    let allowed = |character: char| !matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars().all(allowed).then_some(()).ok_or(Refusal::BadText)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Limits, xml};

    const BEFORE: &str = "<message to='b@x'><body>hi</body>\n<x xmlns='urn:x' a='1'><y>z</y></x></message>";

    fn check(edits: &[Edit], expected: &str) {
        let limits = Limits::default();
        let stanza = xml::parse(BEFORE, "jabber:client", &limits).unwrap();
        for edit in edits {
            edit.check(&stanza).unwrap();
        }
        assert_eq!(stanza.edited(edits, &limits).unwrap().to_xml(), expected);
    }

    fn refused(edit: Edit, expected: Refusal) {
        let stanza = xml::parse(BEFORE, "jabber:client", &Limits::default()).unwrap();
        assert_eq!(edit.check(&stanza), Err(expected), "{edit:?}");
    }

    // 0 message, 1 body, 2 "hi", 3 "\n", 4 x, 5 y, 6 "z"
    #[test]
    fn changes() {
        let text = |text: &str| text.to_owned();
        let rest = "\n<x xmlns='urn:x' a='1'><y>z</y></x></message>";
        check(&[], BEFORE);
        check(&[Edit::Remove { node: 1 }], &format!("<message to='b@x'>{rest}"));
        check(&[Edit::Remove { node: 2 }], &format!("<message to='b@x'><body/>{rest}"));
        check(
            &[Edit::SetText { node: 1, text: text("<&") }],
            &format!("<message to='b@x'><body>&lt;&amp;</body>{rest}"),
        );
        check(
            &[Edit::SetText { node: 4, text: text("") }],
            "<message to='b@x'><body>hi</body>\n<x xmlns='urn:x' a='1'/></message>",
        );
        check(
            &[
                Edit::SetAttribute { node: 4, name: text("a"), value: text("2") },
                Edit::SetAttribute { node: 4, name: text("b"), value: text("'") },
                Edit::RemoveAttribute { node: 5, name: text("none") },
                Edit::SetText { node: 5, text: text("q") },
            ],
            "<message to='b@x'><body>hi</body>\n<x xmlns='urn:x' a='2' b='&apos;'><y>q</y></x></message>",
        );
        let element = NewElement {
            name: text("n"),
            text: text("t"),
            attributes: vec![(text("k"), text("v"))],
            ..NewElement::default()
        };
        check(
            &[Edit::Append { parent: 4, element: element.clone() }, Edit::Remove { node: 1 }, Edit::Remove { node: 3 }],
            "<message to='b@x'><x xmlns='urn:x' a='1'><y>z</y><n k='v'>t</n></x></message>",
        );
        check(
            &[
                Edit::Remove { node: 4 },
                Edit::Append { parent: 0, element: NewElement { namespace: text("urn:n"), ..element } },
            ],
            "<message to='b@x'><body>hi</body>\n<n xmlns='urn:n' k='v'>t</n></message>",
        );
    }

    #[test]
    fn refusals() {
        let set = |node, name: &str, value: &str| Edit::SetAttribute { node, name: name.into(), value: value.into() };
        refused(Edit::Remove { node: 0 }, Refusal::WholeStanza);
        refused(Edit::Remove { node: 7 }, Refusal::NoSuchElement);
        refused(Edit::SetText { node: 0, text: String::new() }, Refusal::WholeStanza);
        refused(Edit::SetText { node: 2, text: String::new() }, Refusal::NoSuchElement);
        refused(Edit::SetText { node: 1, text: "\u{1b}[0m".into() }, Refusal::BadText);
        refused(set(0, "to", "c@x"), Refusal::ProtectedAttribute);
        refused(set(1, "xmlns", "urn:y"), Refusal::ProtectedAttribute);
        refused(set(1, "a b", ""), Refusal::BadName);
        refused(set(1, "a", "\0"), Refusal::BadText);
    }
}
