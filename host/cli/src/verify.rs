//! `verify`: would a host with these keys take the signature of a component?

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;
use prosody_wasm_runtime::library::Library;
use prosody_wasm_runtime::signature::Found;
use prosody_wasm_runtime::{Source, Statement, Trust};
use serde_json::json;

use crate::{confinement, print, sign};

/// Check the signatures of policies, as a host does that requires them
#[derive(Args)]
pub struct Arguments {
    /// The components, or the names of bundled policies
    #[arg(required = true)]
    files: Vec<String>,
    /// A public key, `RW…`, or its file; may be there several times
    #[arg(long = "key", value_name = "KEY", required = true)]
    keys: Vec<String>,
    /// The name under which it is run; the file's when left out
    #[arg(long, value_name = "POLICY")]
    name: Option<String>,
    /// Print JSON, a line for each file
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    confinement::confine()?;
    let keys = arguments.keys.iter().map(|key| public_key(key)).collect::<Result<_>>()?;
    let trust = Trust { keys, is_required: true };
    let library = Library::from_environment(std::env::var_os("PROSODY_WASM_PATH").as_deref());
    let mut all_well = true;
    for file in &arguments.files {
        let file = library.find(file)?;
        let result = verify(&trust, &file, arguments.name.as_deref());
        all_well &= result.is_ok();
        print(&file, &result, arguments.json);
    }
    Ok(all_well)
}

/// Everything that a host does: the signature first, what it states after that.
fn verify(trust: &Trust, file: &Path, name: Option<&str>) -> Result<Statement> {
    let source = Source::read(file, None)?;
    let policy = sign::policy_name(&source, name)?;
    let stated = trust.check(&source, Found::beside(file, &policy)?.as_ref())?.context("there is no signature")?;
    stated.check_file(&policy, &source)?;
    stated.check_surface(&sign::surface(&source)?)?;
    Ok(stated)
}

fn print(file: &Path, result: &Result<Statement>, as_json: bool) {
    let (statement, reason) = match result {
        Ok(statement) => (Some(statement.to_string()), None),
        Err(error) => (None, Some(format!("{error:#}"))),
    };
    if as_json {
        return print::json(
            &json!({ "file": file, "trusted": reason.is_none(), "statement": statement, "reason": reason }),
        );
    }
    let file = file.display();
    match reason {
        None => print::line(&format!("{file}: signed and trusted: {}", statement.unwrap_or_default())),
        Some(reason) => print::line(&format!("{file}: refused: {reason}")),
    }
}

/// As it is written, or from a file of minisign: the line after the comment.
fn public_key(word: &str) -> Result<String> {
    if !Path::new(word).exists() {
        return Ok(word.to_owned());
    }
    let text = fs::read_to_string(word).with_context(|| format!("cannot read the key {word}"))?;
    let key = text.lines().find(|line| line.starts_with("RW"));
    Ok(key.with_context(|| format!("{word} is no public key of minisign"))?.to_owned())
}
