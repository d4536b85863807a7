//! What users keep for themselves on the server (bookmarks): any text, as long as nobody else can read it.

use prosody_stanza::Element;

use crate::outside::tables::nodes::Item;

const ACCESS: &str = "pubsub#access_model";
const FORM: &str = "jabber:x:data";
const OWNER: &str = "http://jabber.org/protocol/pubsub#owner";
const PUBSUB: &str = "http://jabber.org/protocol/pubsub";

/// Does a publish demand that only its owner can read the node (XEP-0060 §7.1.5)? One form that says so, and
/// nothing beside it that a server could read instead.
pub fn is_published_privately(pubsub: Element<'_>) -> bool {
    let mut options = pubsub.child_elements().filter(|part| part.is("publish-options", PUBSUB));
    match (options.next(), options.next()) {
        (Some(options), None) => {
            let models: Vec<_> = access_models(options).collect();
            is_one_submitted(options) && !models.is_empty() && models.iter().all(|model| model == "whitelist")
        }
        _ => false,
    }
}

/// Does an owner's request let others read such a node?
pub fn opens(part: Element<'_>) -> bool {
    let is_own = matches!(Item::of(part.attribute("node").unwrap_or_default()), Some(Item::Own(_)));
    is_own
        && part.namespace() == OWNER
        && match part.name() {
            "affiliations" | "subscriptions" => part.child_elements().next().is_some(),
            _ => access_models(part).any(|model| model != "whitelist"),
        }
}

fn is_one_submitted(options: Element<'_>) -> bool {
    let mut forms = options.child_elements();
    forms.next().is_some_and(|form| form.is("x", FORM) && form.attribute("type") == Some("submit"))
        && forms.next().is_none()
}

fn access_models(around: Element<'_>) -> impl Iterator<Item = String> {
    let fields = around.child_elements().filter(|form| form.is("x", FORM)).flat_map(Element::child_elements);
    let access = fields.filter(|field| field.attribute("var") == Some(ACCESS));
    access.flat_map(Element::child_elements).map(|value| value.text().trim().to_owned())
}
