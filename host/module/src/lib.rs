//! `prosody_wasm.so`: the runtime, as Prosody's Lua sees it.
//!
//! Thin on purpose: the [raw walk](raw) over a stanza, three kinds of userdata, and conversions. Functions
//! answer `nil, err` instead of raising; the hot one, `chain:decide`, answers in every case.

// Errors of ours are caught at the border to Lua, which needs them to unwind; without, each would end the server.
#[cfg(not(panic = "unwind"))]
compile_error!("prosody_wasm must be built with panic = \"unwind\"");

mod chain;
mod differences;
mod failures;
mod judge;
mod known;
mod outcome;
mod raw;
mod request;
mod scrubbing;
mod staging;
mod status;
mod words;

use std::io::Write;
use std::panic;
use std::sync::{Arc, Weak};

use mlua::{Lua, Result, Table};
use prosody_wasm_runtime::{Engine, Purpose, VERSION};

/// The table that `package.loadlib(path, "luaopen_prosody_wasm")()` returns. Loading the library again in the
/// same server returns a new table over the same engine.
#[mlua::lua_module]
fn prosody_wasm(lua: &Lua) -> Result<Table> {
    leave_out_words_of_panics();
    let native = lua.create_table()?;
    native.set("version", VERSION)?;
    native.set("stage", lua.create_function(staging::stage)?)?;
    native.set("stage_now", lua.create_function(staging::stage_now)?)?;
    native.set("chain", lua.create_function(chain::new)?)?;
    native.set("scrub", lua.create_function(scrubbing::scrub)?)?;
    Ok(native)
}

/// The words of a panic may be made of a stanza, and standard error is kept as any log: it says where it was. The standard
/// library is this library's own, so nobody else's panics are concerned.
fn leave_out_words_of_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // Where nobody reads it, nothing is lost.
        let _ = writeln!(std::io::stderr(), "mod_wasm {VERSION} panicked at {place}");
    }));
}

/// The one engine of this Lua state, made when it is first needed: Prosody 0.12 forks after loading modules. It belongs to
/// the chains and jobs that use it, and its thread ends with the last of them.
fn engine(lua: &Lua) -> anyhow::Result<Arc<Engine>> {
    if let Some(engine) = lua.app_data_ref::<Weak<Engine>>().and_then(|engine| engine.upgrade()) {
        return Ok(engine);
    }
    let engine = Arc::new(Engine::new(Purpose::Server, &Engine::configuration(Purpose::Server))?);
    lua.set_app_data(Arc::downgrade(&engine));
    Ok(engine)
}

/// A value, or `nil` and a sentence.
type Answer<T> = Result<(Option<T>, Option<String>)>;

fn answer<T>(result: anyhow::Result<T>) -> Answer<T> {
    Ok(match result {
        Ok(value) => (Some(value), None),
        Err(error) => (None, Some(format!("{error:#}"))),
    })
}
