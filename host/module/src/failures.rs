//! How a policy failed, as plain Lua values.

use mlua::{Lua, Result, Table};
use prosody_wasm_runtime::{Failure, Scene};

use crate::words;

/// `{ what, hint, place, offsets, used, lines = { { level, text } } }`; what is not known is left out.
pub fn table(lua: &Lua, failure: &Failure) -> Result<Table> {
    let table = lua.create_table()?;
    table.set("what", failure.to_string())?;
    table.set("hint", failure.hint())?;
    if let Some(scene) = &failure.scene {
        set_scene(lua, &table, scene)?;
    }
    Ok(table)
}

fn set_scene(lua: &Lua, table: &Table, scene: &Scene) -> Result<()> {
    table.set("place", scene.place().map(ToString::to_string))?;
    table.set("offsets", scene.offsets())?;
    table.set("used", scene.used.to_string())?;
    let lines = scene
        .lines
        .iter()
        .map(|(level, text)| lua.create_table_from([("level", words::level(*level)), ("text", text.as_str())]));
    table.set("lines", lua.create_sequence_from(lines.collect::<Result<Vec<_>>>()?)?)
}
