//! `replay`: a policy's verdicts over a file of stanzas, offline, under the limits of production.
//!
//! The file is a list of stanzas with what should become of them, or a [recording] of what a policy was asked.

mod recording;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use clap::Args;
use prosody_stanza::{Limits, xml};
use prosody_wasm_runtime::library::Library;
use prosody_wasm_runtime::slot::{Mode, OnError};
use prosody_wasm_runtime::{Chain, Engine, Generation, Manner, Outcome, Policy, Purpose, Source, Terms, Verdict};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::situation::{NOW, Situation};
use crate::{compiler, confinement, failure, print};

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
    /// Only the stanza with this id
    #[arg(long, value_name = "ID")]
    case: Option<String>,
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
    let mut cases: Vec<Case> = serde_json::from_str(&corpus)
        .with_context(|| format!("{} is not an array of {{id, dir, xml, expect}}", arguments.corpus.display()))?;
    if let Some(id) = &arguments.case {
        cases.retain(|case| case.id == *id);
        ensure!(!cases.is_empty(), "there is no stanza with the id {id} in {}", arguments.corpus.display());
    }
    let mut run = Run::start(arguments)?;
    let mut met = 0;
    for case in &cases {
        met += usize::from(run.replay(case)?);
    }
    summary(arguments.json, met, cases.len());
    Ok(met == cases.len())
}

/// Asks a component what was recorded, under the settings and limits of the recording.
pub fn recorded(component: &Path, recording: &Path, json: bool) -> Result<bool> {
    let policy = component.to_str().context("the path of the component is not UTF-8")?.to_owned();
    recording::run(&Arguments { policy, settings: None, save: None, case: None, json, corpus: recording.to_owned() })
}

/// A policy alone in a chain, with the bytes of its component.
struct Run<'a> {
    arguments: &'a Arguments,
    chain: Chain,
    source: Source,
}

impl<'a> Run<'a> {
    fn start(arguments: &'a Arguments) -> Result<Self> {
        let engine = Arc::new(compiler::engine(Purpose::Offline)?);
        let settings = arguments.settings.clone().unwrap_or_else(|| "{}".into());
        let (policy, source) = policy(&engine, &arguments.policy, Terms { settings, ..Terms::default() })?;
        let mut chain = Chain::new(Arc::clone(&engine));
        chain.declare("policy", OnError::Deny, Mode::Enforce);
        let installed =
            Generation::start(&engine, policy, NOW).and_then(|generation| chain.put("policy", generation, NOW));
        installed.map_err(|failure| failure::error(&arguments.policy, &failure, &source.bytes))?;
        Ok(Self { arguments, chain, source })
    }

    fn replay(&mut self, case: &Case) -> Result<bool> {
        let situation = Situation::named(&case.dir).with_context(|| format!("case {}", case.id))?;
        let stanza = xml::parse(&case.xml, situation.stream, &Limits::default());
        let outcome = self.chain.decide(stanza, situation.question, false, &situation.facts);
        let (verdict, action) = words(&outcome);
        let delivered = matches!(outcome.verdict, Verdict::Pass).then(|| outcome.stanza()).flatten();
        let mut line = json!({
            "id": case.id,
            "verdict": verdict,
            "action": action,
            "reason": outcome.reason,
            "xml": delivered.map(|stanza| stanza.to_xml()),
        });
        if let Some(failure) = self.failure(&case.id) {
            line["failure"] = failure;
        }
        print::json(&line);
        Ok(is_met(case.expect.as_deref(), verdict))
    }

    /// How the policy failed on this stanza, if it did, for programs; for people it is said beside.
    fn failure(&mut self, id: &str) -> Option<Value> {
        let last = self.chain.take_last_failure("policy")?;
        let again = self.again(id);
        failure::tell(&format!("{id}: {}", last.failure), &last.failure, &self.source.bytes, &again);
        Some(failure::json(&last.failure, &self.source.bytes))
    }

    /// The command that shows the same once more.
    fn again(&self, id: &str) -> String {
        let Arguments { policy, settings, corpus, .. } = self.arguments;
        let settings = settings.as_ref().map(|settings| format!(" --settings {}", quoted(settings)));
        let (settings, corpus) = (settings.unwrap_or_default(), corpus.display().to_string());
        format!("prosody-wasm replay --policy {}{settings} --case {} {}", quoted(policy), quoted(id), quoted(&corpus))
    }
}

/// A word of a command for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    match !word.is_empty() && word.bytes().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// Compiles a policy for this run.
fn policy(engine: &Engine, name: &str, terms: Terms) -> Result<(Policy, Source)> {
    let file = Library::from_environment(std::env::var_os("PROSODY_WASM_PATH").as_deref()).find(name)?;
    let source = Source::read(&file, None)?;
    let component = compiler::component(engine, &source)?;
    Ok((Policy::prepare(engine, &component, &source.sha256, terms)?, source))
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
