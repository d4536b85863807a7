//! What the shim asks for, read from Lua tables.

use std::path::PathBuf;
use std::time::Duration;

use mlua::{LuaString, Result, Table};
use prosody_wasm_runtime::candidate::Role;
use prosody_wasm_runtime::recording::Order;
use prosody_wasm_runtime::staging::Request;
use prosody_wasm_runtime::{Gate, KeyValues, Limits, Terms, Thresholds, Trial, Trust};

use crate::words;

/// `native.stage { … }`
pub fn request(table: &Table) -> Result<Request> {
    let path = |name: &str| table.get::<Option<String>>(name).map(|path| path.map(PathBuf::from));
    Ok(Request {
        name: table.get("name")?,
        path: PathBuf::from(table.get::<String>("path")?),
        sha256: table.get("sha256")?,
        trust: trust(table)?,
        terms: terms(table)?,
        accepted: table.get("accepted")?,
        cache: PathBuf::from(table.get::<String>("cache_path")?),
        compiler: table.get("compiler")?,
        compile_seconds: table.get("compile_seconds")?,
        kept: path("kept_path")?,
        unless: table.get("unless")?,
        gate: table.get::<Option<Table>>("gate")?.map(|gate| self::gate(&gate)).transpose()?,
    })
}

fn trust(table: &Table) -> Result<Trust> {
    let keys = table.get::<Option<Vec<String>>>("trusted_keys")?.unwrap_or_default();
    Ok(Trust { keys, is_required: table.get::<Option<bool>>("require_signatures")?.unwrap_or_default() })
}

fn gate(table: &Table) -> Result<Gate> {
    let allow_differences = table.get::<Option<u64>>("allow_differences")?.unwrap_or_default();
    Ok(Gate { path: PathBuf::from(table.get::<String>("path")?), allow_differences })
}

fn terms(table: &Table) -> Result<Terms> {
    let on_error: Option<String> = table.get("on_error")?;
    Ok(Terms {
        settings: table.get::<Option<String>>("settings")?.unwrap_or_else(|| "{}".into()),
        grants: table.get("grants")?,
        limits: limits(table.get("limits")?)?,
        on_error: words::on_error(on_error.as_deref()),
    })
}

fn limits(table: Option<Table>) -> Result<Limits> {
    let defaults = Limits::default();
    let Some(table) = table else { return Ok(defaults) };
    Ok(Limits {
        milliseconds: table.get::<Option<u32>>("milliseconds")?.unwrap_or(defaults.milliseconds),
        memory: table.get::<Option<usize>>("memory")?.unwrap_or(defaults.memory),
        budget: table.get::<Option<u32>>("budget")?.unwrap_or(defaults.budget),
    })
}

/// What a policy has stored, as read from the disk.
pub fn store(table: Table) -> Result<KeyValues> {
    let entries = table.pairs::<String, LuaString>();
    let entries = entries.map(|entry| entry.map(|(key, value)| (key, value.as_bytes().to_vec())));
    Ok(KeyValues::load(entries.collect::<Result<Vec<_>>>()?))
}

/// `chain:publish(…, { seconds, failures, microseconds })`
pub fn probation(table: &Table) -> Result<(Duration, Thresholds)> {
    Ok((Duration::from_secs(table.get::<Option<u64>>("seconds")?.unwrap_or_default()), thresholds(table)?))
}

fn thresholds(table: &Table) -> Result<Thresholds> {
    let defaults = Thresholds::default();
    let mean = table.get::<Option<u64>>("microseconds")?.map(Duration::from_micros);
    let failures = table.get::<Option<u32>>("failures")?.unwrap_or(defaults.failures);
    Ok(Thresholds { failures, mean: mean.unwrap_or(defaults.mean) })
}

/// `chain:try(name, staged, { … })`
pub fn trial(table: &Table) -> Result<Trial> {
    let role = match table.get::<String>("role")?.as_str() {
        "canary" => Role::Canary { share: share(table, "share")?.unwrap_or_default() },
        _ => Role::Shadow,
    };
    Ok(Trial {
        role,
        budget: share(table, "budget")?.unwrap_or(0.05),
        samples: table.get::<Option<usize>>("samples")?.unwrap_or_default(),
        thresholds: thresholds(table)?,
        fresh: table.get::<Option<bool>>("fresh")?.unwrap_or_default(),
    })
}

/// A number from 0 to 1, which NaN is not: it would be less than nothing and more than nothing at once.
fn share(table: &Table, name: &str) -> Result<Option<f64>> {
    let share = table.get::<Option<f64>>(name)?;
    match share.filter(|share| !(0.0..=1.0).contains(share)) {
        Some(other) => Err(mlua::Error::runtime(format!("{name} must be a number from 0 to 1, and is {other}"))),
        None => Ok(share),
    }
}

/// `chain:record(name, { … })`
pub fn order(table: &Table) -> Result<Order> {
    Ok(Order {
        path: PathBuf::from(table.get::<String>("path")?),
        count: table.get("count")?,
        redact: table.get::<Option<bool>>("redact")?.unwrap_or_default(),
        failures_only: table.get::<Option<bool>>("failures_only")?.unwrap_or_default(),
    })
}
