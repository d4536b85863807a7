//! A recording, asked again. Offline the limit is fuel, so the same component takes the same of it everywhere.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, Result};
use prosody_wasm_runtime::recording::{Answered, Entry, Header, Recording, Replay};
use prosody_wasm_runtime::{Limits, Purpose, Terms, identity};
use serde::Serialize;
use serde_json::json;

use super::Arguments;
use crate::{compiler, failure, print};

/// A recording begins with an object, a corpus with a list.
pub fn is_one(path: &Path) -> Result<bool> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let first = BufReader::new(file).bytes().find(|byte| byte.as_ref().is_ok_and(|byte| !byte.is_ascii_whitespace()));
    Ok(first.transpose()? == Some(b'{'))
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    let recording = Recording::open(&arguments.corpus)?;
    let header = recording.header.clone();
    let engine = compiler::engine(Purpose::Offline)?;
    let (policy, source) = super::policy(&engine, &arguments.policy, terms(arguments, &header))?;
    let is_the_same = policy.sha256 == header.sha256;
    let now = Header {
        identity: identity(&policy.sha256, &terms(arguments, &header)),
        sha256: policy.sha256.clone(),
        settings: terms(arguments, &header).settings,
        ..header.clone()
    };
    let mut saved = arguments.save.as_deref().map(|path| save(path, &now)).transpose()?;
    let mut replay = Replay::start(&engine, policy, &header)?;
    let (mut stanzas, mut same, mut fuel) = (0, 0, 0);
    for entry in recording {
        stanzas += 1;
        let entry = entry?;
        let replayed = replay.ask(&engine, entry.clone()).with_context(|| format!("stanza {stanzas}"))?;
        if let Some(failure) = &replayed.failure {
            failure::tell(&format!("stanza {stanzas}: {failure}"), failure, &source.bytes, &again(arguments));
        }
        let is_same = is_same(&replayed.before, &replayed.now, is_the_same);
        same += u64::from(is_same);
        fuel += replayed.now.fuel.unwrap_or_default();
        report(stanzas, &replayed.before, &replayed.now, is_same);
        if let Some(file) = &mut saved {
            write(file, &Entry { answered: replayed.now, ..entry })?;
        }
    }
    summary(arguments.json, stanzas, same, fuel);
    Ok(same == stanzas)
}

fn terms(arguments: &Arguments, header: &Header) -> Terms {
    Terms {
        settings: arguments.settings.clone().unwrap_or_else(|| header.settings.clone()),
        limits: Limits { milliseconds: header.milliseconds, memory: header.memory, ..Limits::default() },
        ..Terms::default()
    }
}

/// The command that shows the same once more: what a policy says depends on what it was asked before.
fn again(arguments: &Arguments) -> String {
    let (policy, recording) = (super::quoted(&arguments.policy), arguments.corpus.display().to_string());
    format!("prosody-wasm replay --policy {policy} {}", super::quoted(&recording))
}

/// The fuel is compared when it was the same component that took it.
fn is_same(before: &Answered, now: &Answered, is_the_same_component: bool) -> bool {
    let fuel = !is_the_same_component || before.fuel.is_none() || before.fuel == now.fuel;
    before.is_same_to_users(now) && fuel
}

fn report(stanza: u64, before: &Answered, now: &Answered, is_same: bool) {
    print::json(&json!({
        "stanza": stanza,
        "verdict": now.verdict,
        "reason": now.reason,
        "fuel": now.fuel,
        "recorded": { "verdict": before.verdict, "reason": before.reason, "fuel": before.fuel },
        "same": is_same,
    }));
}

fn summary(as_json: bool, stanzas: u64, same: u64, fuel: u64) {
    match as_json {
        true => print::json(&json!({ "stanzas": stanzas, "as_recorded": same, "fuel": fuel })),
        false => print::line(&format!("{same} of {stanzas} as recorded, {fuel} fuel")),
    }
}

/// A new file that others cannot read.
fn save(path: &Path, header: &Header) -> Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = file.with_context(|| format!("cannot write {}", path.display()))?;
    write(&mut file, header)?;
    Ok(file)
}

fn write(file: &mut File, line: &impl Serialize) -> Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    Ok(file.write_all(&text)?)
}
