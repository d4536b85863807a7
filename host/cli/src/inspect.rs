//! `inspect`: what a policy does and may do, for people.

use anyhow::Result;
use clap::Args;
use prosody_wasm_runtime::library::Library;
use prosody_wasm_runtime::{Permission, Purpose, Schema, Source, Surface};
use serde_json::json;

use crate::{compiler, confinement, print, settings_table};

/// Show the hooks, permissions, settings, sizes and hash of a policy
#[derive(Args)]
pub struct Arguments {
    /// The component, or the name of a bundled policy
    file: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    confinement::confine()?;
    let file = Library::from_environment(std::env::var_os("PROSODY_WASM_PATH").as_deref()).find(&arguments.file)?;
    let source = Source::read(&file, None)?;
    let engine = compiler::engine(Purpose::Server)?;
    let component = compiler::component(&engine, &source)?;
    let artifact = compiler::artifact(&engine, &source)?.len();
    let surface = Surface::read(engine.wasmtime(), &component)?;
    let schema = Schema::of(&source.bytes)?;
    match arguments.json {
        true => print::json(&json!({
            "file": file,
            "sha256": source.sha256,
            "bytes": source.bytes.len(),
            "artifact_bytes": artifact,
            "wit": surface.wit,
            "hooks": surface.hooks,
            "permissions": surface.permissions.iter().map(|permission| permission.name()).collect::<Vec<_>>(),
            "keeps_state": surface.keeps_state,
            "settings": schema.as_ref().map(settings_table::json),
        })),
        false => {
            text(&source, artifact, &surface).iter().for_each(|line| print::line(line));
            settings_table::text(schema.as_ref()).iter().for_each(|line| print::line(line));
        }
    }
    Ok(true)
}

fn text(source: &Source, artifact: usize, surface: &Surface) -> Vec<String> {
    let mut lines = vec![
        source.path.display().to_string(),
        format!("  sha256       {}", source.sha256),
        format!("  size         {} bytes, {artifact} compiled", source.bytes.len()),
        format!("  WIT          prosody:policy@{}", surface.wit),
        format!("  hooks        {}", surface.hooks.join(", ")),
        format!("  hands over   {}", if surface.keeps_state { "its state" } else { "nothing" }),
        "This policy".to_owned(),
    ];
    lines.extend(surface.permissions.iter().map(|permission| sentence("may", *permission)));
    let others = Permission::ALL.into_iter().filter(|permission| !surface.permissions.contains(permission));
    lines.extend(others.map(|permission| sentence("not", permission)));
    lines
}

fn sentence(word: &str, permission: Permission) -> String {
    format!("  {word}  {:9} {}", permission.name(), permission.sentence())
}
