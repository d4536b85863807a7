//! `replay`: a policy's verdicts over a file of stanzas, offline, under the limits of production.
//!
//! The file is a list of stanzas with what should become of them, or a [recording] of what a policy was asked.

mod recording;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use prosody_stanza::{Limits, xml};
use prosody_wasm_runtime::library::Library;
use prosody_wasm_runtime::slot::{Mode, OnError};
use prosody_wasm_runtime::{Chain, Engine, Generation, Manner, Outcome, Policy, Purpose, Source, Terms, Verdict};
use serde::Deserialize;
use serde_json::json;

use crate::situation::{NOW, Situation};
use crate::{compiler, confinement, print};

/// Run a policy over a JSON array of {"id","dir","xml","expect"}, or over a recording
#[derive(Args)]
pub struct Arguments {
    /// The component, or the name of a bundled policy
    #[arg(long)]
    policy: String,
    /// Its settings, as a JSON object; those of the recording, or {}, when left out
    #[arg(long, value_name = "JSON")]
    settings: Option<String>,
    /// Write the recording once more, with the answers and the fuel of this run
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Print the summary as JSON too
    #[arg(long)]
    json: bool,
    /// The stanzas
    corpus: PathBuf,
}

/// A stanza with what should become of it.
#[derive(Deserialize)]
struct Case {
    id: String,
    dir: String,
    xml: String,
    expect: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    confinement::confine()?;
    if recording::is_one(&arguments.corpus)? {
        return recording::run(arguments);
    }
    ensure!(arguments.save.is_none(), "--save is for recordings");
    let corpus = std::fs::read_to_string(&arguments.corpus);
    let corpus = corpus.with_context(|| format!("cannot read {}", arguments.corpus.display()))?;
    let cases: Vec<Case> = serde_json::from_str(&corpus)
        .with_context(|| format!("{} is not an array of {{id, dir, xml, expect}}", arguments.corpus.display()))?;
    let mut chain = chain(arguments)?;
    let mut met = 0;
    for case in &cases {
        met += usize::from(replay(&mut chain, case)?);
    }
    summary(arguments.json, met, cases.len());
    Ok(met == cases.len())
}

/// Asks a component what was recorded, under the settings and limits of the recording.
pub fn recorded(component: &Path, recording: &Path, json: bool) -> Result<bool> {
    let policy = component.to_str().context("the path of the component is not UTF-8")?.to_owned();
    recording::run(&Arguments { policy, settings: None, save: None, json, corpus: recording.to_owned() })
}

fn chain(arguments: &Arguments) -> Result<Chain> {
    let engine = Arc::new(compiler::engine(Purpose::Offline)?);
    let settings = arguments.settings.clone().unwrap_or_else(|| "{}".into());
    let policy = policy(&engine, &arguments.policy, Terms { settings, ..Terms::default() })?;
    let mut chain = Chain::new(Arc::clone(&engine));
    chain.declare("policy", OnError::Deny, Mode::Enforce);
    let installed = Generation::start(&engine, policy, NOW).and_then(|generation| chain.put("policy", generation, NOW));
    installed.map_err(|failure| anyhow!("{}: {failure}", arguments.policy))?;
    Ok(chain)
}

/// Compiles a policy for this run.
fn policy(engine: &Engine, name: &str, terms: Terms) -> Result<Policy> {
    let file = Library::from_environment(std::env::var_os("PROSODY_WASM_PATH").as_deref()).find(name)?;
    let source = Source::read(&file, None)?;
    let component = compiler::component(engine, &source)?;
    Policy::prepare(engine, &component, &source.sha256, terms)
}

fn replay(chain: &mut Chain, case: &Case) -> Result<bool> {
    let situation = Situation::named(&case.dir).with_context(|| format!("case {}", case.id))?;
    let stanza = xml::parse(&case.xml, situation.stream, &Limits::default());
    let outcome = chain.decide(stanza, situation.question, false, &situation.facts);
    let (verdict, action) = words(&outcome);
    let delivered = matches!(outcome.verdict, Verdict::Pass).then(|| outcome.stanza()).flatten();
    print::json(&json!({
        "id": case.id,
        "verdict": verdict,
        "action": action,
        "reason": outcome.reason,
        "xml": delivered.map(|stanza| stanza.to_xml()),
    }));
    Ok(is_met(case.expect.as_deref(), verdict))
}

fn words(outcome: &Outcome) -> (&'static str, &'static str) {
    match outcome.verdict {
        Verdict::Pass if outcome.manner != Manner::Usual => ("ALLOW", outcome.manner.word().unwrap_or_default()),
        Verdict::Pass if outcome.edits.is_empty() => ("ALLOW", "pass"),
        Verdict::Pass => ("STRIP", "edit"),
        Verdict::Drop => ("BLOCK", "drop"),
        Verdict::Bounce(_) => ("BLOCK", "bounce"),
    }
}

/// What should be stripped may as well be blocked.
fn is_met(expected: Option<&str>, verdict: &str) -> bool {
    expected.is_none_or(|expected| expected == verdict || (expected == "STRIP" && verdict == "BLOCK"))
}

fn summary(as_json: bool, met: usize, all: usize) {
    match as_json {
        true => print::json(&json!({ "cases": all, "as_expected": met })),
        false => print::line(&format!("{met} of {all} as expected")),
    }
}
