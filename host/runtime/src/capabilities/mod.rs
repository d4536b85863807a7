//! What a policy may call: one file per interface of `wit/`. Each is short, allocates within bounds, and
//! never runs Lua: what must come from Lua is a fact that the session already has.

mod blocklist;
mod clock;
mod content;
mod edits;
mod envelope;
mod holding;
mod log;
mod operator;
pub(crate) mod outbox;
mod roles;
mod rooms;
mod roster;
mod routing;
mod standing;
mod store;

use wasmtime::component::{HasSelf, Linker};

use crate::bindings;
use crate::session::Session;

/// Everything a policy may import. Whether it may is decided by its grants, before.
pub fn linker(engine: &wasmtime::Engine) -> wasmtime::Result<Linker<Session>> {
    let mut linker = Linker::new(engine);
    bindings::envelope::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::content::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::edits::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::log::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::clock::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::outbox::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::store::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::roster::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::rooms::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::blocklist::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::standing::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::roles::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::routing::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::holding::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::operator::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    bindings::types::add_to_linker::<_, HasSelf<Session>>(&mut linker, same)?;
    Ok(linker)
}

fn same(session: &mut Session) -> &mut Session {
    session
}

impl bindings::types::Host for Session {}
