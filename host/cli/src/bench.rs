//! `bench`: what decisions cost on this machine, beside what they may cost.

mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use prosody_wasm_runtime::Purpose;

use crate::cases::{self, Case};
use crate::project::Project;
use crate::rehearsal::Stage;
use crate::{confinement, print};
use table::Costs;

/// Times a case is asked at most, and for how long.
const TIMES: usize = 2_000;
const LONGEST: Duration = Duration::from_millis(500);
/// Times it is asked before: what is new costs more.
const BEFORE: usize = 20;

/// Measure what the decisions of cases/ cost, by hook, beside the limits
#[derive(Args)]
pub struct Arguments {
    /// The project's folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Print a JSON object for each hook
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    let project = Project::open(&arguments.folder)?;
    confinement::confine()?;
    let (timed, counted) = (Stage::open(&project, Purpose::Server)?, Stage::open(&project, Purpose::Offline)?);
    let mut hooks: BTreeMap<&'static str, Costs> = BTreeMap::new();
    for case in cases::sheets(&project)?.iter().flat_map(|sheet| &sheet.cases) {
        let costs = hooks.entry(case.situation()?.question.hook.interface()).or_default();
        measure(case, &timed, &counted, costs).with_context(|| format!("the case {}", print::plain(&case.name)))?;
    }
    match arguments.json {
        true => hooks.iter().for_each(|(hook, costs)| print::json(&costs.json(hook, &project.limits))),
        false => table::lines(&hooks, &project.limits).iter().for_each(|line| print::line(line)),
    }
    Ok(true)
}

/// Time and fuel come from two engines: to count one would change the other.
fn measure(case: &Case, timed: &Stage, counted: &Stage, costs: &mut Costs) -> Result<()> {
    let rehearsed = counted.ask(case)?;
    costs.cases += 1;
    costs.failures += usize::from(rehearsed.verdict == "failure");
    costs.fuel.push(rehearsed.fuel);
    let (mut policy, situation, stanza) = (timed.policy_for(case)?, case.situation()?, case.stanza()?);
    let (until, mut number) = (Instant::now() + LONGEST, 0);
    while number < TIMES + BEFORE && (number <= BEFORE || Instant::now() < until) {
        let stanza = stanza.clone();
        let start = Instant::now();
        policy.ask(&timed.engine, situation.question, &situation.facts, stanza);
        let spent = start.elapsed();
        if number >= BEFORE {
            costs.spent.push(spent);
        }
        number += 1;
    }
    Ok(())
}
