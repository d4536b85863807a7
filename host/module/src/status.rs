//! How the policies of a host stand, as plain Lua values.

use mlua::{Lua, Result, Table};
use prosody_wasm_runtime::candidate::{Candidate, Role};
use prosody_wasm_runtime::slot::{Mode, Slot, State};
use prosody_wasm_runtime::{Generation, LastFailure, Limits, Statistics, WASMTIME_VERSION};

use crate::{failures, words};

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
    table.set("last_failure", slot.last_failure.as_ref().map(LastFailure::to_string))?;
    table.set("failure", slot.last_failure.as_ref().map(|last| failure(lua, last)).transpose()?)?;
    if let State::Running(live) = &slot.state {
        set_generation(&table, live)?;
        table.set("retention", live.retention)?;
        let Limits { milliseconds, memory, budget } = live.policy.limits();
        let limits = [("milliseconds", milliseconds as usize), ("memory", memory), ("budget", budget as usize)];
        table.set("limits", lua.create_table_from(limits)?)?;
        table.set("engine", format!("wasmtime {WASMTIME_VERSION}"))?;
    }
    set_counters(lua, &table, slot)?;
    set_trials(lua, &table, slot)?;
    Ok(table)
}

/// What a generation is and may do.
pub fn set_generation(table: &Table, generation: &Generation) -> Result<()> {
    let surface = &generation.policy.surface;
    let permissions = surface.permissions.iter();
    table.set("identity", generation.identity.as_str())?;
    table.set("sha256", generation.policy.sha256.as_str())?;
    table.set("hooks", surface.hooks.clone())?;
    table.set("wit", surface.wit.as_str())?;
    table.set("keeps_state", surface.keeps_state)?;
    table.set("imports", permissions.clone().map(|permission| permission.name()).collect::<Vec<_>>())?;
    table.set("permissions", permissions.map(|permission| permission.sentence()).collect::<Vec<_>>())
}

fn set_counters(lua: &Lua, table: &Table, slot: &Slot) -> Result<()> {
    let by_hook = slot.statistics.iter().map(|(interface, counted)| Ok((interface, counters(lua, counted)?)));
    table.set("by_hook", lua.create_table_from(by_hook.collect::<Result<Vec<_>>>()?)?)
}

fn counters(lua: &Lua, counted: &Statistics) -> Result<Table> {
    let table = lua.create_table()?;
    table.set("microseconds", counted.spent.as_nanos() as f64 / 1_000.0)?;
    table.set("over_budget", counted.over_budget)?;
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

fn set_trials(lua: &Lua, table: &Table, slot: &Slot) -> Result<()> {
    table.set("previous", slot.previous.as_ref().map(|previous| previous.identity.as_str()))?;
    if let Some(probation) = slot.probation.as_ref().filter(|probation| !probation.is_over()) {
        let seconds = probation.left().unwrap_or_default().as_secs_f64().ceil() as u64;
        let values = [("seconds", seconds), ("failures", u64::from(probation.failures))];
        table.set("probation", lua.create_table_from(values)?)?;
    }
    if let Some(candidate) = &slot.candidate {
        table.set("candidate", candidate_table(lua, candidate)?)?;
    }
    if let Some(recorder) = &slot.recorder {
        let recording = lua.create_table_from([("stanzas", recorder.stanzas), ("left", recorder.left)])?;
        recording.set("error", recorder.error.as_deref())?;
        table.set("recording", recording)?;
    }
    Ok(())
}

fn candidate_table(lua: &Lua, candidate: &Candidate) -> Result<Table> {
    let comparison = &candidate.comparison;
    let table = lua.create_table()?;
    table.set("identity", candidate.generation.identity.as_str())?;
    table.set("sha256", candidate.generation.policy.sha256.as_str())?;
    set_role(&table, candidate)?;
    table.set("compared", comparison.compared)?;
    table.set("differences", comparison.compared - comparison.agreed)?;
    table.set("shed", comparison.shed)?;
    Ok(table)
}

/// What it is for, and how it does.
pub fn set_role(table: &Table, candidate: &Candidate) -> Result<()> {
    let failures = match candidate.role {
        Role::Shadow => candidate.comparison.failures,
        Role::Canary { share } => {
            table.set("share", share)?;
            u64::from(candidate.watch.failures)
        }
    };
    table.set("role", words::role(candidate.role))?;
    table.set("failures", failures)?;
    table.set("decided", candidate.watch.decisions)
}

/// When and where it failed last, and how often it did.
fn failure(lua: &Lua, last: &LastFailure) -> Result<Table> {
    let table = failures::table(lua, &last.failure)?;
    table.set("hook", last.hook)?;
    table.set("at", last.at)?;
    table.set("count", last.count)?;
    Ok(table)
}

fn state(slot: &Slot) -> (&'static str, Option<String>) {
    match &slot.state {
        _ if slot.mode == Mode::Off => ("off", None),
        State::Absent => ("absent", None),
        State::Compiling => ("compiling", None),
        State::Failed(reason) => ("failed", Some(reason.clone())),
        State::Running(live) if live.is_quarantined() => {
            ("quarantined", slot.last_failure.as_ref().map(LastFailure::to_string))
        }
        State::Running(_) => ("running", None),
    }
}
