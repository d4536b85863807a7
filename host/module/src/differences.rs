//! `chain:differences(name)`: what a candidate would have decided otherwise.

use std::time::Duration;

use mlua::{Lua, Result, Table};
use prosody_wasm_runtime::candidate::Candidate;
use prosody_wasm_runtime::comparison::{Difference, Kind, Sample};

use crate::{status, words};

/// All of it.
pub fn table(lua: &Lua, candidate: &Candidate) -> Result<Table> {
    let comparison = &candidate.comparison;
    let table = lua.create_table()?;
    table.set("identity", candidate.generation.identity.as_str())?;
    status::set_role(&table, candidate)?;
    table.set("seconds", comparison.since.elapsed().as_secs_f64())?;
    table.set("compared", comparison.compared)?;
    table.set("agreed", comparison.agreed)?;
    table.set("reasons_differ", comparison.reasons_differ)?;
    table.set("shed", comparison.shed)?;
    table.set("users", comparison.users())?;
    table.set("live_microseconds", mean(comparison.live, comparison.compared))?;
    table.set("candidate_microseconds", mean(comparison.candidate, comparison.compared))?;
    let differences = comparison.differences.iter().map(|(kind, difference)| difference_table(lua, kind, difference));
    table.set("differences", differences.collect::<Result<Vec<_>>>()?)?;
    let samples = comparison.samples.iter().map(|sample| sample_table(lua, sample));
    table.set("samples", samples.collect::<Result<Vec<_>>>()?)?;
    Ok(table)
}

fn mean(spent: Duration, count: u64) -> f64 {
    spent.as_nanos() as f64 / 1_000.0 / count.max(1) as f64
}

fn difference_table(lua: &Lua, (kind, old, new): &Kind, difference: &Difference) -> Result<Table> {
    let table = lua.create_table()?;
    table.set("kind", *kind)?;
    table.set("old", *old)?;
    table.set("new", new.as_str())?;
    table.set("count", difference.count)?;
    let reasons = difference.reasons.iter().map(|((old, new), count)| {
        let table = lua.create_table()?;
        table.set("old", old.as_str())?;
        table.set("new", new.as_str())?;
        table.set("count", *count)?;
        Ok(table)
    });
    table.set("reasons", reasons.collect::<Result<Vec<_>>>()?)?;
    Ok(table)
}

fn sample_table(lua: &Lua, sample: &Sample) -> Result<Table> {
    let table = lua.create_table()?;
    let Sample { question, old, new, xml } = sample;
    let passage = question.passage;
    table.set("kind", question.word())?;
    table.set("direction", words::direction_word(passage.direction))?;
    table.set("source", words::party_word(passage.source))?;
    table.set("destination", words::party_word(passage.destination))?;
    table.set("old", old.word)?;
    table.set("new", new.word)?;
    table.set("old_reason", old.reason.as_str())?;
    table.set("new_reason", new.reason.as_str())?;
    table.set("xml", xml.as_str())?;
    Ok(table)
}
