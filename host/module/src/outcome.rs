//! Outcomes as plain Lua values.

use std::time::Duration;

use mlua::{IntoLuaMulti, Lua, MultiValue, Result, Table};
use prosody_stanza::edit::Edit;
use prosody_wasm_runtime::{Bounce, Effect, Manner, Outcome, Remedy, Report, Undone, Verdict};

use crate::{failures, words};

/// What the shim is told about one stanza.
pub struct Told {
    verdict: &'static str,
    pub policy: Option<String>,
    pub reason: String,
    bounce: Option<Bounce>,
    edits: Vec<Vec<Edit>>,
    manner: Manner,
    pause: u32,
    remedy: Option<Remedy>,
    notes: Vec<(String, Vec<u8>)>,
    effects: Vec<(String, Effect)>,
    spent: Duration,
}

impl From<Outcome> for Told {
    fn from(outcome: Outcome) -> Self {
        let verdict = words::verdict(&outcome.verdict);
        let Outcome { policy, reason, edits, manner, pause, remedy, notes, effects, verdict: decided, .. } = outcome;
        let bounce = match decided {
            Verdict::Bounce(bounce) => Some(bounce),
            _ => None,
        };
        Self { verdict, policy, reason, bounce, edits, manner, pause, remedy, notes, effects, spent: Duration::ZERO }
    }
}

impl Told {
    /// Something in the host itself is wrong: nothing was judged, so nothing passes.
    pub fn internal_error() -> Self {
        Self {
            verdict: "drop",
            policy: None,
            reason: "internal-error".into(),
            bounce: None,
            edits: Vec::new(),
            manner: Manner::Usual,
            pause: 0,
            remedy: None,
            notes: Vec::new(),
            effects: Vec::new(),
            spent: Duration::ZERO,
        }
    }

    /// The same, after so long.
    pub fn taking(self, spent: Duration) -> Self {
        Self { spent, ..self }
    }

    /// Passes the stanza as it is, and is that all?
    pub fn is_plain(&self) -> bool {
        let has_details = self.bounce.is_some() || !self.edits.is_empty() || !self.effects.is_empty();
        let is_usual = self.manner == Manner::Usual && self.pause == 0 && self.notes.is_empty();
        self.verdict == "pass" && !has_details && is_usual
    }

    pub fn microseconds(&self) -> f64 {
        self.spent.as_nanos() as f64 / 1_000.0
    }

    /// `verdict, policy, reason, microseconds, details`; no details when it passes as it is.
    pub fn into_lua(self, lua: &Lua) -> Result<MultiValue> {
        let details = if self.is_plain() { None } else { Some(self.details(lua)?) };
        let microseconds = self.microseconds();
        (self.verdict, self.policy, self.reason, microseconds, details).into_lua_multi(lua)
    }

    fn details(&self, lua: &Lua) -> Result<Table> {
        let details = lua.create_table()?;
        if let Some(bounce) = &self.bounce {
            details.set("type", words::error_type(bounce.error_type))?;
            details.set("condition", words::condition(bounce.condition))?;
            details.set("text", bounce.text.as_str())?;
        }
        details.set("manner", self.manner.word())?;
        if let Manner::Replacing(key) = &self.manner {
            details.set("key", key.as_str())?;
        }
        match self.remedy {
            Some(Remedy::Size(limit)) => details.set("limit", limit)?,
            Some(Remedy::Wait(seconds)) => details.set("pause", seconds)?,
            None => details.set("pause", self.pause)?,
        }
        if !self.notes.is_empty() {
            details.set("notes", notes(lua, &self.notes)?)?;
        }
        details.set("edits", rounds(lua, &self.edits)?)?;
        let effects = self.effects.iter().map(|(policy, effect)| effect_table(lua, policy, effect));
        details.set("effects", effects.collect::<Result<Vec<_>>>()?)?;
        Ok(details)
    }
}

/// By policy.
fn notes(lua: &Lua, notes: &[(String, Vec<u8>)]) -> Result<Table> {
    let table = lua.create_table()?;
    for (policy, note) in notes {
        table.set(policy.as_str(), lua.create_string(note)?)?;
    }
    Ok(table)
}

fn rounds(lua: &Lua, rounds: &[Vec<Edit>]) -> Result<Table> {
    let rounds = rounds.iter().map(|round| {
        let edits = round.iter().map(|edit| edit_table(lua, edit));
        lua.create_sequence_from(edits.collect::<Result<Vec<_>>>()?)
    });
    lua.create_sequence_from(rounds.collect::<Result<Vec<_>>>()?)
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
        Effect::Copy { to, edits } => {
            table.set("kind", "copy")?;
            table.set("to", to.as_str())?;
            table.set("edits", rounds(lua, edits)?)?;
        }
        Effect::Forward { to, edits, report } => {
            table.set("kind", "forward")?;
            table.set("to", to.as_str())?;
            table.set("edits", rounds(lua, edits)?)?;
            if let Some(Report { reason, text }) = report {
                table.set("reason", reason.as_str())?;
                table.set("text", text.as_str())?;
            }
        }
        Effect::Answer { text } => set_text(&table, "answer", "text", text)?,
        Effect::Hold { key } => set_text(&table, "hold", "key", key)?,
        Effect::Release { key } => set_text(&table, "release", "key", key)?,
        Effect::Discard { key } => set_text(&table, "discard", "key", key)?,
        Effect::Tell { text } => set_text(&table, "tell", "text", text)?,
        Effect::Store { key, value } => {
            table.set("kind", "store")?;
            table.set("key", key.as_str())?;
            table.set("value", value.as_ref().map(|value| lua.create_string(value)).transpose()?)?;
        }
        Effect::Returned(returned) => {
            table.set("kind", "rolled-back")?;
            table.set("what", if returned.is_canary { "canary" } else { "generation" })?;
            table.set("from", returned.from.as_str())?;
            table.set("to", returned.to.as_str())?;
            table.set("reason", returned.reason.as_str())?;
            table.set("undone", undone(lua, &returned.undone)?)?;
        }
        Effect::Failed(failed) => {
            table.set("kind", "failed")?;
            table.set("hook", failed.hook)?;
            table.set("left_out", failed.left_out)?;
            table.set("failure", failures::table(lua, &failed.failure)?)?;
        }
        Effect::Log { level, line } => {
            table.set("kind", "log")?;
            table.set("level", words::level(*level))?;
            table.set("text", line.as_str())?;
        }
    }
    Ok(table)
}

fn set_text(table: &Table, kind: &str, name: &str, text: &str) -> Result<()> {
    table.set("kind", kind)?;
    table.set(name, text)
}

/// Keys with the values that they have again: a list.
pub fn undone(lua: &Lua, undone: &[Undone]) -> Result<Table> {
    let entries = undone.iter().map(|(key, value)| {
        let table = lua.create_table()?;
        table.set("key", key.as_str())?;
        table.set("value", value.as_ref().map(|value| lua.create_string(value)).transpose()?)?;
        Ok(table)
    });
    lua.create_sequence_from(entries.collect::<Result<Vec<_>>>()?)
}
