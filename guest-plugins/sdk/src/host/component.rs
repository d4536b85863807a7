//! The component's imports. A function that nobody calls is left out of the component, and with it the
//! permission.

use prosody_stanza::edit::Edit;

use crate::bindings::prosody::policy as imports;
use crate::envelope::Payload;
use crate::log::Level;
use crate::roster::Subscription;
use crate::routing::Report;
use crate::standing::{Acquaintance, Entry};
use crate::store::Refusal;

pub fn snapshot() -> Vec<u8> {
    imports::content::snapshot()
}

pub fn attribute(name: &str) -> Option<String> {
    imports::envelope::attribute(name)
}

pub fn payloads() -> Vec<Payload> {
    let payloads = imports::envelope::payloads().into_iter();
    payloads.map(|payload| Payload { node: payload.node, name: payload.name, namespace: payload.namespace }).collect()
}

pub fn edit(edit: Edit) {
    match edit {
        Edit::Remove { node } => imports::edits::remove(node),
        Edit::SetText { node, text } => imports::edits::set_text(node, &text),
        Edit::SetAttribute { node, name, value } => imports::edits::set_attribute(node, &name, &value),
        Edit::RemoveAttribute { node, name } => imports::edits::remove_attribute(node, &name),
        Edit::Append { parent, element } => imports::edits::append(parent, &element.into()),
    }
}

pub fn log(level: Level, line: &str) {
    let level = match level {
        Level::Debug => imports::log::Level::Debug,
        Level::Info => imports::log::Level::Info,
        Level::Warn => imports::log::Level::Warn,
        Level::Error => imports::log::Level::Error,
    };
    imports::log::write(level, line);
}

pub fn now() -> u64 {
    imports::clock::now()
}

pub fn reply(text: &str) {
    imports::outbox::reply(text);
}

pub fn notify(text: &str) {
    imports::outbox::notify(text);
}

pub fn get(key: &str) -> Option<Vec<u8>> {
    imports::store::get(key)
}

pub fn set(key: &str, value: &[u8]) -> Result<(), Refusal> {
    imports::store::set(key, value).map_err(|refusal| match refusal {
        imports::store::Refusal::Key => Refusal::Key,
        imports::store::Refusal::Value => Refusal::Value,
        imports::store::Refusal::Full => Refusal::Full,
    })
}

pub fn delete(key: &str) {
    imports::store::delete(key);
}

pub fn subscription() -> Option<Subscription> {
    imports::roster::contact().map(Into::into)
}

pub fn is_exempt() -> bool {
    imports::rooms::is_exempt()
}

pub fn is_shared() -> bool {
    imports::rooms::is_shared()
}

pub fn is_blocked() -> bool {
    imports::blocklist::is_blocked()
}

pub fn acquaintance() -> Acquaintance {
    let imports::standing::Acquaintance { entry, has_asked, is_connected, is_greeted } = imports::standing::between();
    let entry = entry.map(|entry| Entry { subscription: entry.subscription.into(), groups: entry.groups });
    Acquaintance { entry, has_asked, is_connected, is_greeted }
}

pub fn sender_role() -> Option<String> {
    imports::roles::sender()
}

pub fn recipient_role() -> Option<String> {
    imports::roles::recipient()
}

pub fn copy(to: &str) {
    imports::routing::copy(to);
}

pub fn forward(to: &str, report: Option<&Report>) {
    let report =
        report.map(|report| imports::routing::Report { reason: report.reason.clone(), text: report.text.clone() });
    imports::routing::forward(to, report.as_ref());
}

pub fn answer(text: &str) {
    imports::routing::answer(text);
}

pub fn hold(key: &str) {
    imports::holding::hold(key);
}

pub fn release(key: &str) {
    imports::holding::release(key);
}

pub fn discard(key: &str) {
    imports::holding::discard(key);
}

pub fn tell(text: &str) {
    imports::operator::tell(text);
}
