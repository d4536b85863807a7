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

    /// Only what there is to say: every archived message has some, and each field is for Lua to collect.
    fn details(&self, lua: &Lua) -> Result<Table> {
        let details = lua.create_table()?;
        if let Some(bounce) = &self.bounce {
            details.raw_set("type", words::error_type(bounce.error_type))?;
            details.raw_set("condition", words::condition(bounce.condition))?;
            details.raw_set("text", bounce.text.as_str())?;
        }
        if let Some(manner) = self.manner.word() {
            details.raw_set("manner", manner)?;
        }
        if let Manner::Replacing(key) = &self.manner {
            details.raw_set("key", key.as_str())?;
        }
        match self.remedy {
            Some(Remedy::Size(limit)) => details.raw_set("limit", limit)?,
            Some(Remedy::Wait(seconds)) => details.raw_set("pause", seconds)?,
            None if self.pause > 0 => details.raw_set("pause", self.pause)?,
            None => {}
        }
        if !self.notes.is_empty() {
            details.raw_set("notes", notes(lua, &self.notes)?)?;
        }
        if !self.edits.is_empty() {
            details.raw_set("edits", rounds(lua, &self.edits)?)?;
        }
        if !self.effects.is_empty() {
            let effects = self.effects.iter().map(|(policy, effect)| effect_table(lua, policy, effect));
            details.raw_set("effects", lua.create_sequence_from(effects.collect::<Result<Vec<_>>>()?)?)?;
        }
        Ok(details)
    }
}

/// By policy.
fn notes(lua: &Lua, notes: &[(String, Vec<u8>)]) -> Result<Table> {
    let table = lua.create_table()?;
    for (policy, note) in notes {
        table.raw_set(policy.as_str(), lua.create_string(note)?)?;
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
            table.raw_set("op", "remove")?;
            table.raw_set("node", *node)?;
        }
        Edit::SetText { node, text } => {
            table.raw_set("op", "set-text")?;
            table.raw_set("node", *node)?;
            table.raw_set("text", text.as_str())?;
        }
        Edit::SetAttribute { node, name, value } => {
            table.raw_set("op", "set-attribute")?;
            table.raw_set("node", *node)?;
            table.raw_set("name", name.as_str())?;
            table.raw_set("value", value.as_str())?;
        }
        Edit::RemoveAttribute { node, name } => {
            table.raw_set("op", "remove-attribute")?;
            table.raw_set("node", *node)?;
            table.raw_set("name", name.as_str())?;
        }
        Edit::Append { parent, element } => {
            table.raw_set("op", "append")?;
            table.raw_set("node", *parent)?;
            table.raw_set("name", element.name.as_str())?;
            table.raw_set("xmlns", element.namespace.as_str())?;
            table.raw_set("text", element.text.as_str())?;
            let attributes = element.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            table.raw_set("attributes", lua.create_table_from(attributes)?)?;
        }
    }
    Ok(table)
}

fn effect_table(lua: &Lua, policy: &str, effect: &Effect) -> Result<Table> {
    let table = lua.create_table()?;
    table.raw_set("policy", policy)?;
    match effect {
        Effect::Notify { to, text } => {
            table.raw_set("kind", "notify")?;
            table.raw_set("to", words::recipient(*to))?;
            table.raw_set("text", text.as_str())?;
        }
        Effect::Copy { to, edits } => {
            table.raw_set("kind", "copy")?;
            table.raw_set("to", to.as_str())?;
            table.raw_set("edits", rounds(lua, edits)?)?;
        }
        Effect::Forward { to, edits, report } => {
            table.raw_set("kind", "forward")?;
            table.raw_set("to", to.as_str())?;
            table.raw_set("edits", rounds(lua, edits)?)?;
            if let Some(Report { reason, text }) = report {
                table.raw_set("reason", reason.as_str())?;
                table.raw_set("text", text.as_str())?;
            }
        }
        Effect::Answer { text } => set_text(&table, "answer", "text", text)?,
        Effect::Hold { key } => set_text(&table, "hold", "key", key)?,
        Effect::Release { key } => set_text(&table, "release", "key", key)?,
        Effect::Discard { key } => set_text(&table, "discard", "key", key)?,
        Effect::Tell { text } => set_text(&table, "tell", "text", text)?,
        Effect::Store { key, value } => {
            table.raw_set("kind", "store")?;
            table.raw_set("key", key.as_str())?;
            table.raw_set("value", value.as_ref().map(|value| lua.create_string(value)).transpose()?)?;
        }
        Effect::Returned(returned) => {
            table.raw_set("kind", "rolled-back")?;
            table.raw_set("what", if returned.is_canary { "canary" } else { "generation" })?;
            table.raw_set("from", returned.from.as_str())?;
            table.raw_set("to", returned.to.as_str())?;
            table.raw_set("reason", returned.reason.as_str())?;
            table.raw_set("undone", undone(lua, &returned.undone)?)?;
        }
        Effect::Failed(failed) => {
            table.raw_set("kind", "failed")?;
            table.raw_set("hook", failed.hook)?;
            table.raw_set("left_out", failed.left_out)?;
            table.raw_set("failure", failures::table(lua, &failed.failure)?)?;
        }
        Effect::Log { level, line } => {
            table.raw_set("kind", "log")?;
            table.raw_set("level", words::level(*level))?;
            table.raw_set("text", line.as_str())?;
        }
    }
    Ok(table)
}

fn set_text(table: &Table, kind: &str, name: &str, text: &str) -> Result<()> {
    table.raw_set("kind", kind)?;
    table.raw_set(name, text)
}

/// Keys with the values that they have again: a list.
pub fn undone(lua: &Lua, undone: &[Undone]) -> Result<Table> {
    let entries = undone.iter().map(|(key, value)| {
        let table = lua.create_table()?;
        table.raw_set("key", key.as_str())?;
        table.raw_set("value", value.as_ref().map(|value| lua.create_string(value)).transpose()?)?;
        Ok(table)
    });
    lua.create_sequence_from(entries.collect::<Result<Vec<_>>>()?)
}
