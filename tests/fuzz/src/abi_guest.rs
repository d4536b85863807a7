//! F4: a guest that lies about pointers, lengths, discriminants and encodings, whose `realloc` gives memory that is none,
//! traps, loops, grows or calls the host.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use prosody_wasm_runtime::slot::{Mode, OnError};
use prosody_wasm_runtime::{Chain, Policy, probe};

use super::choices::Choices;
use super::guest::{self, World};
use super::house;

/// Whatever it does, it is refused, or it is asked and what comes out of the host is in order.
pub fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let world = world(&mut choices);
    let component = guest::component(&world, &mut choices);
    let policy = house::policy(&component, house::terms());
    ask(&policy.unwrap_or_else(|error| panic!("a sound component is refused: {error:#}")));
    house::check_nothing_is_left();
}

/// Few worlds, so that each is read once.
const HOOKS: u16 = 0b0001_1111_1111_1111;

/// The world of a policy with some hooks.
pub fn world(choices: &mut Choices<'_>) -> Rc<World> {
    let hooks = choices.word() as u16 & HOOKS;
    thread_local!(static WORLDS: RefCell<HashMap<u16, Rc<World>>> = RefCell::default());
    // At least one hook: the message's.
    let hooks = if hooks & 0b11_1111_1101 == 0 { hooks | 1 } else { hooks };
    WORLDS.with_borrow_mut(|worlds| Rc::clone(worlds.entry(hooks).or_insert_with(|| Rc::new(World::new(hooks)))))
}

/// Puts it into force, asks it everything twice, lets a successor take over, and asks again.
pub fn ask(policy: &Policy) {
    let Ok(generation) = house::started(policy) else { return };
    let mut chain = Chain::new(Arc::clone(house::engine()));
    chain.declare("guest", OnError::Deny, Mode::Enforce);
    if chain.put("guest", generation, 1).is_err() {
        return;
    }
    ask_everything(&mut chain);
    let _ = probe(house::engine(), policy, 1);
    let Ok(next) = house::started(policy) else { return };
    let mut next = BTreeMap::from([("guest".to_owned(), next)]);
    if chain.hand_over(&mut next, false, 2).is_ok() {
        chain.publish(next, None);
    }
    ask_everything(&mut chain);
}

fn ask_everything(chain: &mut Chain) {
    for subject in house::SUBJECTS {
        let question = house::question(subject);
        let stanza = house::stanza(question);
        let outcome = chain.decide(Ok(stanza.clone()), question, false, &house::facts());
        house::check(&stanza, &outcome);
    }
}
