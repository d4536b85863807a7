//! A stand-in for the host, so that a policy can be tested as an ordinary library.

use std::cell::RefCell;
use std::collections::BTreeMap;

use prosody_stanza::edit::Edit;
use prosody_stanza::{Limits, Stanza};

use crate::envelope::Payload;
use crate::log::Level;
use crate::roster::Subscription;
use crate::routing::Report;
use crate::standing::Acquaintance;
use crate::store::Refusal;
use crate::testing::{Effect, Facts};

/// What the stand-in knows and what was asked of it.
#[derive(Default)]
pub struct Native {
    pub stanza: Option<Stanza>,
    pub edits: Vec<Edit>,
    pub replies: Vec<String>,
    pub notifications: Vec<String>,
    pub lines: Vec<(Level, String)>,
    pub store: BTreeMap<String, Vec<u8>>,
    pub now: u64,
    pub facts: Facts,
    pub effects: Vec<Effect>,
}

thread_local! {
    static NATIVE: RefCell<Native> = RefCell::default();
}

/// The stand-in of this thread.
pub fn with<T>(access: impl FnOnce(&mut Native) -> T) -> T {
    NATIVE.with_borrow_mut(access)
}

fn with_stanza<T>(look: impl FnOnce(&Stanza) -> T) -> T {
    with(|native| look(native.stanza.as_ref().expect("there is a current stanza only during `decide`")))
}

pub fn snapshot() -> Vec<u8> {
    with_stanza(Stanza::encode)
}

pub fn attribute(name: &str) -> Option<String> {
    with_stanza(|stanza| stanza.root().attribute(name).map(str::to_owned))
}

pub fn payloads() -> Vec<Payload> {
    with_stanza(|stanza| {
        let payloads = stanza.root().child_elements();
        payloads
            .map(|payload| Payload {
                node: payload.number(),
                name: payload.name().to_owned(),
                namespace: payload.namespace().to_owned(),
            })
            .collect()
    })
}

pub fn edit(edit: Edit) {
    with_stanza(|stanza| edit.check(stanza)).expect("an edit that can be done");
    with(|native| native.edits.push(edit));
}

pub fn log(level: Level, line: &str) {
    with(|native| native.lines.push((level, line.to_owned())));
}

pub fn now() -> u64 {
    with(|native| native.now)
}

pub fn reply(text: &str) {
    with(|native| native.replies.push(text.to_owned()));
}

pub fn notify(text: &str) {
    with(|native| native.notifications.push(text.to_owned()));
}

pub fn get(key: &str) -> Option<Vec<u8>> {
    with(|native| native.store.get(key).cloned())
}

pub fn set(key: &str, value: &[u8]) -> Result<(), Refusal> {
    if key.is_empty() || key.len() > 256 {
        return Err(Refusal::Key);
    }
    with(|native| native.store.insert(key.to_owned(), value.to_vec()));
    Ok(())
}

pub fn delete(key: &str) {
    with(|native| native.store.remove(key));
}

pub fn subscription() -> Option<Subscription> {
    with(|native| native.facts.subscription)
}

pub fn is_exempt() -> bool {
    with(|native| native.facts.is_exempt)
}

pub fn is_shared() -> bool {
    with(|native| native.facts.is_shared)
}

pub fn is_blocked() -> bool {
    with(|native| native.facts.is_blocked)
}

pub fn acquaintance() -> Acquaintance {
    with(|native| native.facts.acquaintance.clone())
}

pub fn sender_role() -> Option<String> {
    with(|native| native.facts.sender_role.clone())
}

pub fn recipient_role() -> Option<String> {
    with(|native| native.facts.recipient_role.clone())
}

fn effect(effect: Effect) {
    with(|native| native.effects.push(effect));
}

/// The stanza with the edits so far, as XML.
fn edited() -> String {
    with(|native| {
        let stanza = native.stanza.as_ref().expect("there is a current stanza only during `decide`");
        stanza.edited(&native.edits, &Limits::default()).expect("an edited stanza within the host's limits").to_xml()
    })
}

pub fn copy(to: &str) {
    effect(Effect::Copy { to: to.to_owned(), xml: edited() });
}

pub fn forward(to: &str, report: Option<&Report>) {
    effect(Effect::Forward { to: to.to_owned(), xml: edited(), report: report.cloned() });
}

pub fn answer(text: &str) {
    effect(Effect::Answer(text.to_owned()));
}

pub fn hold(key: &str) {
    effect(Effect::Hold(key.to_owned()));
}

pub fn release(key: &str) {
    effect(Effect::Release(key.to_owned()));
}

pub fn discard(key: &str) {
    effect(Effect::Discard(key.to_owned()));
}

pub fn tell(text: &str) {
    effect(Effect::Tell(text.to_owned()));
}
