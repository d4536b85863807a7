//! `prosody_wasm.so`: the runtime, as Prosody's Lua sees it.
//!
//! Thin on purpose: the [raw walk](walk) over a stanza, two kinds of userdata, and conversions. Functions
//! answer `nil, err` instead of raising; the hot one, `chain:decide`, answers in every case.

mod chain;
mod outcome;
mod source;
mod walk;
mod words;

use std::rc::Rc;

use mlua::{Lua, Result, Table};
use prosody_wasm_runtime::{Engine, Purpose, VERSION};

/// The table that `package.loadlib(path, "luaopen_prosody_wasm")()` returns. Loading the library again in the
/// same server returns a new table over the same engine.
#[mlua::lua_module]
fn prosody_wasm(lua: &Lua) -> Result<Table> {
    let native = lua.create_table()?;
    native.set("version", VERSION)?;
    native.set("open", lua.create_function(source::open)?)?;
    native.set("chain", lua.create_function(chain::new)?)?;
    Ok(native)
}

/// The one engine of this Lua state, made when it is first needed: Prosody 0.12 forks after loading modules.
fn engine(lua: &Lua) -> anyhow::Result<Rc<Engine>> {
    if let Some(engine) = lua.app_data_ref::<Rc<Engine>>() {
        return Ok(Rc::clone(&engine));
    }
    let engine = Rc::new(Engine::new(Purpose::Server, &Engine::configuration(Purpose::Server))?);
    lua.set_app_data(Rc::clone(&engine));
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
