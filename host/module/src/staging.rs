//! `job` and `staged`: generations on their way into a chain.

use std::collections::BTreeMap;

use anyhow::{Context, anyhow};
use mlua::{AnyUserData, Lua, MultiValue, Result, Table, UserData, UserDataMethods};
use prosody_wasm_runtime::Generation;
use prosody_wasm_runtime::staging::{self, End, Job, NotStaged, Staged, Stand};

use crate::{answer, request, status};

/// A staging in its own thread.
pub struct JobHandle(Job);

/// A generation that can be put into force once.
pub struct StagedHandle {
    staged: Option<Box<Staged>>,
    facts: Table,
}

/// `native.stage(request) -> job | nil, err`
pub fn stage(lua: &Lua, table: Table) -> Result<MultiValue> {
    let job = request::request(&table).map_err(|error| anyhow!("{error}"));
    let job = job.and_then(|request| Job::start(&crate::engine(lua)?, request)).map(JobHandle);
    mlua::IntoLuaMulti::into_lua_multi(answer(job)?, lua)
}

/// `native.stage_now(request) -> staged | nil, err, phase`
pub fn stage_now(lua: &Lua, table: Table) -> Result<MultiValue> {
    let engine = crate::engine(lua).map_err(|error| anyhow!("{error:#}"));
    let request = request::request(&table).map_err(|error| anyhow!("{error}"));
    let end = engine.and_then(|engine| Ok(staging::stage(&engine, &request?, false)));
    match end {
        Ok(end) => ended(lua, end, false),
        Err(error) => mlua::IntoLuaMulti::into_lua_multi((mlua::Nil, format!("{error:#}"), "reading"), lua),
    }
}

fn ended(lua: &Lua, end: std::result::Result<End, NotStaged>, with_word: bool) -> Result<MultiValue> {
    use mlua::IntoLuaMulti;
    match end {
        Ok(End::Unchanged) => "unchanged".into_lua_multi(lua),
        Err(refusal) => (mlua::Nil, refusal.to_string(), refusal.phase.word()).into_lua_multi(lua),
        Ok(End::Staged(staged)) => {
            let handle = StagedHandle { facts: facts(lua, &staged)?, staged: Some(staged) };
            if with_word { ("done", handle).into_lua_multi(lua) } else { handle.into_lua_multi(lua) }
        }
    }
}

fn facts(lua: &Lua, staged: &Staged) -> Result<Table> {
    let table = lua.create_table()?;
    status::set_generation(&table, &staged.generation)?;
    table.set("size", staged.size)?;
    if let Some(passed) = staged.gate {
        let gate = [("compared", passed.compared), ("differences", passed.differences)];
        table.set("gate", lua.create_table_from(gate)?)?;
    }
    Ok(table)
}

impl UserData for JobHandle {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method_mut("poll", |lua, this, ()| match this.0.poll() {
            Stand::Running(phase) => mlua::IntoLuaMulti::into_lua_multi(("running", phase.word()), lua),
            Stand::Ended(end) => ended(lua, end, true),
        });
        methods.add_method_mut("cancel", |_, this, ()| {
            this.0.cancel();
            Ok(())
        });
    }
}

impl UserData for StagedHandle {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method("facts", |_, this, ()| Ok(this.facts.clone()));
    }
}

/// Takes the generation out of a handle: it can be put into force once.
pub fn take(handle: &AnyUserData) -> anyhow::Result<Generation> {
    let mut handle = handle.borrow_mut::<StagedHandle>().map_err(|error| anyhow!("{error}"))?;
    Ok(handle.staged.take().context("it was put into force already; stage it again")?.generation)
}

/// Takes those of several policies out, all or none.
pub fn take_all(handles: &Table) -> anyhow::Result<BTreeMap<String, Generation>> {
    let pairs = handles.pairs::<String, AnyUserData>().collect::<Result<Vec<_>>>();
    let pairs = pairs.map_err(|error| anyhow!("{error}"))?;
    for (name, handle) in &pairs {
        let handle = handle.borrow::<StagedHandle>().map_err(|error| anyhow!("{error}"))?;
        handle.staged.as_ref().with_context(|| format!("{name} was put into force already; stage it again"))?;
    }
    pairs.iter().map(|(name, handle)| Ok((name.clone(), take(handle)?))).collect()
}

/// Puts generations back that were not put into force after all.
pub fn give_back(handles: &Table, generations: BTreeMap<String, Generation>) {
    for (name, generation) in generations {
        let Ok(handle) = handles.get::<AnyUserData>(name) else { continue };
        if let Ok(mut handle) = handle.borrow_mut::<StagedHandle>() {
            handle.staged = Some(Box::new(Staged { generation, size: 0, gate: None }));
        }
    }
}
