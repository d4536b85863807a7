//! The form in which a message is kept: what a client needs to decrypt it and to put it in its place.

use prosody_policy::edits::{self, Edit, NewElement};
use prosody_policy::{Element, Keep, Ruling};
use recognition::outside::{Judgement, Reading};

use crate::MUC_USER;
use crate::hints::HINTS;

/// Explicit encryption marks (XEP-0380).
const MARK: &str = "urn:xmpp:eme:0";

/// Keeps a message without what is readable in it; an error says why that cannot be taken out.
pub fn keep(root: Element<'_>, reading: Reading<'_>, reason: &str) -> Result<Ruling<Keep>, &'static str> {
    match reading.judgement() {
        Judgement::Refuse(reason) => Err(reason),
        Judgement::Pass(_, mut edits) => {
            edits.extend(said_of_members(root));
            Ok(keep_edited(root, edits, reason))
        }
    }
}

/// What a room would say of its members: beside ciphertext only a client says it, and a nickname can be any text.
fn said_of_members(root: Element<'_>) -> Vec<Edit> {
    let said = root.child_elements().filter(|child| child.is("x", MUC_USER)).flat_map(Element::child_elements);
    said.filter(|child| child.name() != "status").map(|child| Edit::Remove { node: child.number() }).collect()
}

/// Keeps a message with these edits.
pub fn keep_edited(root: Element<'_>, edits: Vec<Edit>, reason: &str) -> Ruling<Keep> {
    edits.into_iter().for_each(edits::make);
    mark(root);
    Ruling::new(Keep::Keep, reason)
}

/// Prosody keeps what has a body, a hint or a mark, and the body is gone.
fn mark(root: Element<'_>) {
    if root.child("encryption", MARK).is_none() && root.child("store", HINTS).is_none() {
        let (name, namespace) = ("store".to_owned(), HINTS.to_owned());
        edits::append(root.number(), NewElement { name, namespace, ..NewElement::default() });
    }
}
