//! `native.scrub(line)`: a line of the log without addresses.

use std::borrow::Cow;

use mlua::{Lua, LuaString, Result};
use prosody_wasm_runtime::scrubbing;

/// The same string when there is nothing to take out, so that most lines cost no memory.
pub fn scrub(lua: &Lua, line: LuaString) -> Result<LuaString> {
    let clean = match scrubbing::scrub(&line.as_bytes()) {
        Cow::Borrowed(_) => None,
        Cow::Owned(clean) => Some(clean),
    };
    clean.map_or(Ok(line), |clean| lua.create_string(clean))
}
