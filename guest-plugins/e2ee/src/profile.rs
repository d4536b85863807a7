//! Judges vCards (XEP-0054): a picture may be in one, and nothing that can be read.

use prosody_policy::Element;
use prosody_policy::edits::Edit;
use recognition::outside::{Context, Findings, publish};

use crate::tables::people::{VCARD, VCARD_PARTS};

const NAMESPACE: &str = "vcard-temp";

/// Judges a vCard that is stored or answered.
pub fn check(card: Element<'_>, context: &Context, findings: &mut Findings) {
    VCARD.check_start(card, context, findings);
    for part in card.child_elements().filter(|part| !is_hollow(*part) && !is_picture(*part)) {
        findings.readable("readable-publish", Edit::Remove { node: part.number() });
    }
}

/// Elements without a text and without an attribute: clients send the ones they have no value for.
fn is_hollow(part: Element<'_>) -> bool {
    let is_known = |element: Element<'_>| element.namespace() == NAMESPACE && VCARD_PARTS.contains(&element.name());
    !part.carries_text() && part.subtree().all(|element| is_known(element) && element.attributes().next().is_none())
}

fn is_picture(part: Element<'_>) -> bool {
    let bare =
        |element: Element<'_>| element.attributes().next().is_none() && element.child_elements().next().is_none();
    part.is("PHOTO", NAMESPACE)
        && part.attributes().next().is_none()
        && part.text().trim().is_empty()
        && part.child("BINVAL", NAMESPACE).is_some()
        && part.child_elements().all(|child| {
            bare(child)
                && match child.name() {
                    "BINVAL" => publish::is_picture(&child.text()),
                    "TYPE" => recognition::outside::Value::Token.allows(&child.text(), &Context::default()),
                    _ => false,
                }
        })
}
