//! `schema`: puts a schema of its settings into a component. `prosody-wasm build` does it for projects.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use prosody_wasm_runtime::{Schema, Source, sections};

use crate::print;
use crate::replacing::replace;

/// Put a JSON Schema of its settings into a policy, in place of the one it carries
#[derive(Args)]
pub struct Arguments {
    /// The component
    file: PathBuf,
    /// The schema
    schema: PathBuf,
    /// Write the component here, and leave the other as it is
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    let Arguments { file, schema, output } = arguments;
    let text = fs::read(schema).with_context(|| format!("cannot read {}", schema.display()))?;
    Schema::read(&text).with_context(|| schema.display().to_string())?;
    let source = Source::read(file, None)?;
    let whole = sections::put(&source.bytes, sections::SETTINGS_SCHEMA, &text)?;
    let output = output.as_ref().unwrap_or(file);
    replace(output, &whole).with_context(|| format!("cannot write {}", output.display()))?;
    print::line(&format!("{}: {} bytes, {} of them its schema", output.display(), whole.len(), text.len()));
    Ok(true)
}
