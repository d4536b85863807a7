//! Outcomes and states as plain Lua values.

use std::time::Duration;

use mlua::{IntoLuaMulti, Lua, MultiValue, Result, Table};
use prosody_stanza::edit::Edit;
use prosody_wasm_runtime::slot::{Mode, Slot, State};
use prosody_wasm_runtime::{Bounce, Effect, Outcome, Surface, Verdict};

use crate::words;

/// What the shim is told about one stanza.
pub struct Told {
    verdict: &'static str,
    policy: Option<String>,
    reason: String,
    bounce: Option<Bounce>,
    edits: Vec<Vec<Edit>>,
    effects: Vec<(String, Effect)>,
}

impl From<Outcome> for Told {
    fn from(outcome: Outcome) -> Self {
        let verdict = words::verdict(&outcome.verdict);
        let Outcome { policy, reason, edits, effects, verdict: decided, .. } = outcome;
        let bounce = match decided {
            Verdict::Bounce(bounce) => Some(bounce),
            _ => None,
        };
        Self { verdict, policy, reason, bounce, edits, effects }
    }
}

impl Told {
    /// Something in the host itself is wrong: nothing was judged, so nothing passes.
    pub fn internal_error() -> Self {
        let (edits, effects) = (Vec::new(), Vec::new());
        Self { verdict: "drop", policy: None, reason: "internal-error".into(), bounce: None, edits, effects }
    }

    /// `verdict, policy, reason, microseconds, details`. Most stanzas pass as they are: no table is made for them.
    pub fn into_lua(self, lua: &Lua, spent: Duration) -> Result<MultiValue> {
        let plain = self.bounce.is_none() && self.edits.is_empty() && self.effects.is_empty();
        let details = if plain { None } else { Some(self.details(lua)?) };
        let microseconds = spent.as_nanos() as f64 / 1_000.0;
        (self.verdict, self.policy, self.reason, microseconds, details).into_lua_multi(lua)
    }

    fn details(&self, lua: &Lua) -> Result<Table> {
        let details = lua.create_table()?;
        if let Some(bounce) = &self.bounce {
            details.set("type", words::error_type(bounce.error_type))?;
            details.set("condition", words::condition(bounce.condition))?;
            details.set("text", bounce.text.as_str())?;
        }
        let rounds = self.edits.iter().map(|round| {
            let edits = round.iter().map(|edit| edit_table(lua, edit));
            lua.create_sequence_from(edits.collect::<Result<Vec<_>>>()?)
        });
        details.set("edits", rounds.collect::<Result<Vec<_>>>()?)?;
        let effects = self.effects.iter().map(|(policy, effect)| effect_table(lua, policy, effect));
        details.set("effects", effects.collect::<Result<Vec<_>>>()?)?;
        Ok(details)
    }
}

fn edit_table(lua: &Lua, edit: &Edit) -> Result<Table> {
    let table = lua.create_table()?;
    match edit {
        Edit::Remove { node } => {
            table.set("op", "remove")?;
            table.set("node", *node)?;
        }
        Edit::SetText { node, text } => {
            table.set("op", "set-text")?;
            table.set("node", *node)?;
            table.set("text", text.as_str())?;
        }
        Edit::SetAttribute { node, name, value } => {
            table.set("op", "set-attribute")?;
            table.set("node", *node)?;
            table.set("name", name.as_str())?;
            table.set("value", value.as_str())?;
        }
        Edit::RemoveAttribute { node, name } => {
            table.set("op", "remove-attribute")?;
            table.set("node", *node)?;
            table.set("name", name.as_str())?;
        }
        Edit::Append { parent, element } => {
            table.set("op", "append")?;
            table.set("node", *parent)?;
            table.set("name", element.name.as_str())?;
            table.set("xmlns", element.namespace.as_str())?;
            table.set("text", element.text.as_str())?;
            let attributes = element.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            table.set("attributes", lua.create_table_from(attributes)?)?;
        }
    }
    Ok(table)
}

fn effect_table(lua: &Lua, policy: &str, effect: &Effect) -> Result<Table> {
    let table = lua.create_table()?;
    table.set("policy", policy)?;
    match effect {
        Effect::Notify { to, text } => {
            table.set("kind", "notify")?;
            table.set("to", words::recipient(*to))?;
            table.set("text", text.as_str())?;
        }
        Effect::Store { key, value } => {
            table.set("kind", "store")?;
            table.set("key", key.as_str())?;
            table.set("value", value.as_ref().map(|value| lua.create_string(value)).transpose()?)?;
        }
        Effect::Log { level, line } => {
            table.set("kind", "log")?;
            table.set("level", words::level(*level))?;
            table.set("text", line.as_str())?;
        }
    }
    Ok(table)
}

/// What a component shows of itself.
pub fn surface(lua: &Lua, surface: &Surface, sha256: &str) -> Result<Table> {
    let table = lua.create_table()?;
    table.set("sha256", sha256)?;
    set_surface(&table, surface)?;
    Ok(table)
}

fn set_surface(table: &Table, surface: &Surface) -> Result<()> {
    let permissions = surface.permissions.iter();
    table.set("hooks", surface.hooks.clone())?;
    table.set("wit", surface.wit.as_str())?;
    table.set("imports", permissions.clone().map(|permission| permission.name()).collect::<Vec<_>>())?;
    table.set("permissions", permissions.map(|permission| permission.sentence()).collect::<Vec<_>>())
}

/// `chain:status()`: a list, by name.
pub fn status(lua: &Lua, slots: &[Slot]) -> Result<Table> {
    let slots = slots.iter().map(|slot| slot_table(lua, slot));
    lua.create_sequence_from(slots.collect::<Result<Vec<_>>>()?)
}

fn slot_table(lua: &Lua, slot: &Slot) -> Result<Table> {
    let table = lua.create_table()?;
    let (state, reason) = state(slot);
    table.set("name", slot.name.as_str())?;
    table.set("state", state)?;
    table.set("reason", reason)?;
    table.set("mode", words::mode_word(slot.mode))?;
    table.set("on_error", words::on_error_word(slot.on_error))?;
    table.set("last_failure", slot.last_failure.as_deref())?;
    if let State::Running(running) = &slot.state {
        table.set("sha256", running.policy.sha256.as_str())?;
        set_surface(&table, &running.policy.surface)?;
        let limits = running.policy.limits();
        let limits = [("milliseconds", limits.milliseconds as usize), ("memory", limits.memory)];
        table.set("limits", lua.create_table_from(limits)?)?;
    }
    let counted = &slot.statistics;
    table.set("calls", counted.calls())?;
    table.set("microseconds", counted.spent.as_nanos() as f64 / 1_000.0)?;
    let verdicts = [
        ("pass", counted.pass),
        ("edit", counted.edit),
        ("drop", counted.drop),
        ("bounce", counted.bounce),
        ("failure", counted.failure),
    ];
    table.set("verdicts", lua.create_table_from(verdicts)?)?;
    Ok(table)
}

fn state(slot: &Slot) -> (&'static str, Option<&str>) {
    match &slot.state {
        _ if slot.mode == Mode::Off => ("off", None),
        State::Absent => ("absent", None),
        State::Compiling => ("compiling", None),
        State::Failed(reason) => ("failed", Some(reason)),
        State::Running(running) if running.is_quarantined() => ("quarantined", slot.last_failure.as_deref()),
        State::Running(_) => ("running", None),
    }
}
