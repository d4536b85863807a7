//! A recording that a new generation must pass before it is put into force.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::engine::Engine;
use crate::policy::Policy;
use crate::recording::{Recording, Replay};

/// The recording, and how many of its stanzas may be answered otherwise than then.
#[derive(Clone, Debug)]
pub struct Gate {
    /// The file.
    pub path: PathBuf,
    /// How many.
    pub allow_differences: u64,
}

/// A gate that was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Stanzas asked about.
    pub compared: u64,
    /// Of these, those that are answered otherwise than then.
    pub differences: u64,
}

/// Asks about every stanza of the recording. `go_on` is asked between them.
pub fn pass(engine: &Engine, policy: &Policy, gate: &Gate, go_on: impl Fn() -> Result<()>) -> Result<Passed> {
    let recording = Recording::open(&gate.path)?;
    let mut replay = Replay::start(engine, policy.clone(), &recording.header)?;
    let mut passed = Passed { compared: 0, differences: 0 };
    let mut first = None;
    for entry in recording {
        go_on()?;
        let replayed =
            replay.ask(engine, entry?).with_context(|| format!("stanza {} of the recording", passed.compared + 1))?;
        passed.compared += 1;
        if !replayed.before.is_same_to_users(&replayed.now) {
            passed.differences += 1;
            first.get_or_insert_with(|| {
                (passed.compared, replayed.before.verdict.clone(), replayed.now.verdict.clone())
            });
        }
    }
    let Passed { compared, differences } = passed;
    ensure!(compared > 0, "the recording {} holds no stanza, so it proves nothing", gate.path.display());
    let (number, before, now) = first.unwrap_or_default();
    ensure!(
        differences <= gate.allow_differences,
        "it answers {differences} of {compared} recorded stanzas otherwise, {} are allowed; the first is stanza {number}: \
         {before} then, {now} now",
        gate.allow_differences
    );
    Ok(passed)
}
