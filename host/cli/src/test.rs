//! `test`: a project's cases, asked under the limits of production.

mod coverage;
mod difference;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use prosody_wasm_runtime::Purpose;
use serde_json::json;

use crate::cases::{self, Case, Expectation, Sheet};
use crate::project::Project;
use crate::rehearsal::{Stage, came};
use crate::{confinement, failure, print, replay};
use coverage::Coverage;
use difference::Difference;

/// Ask the project's policy every case of cases/, and show what comes out otherwise
#[derive(Args)]
pub struct Arguments {
    /// The project's folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Write what came out into the cases that came out otherwise, after showing it
    #[arg(long)]
    bless: bool,
    /// Ask it what was recorded in a server as well, with `wasm record`
    #[arg(long, value_name = "FILE")]
    recording: Vec<PathBuf>,
    /// Print a JSON object for each case, and one for all
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    let project = Project::open(&arguments.folder)?;
    confinement::confine()?;
    let stage = Stage::open(&project, Purpose::Offline)?;
    let mut run = Run { as_json: arguments.json, coverage: Coverage::new(stage.hooks()?), cases: 0, met: 0, asked: 0 };
    for mut sheet in cases::sheets(&project)? {
        let met = run.met + sheet.cases.len();
        sheet.cases.iter_mut().for_each(|case| run.case(&stage, case));
        if arguments.bless && run.met < met {
            bless(&sheet)?;
        }
    }
    run.summary();
    let mut is_well = if arguments.bless { run.asked == run.cases } else { run.met == run.cases };
    for recording in &arguments.recording {
        is_well &= replay::recorded(&project.component(), recording, arguments.json)?;
    }
    Ok(is_well)
}

/// What was found so far.
struct Run {
    as_json: bool,
    coverage: Coverage,
    cases: usize,
    asked: usize,
    met: usize,
}

impl Run {
    /// Asks a case and says what came of it. What it expects becomes what came out, for who wants to write it.
    fn case(&mut self, stage: &Stage, case: &mut Case) {
        self.cases += 1;
        let (came, differences) = match self.ask(stage, case) {
            Ok(came) => (Some(came.clone()), difference::all(case, &came)),
            // Nothing can be expected of a case that cannot be asked.
            Err(error) => (None, vec![Difference::of_case(&error)]),
        };
        self.met += usize::from(differences.is_empty());
        match self.as_json {
            true => print::json(&json!({ "case": case.name, "differences": differences, "came": came })),
            false => report(&case.name, &differences),
        }
        if let Some(came) = came {
            self.asked += 1;
            case.expect.take(came);
        }
    }

    fn ask(&mut self, stage: &Stage, case: &Case) -> Result<Expectation> {
        let rehearsed = stage.ask(case)?;
        if rehearsed.reason != "not-asked" {
            self.coverage.asked(case.situation()?.question.hook.interface());
        }
        let is_expected = case.expect.verdict.as_deref() == Some("failure");
        if let Some(failure) = rehearsed.failure.as_ref().filter(|_| !is_expected) {
            let what = format!("{}: {failure}", print::plain(&case.name));
            failure::tell(&what, failure, stage.component_bytes(), "prosody-wasm test");
        }
        Ok(came(&rehearsed))
    }

    fn summary(&self) {
        match self.as_json {
            true => {
                print::json(&json!({ "cases": self.cases, "as_expected": self.met, "hooks": self.coverage.counts }))
            }
            false => {
                print::line(&format!("{} of {} as expected", self.met, self.cases));
                self.coverage.lines().iter().for_each(|line| print::line(line));
            }
        }
    }
}

fn report(name: &str, differences: &[Difference]) {
    let sign = if differences.is_empty() { "✓" } else { "✗" };
    print::line(&format!("{sign} {}", print::plain(name)));
    differences.iter().flat_map(Difference::lines).for_each(|line| print::line(&format!("    {line}")));
}

fn bless(sheet: &Sheet) -> Result<()> {
    let path = &sheet.path;
    let text = cases::written(&sheet.cases)?;
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    eprintln!("{}: what came out is what is expected from now on", path.display());
    Ok(())
}

impl Expectation {
    /// Expects what came out, of what was expected; of nothing expected, everything but the log.
    fn take(&mut self, came: Self) {
        let is_new = *self == Self::default();
        let keep = |was: bool| is_new || was;
        let has_effects = came.effects.as_ref().is_some_and(|effects| !effects.is_empty());
        *self = Self {
            verdict: came.verdict.filter(|_| keep(self.verdict.is_some())),
            reason: came.reason.filter(|_| keep(self.reason.is_some())),
            text: came.text.filter(|_| keep(self.text.is_some())),
            stanza: came.stanza.filter(|_| keep(self.stanza.is_some())),
            effects: came.effects.filter(|_| has_effects || self.effects.is_some()),
            log: came.log.filter(|_| self.log.is_some()),
        };
    }
}
