//! `check`: would this host take the policy? With every reason why not.

use std::path::Path;

use anyhow::Result;
use clap::Args;
use prosody_wasm_runtime::library::Library;
use prosody_wasm_runtime::{Engine, Generation, Policy, Purpose, Refusals, Rejection, Source, Terms, probe, schema};
use serde_json::json;

use crate::{compiler, confinement, failure, print, producers};

/// Say whether this host would take a policy, with every reason why not
#[derive(Args)]
pub struct Arguments {
    /// The component, or the name of a bundled policy
    file: String,
    /// The settings it would get, as a JSON object
    #[arg(long, default_value = "{}", value_name = "JSON")]
    settings: String,
    /// What it would be granted; everything it imports when left out
    #[arg(long, value_delimiter = ',', value_name = "PERMISSION")]
    grants: Option<Vec<String>>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    confinement::confine()?;
    let file = Library::from_environment(std::env::var_os("PROSODY_WASM_PATH").as_deref()).find(&arguments.file)?;
    let reasons = reasons(&file, arguments);
    match arguments.json {
        true => print::json(&json!({ "file": file, "accepted": reasons.is_empty(), "reasons": reasons })),
        false if reasons.is_empty() => print::line(&format!("{}: accepted", file.display())),
        false => {
            print::line(&format!("{}: refused", file.display()));
            reasons.iter().for_each(|reason| print::line(&format!("  - {reason}")));
        }
    }
    Ok(reasons.is_empty())
}

fn reasons(file: &Path, arguments: &Arguments) -> Vec<String> {
    let mut reasons: Vec<String> = settings_reason(&arguments.settings).into_iter().collect();
    match attempt(file, arguments) {
        Ok(()) => {}
        Err(error) => match (error.downcast_ref::<Refusals>(), error.downcast_ref::<Rejection>()) {
            (Some(refusals), _) => {
                reasons.extend(refusals.0.clone());
                reasons.extend(without_wasi(&refusals.0, file));
            }
            (_, Some(rejection)) => reasons.push(failed(rejection, file)),
            _ => reasons.push(format!("{error:#}")),
        },
    }
    reasons
}

/// A component that says which tool made it gets the words of that tool.
fn without_wasi(refusals: &[String], file: &Path) -> Option<String> {
    let is_wasi = refusals.iter().any(|refusal| refusal.starts_with("it imports wasi:"));
    let component = is_wasi.then(|| std::fs::read(file).ok()).flatten()?;
    producers::without_wasi(&component).map(|advice| format!("to do without WASI, {advice}"))
}

/// What went wrong inside of it, with the place in its source.
fn failed(rejection: &Rejection, file: &Path) -> String {
    let component = std::fs::read(file).unwrap_or_default();
    let lines = failure::lines(&rejection.failure, &component);
    let what = format!("{}{}", rejection.step, rejection.failure);
    std::iter::once(what).chain(lines).collect::<Vec<_>>().join("\n      ")
}

/// The policy would refuse them as well, but with less to say.
fn settings_reason(settings: &str) -> Option<String> {
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(settings) {
        Ok(_) => None,
        Err(error) => Some(format!("the settings are not a JSON object: {error}")),
    }
}

/// The moment of every check: an answer must not depend on when it was asked for.
const NOW: u64 = 1_700_000_000;

/// Everything that the server would do to load it.
fn attempt(file: &Path, arguments: &Arguments) -> Result<()> {
    let source = Source::read(file, None)?;
    schema::check(&source, &arguments.settings)?;
    let engine: Engine = compiler::engine(Purpose::Server)?;
    let component = compiler::component(&engine, &source)?;
    let terms = Terms { settings: arguments.settings.clone(), grants: arguments.grants.clone(), ..Terms::default() };
    let policy = Policy::prepare(&engine, &component, &source.sha256, terms)?;
    policy.check_permissions(None)?;
    Generation::start(&engine, policy.clone(), NOW).map_err(Rejection::from)?;
    probe(&engine, &policy, NOW)
}
