//! `build`: the component of a project, by its language's own tool.

mod c;
mod javascript;
mod python;
mod rust;
mod tool;
mod world;

use std::fs::create_dir_all;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use prosody_wasm_runtime::source::sha256;
use prosody_wasm_runtime::{Purpose, Source, Surface, sections};

use crate::language::Language;
use crate::project::Project;
use crate::replacing::replace;
use crate::{compiler, confinement, print};

/// Make the component of the project in this folder
#[derive(Args)]
pub struct Arguments {
    /// The project's folder
    #[arg(default_value = ".")]
    folder: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    let project = Project::open(&arguments.folder)?;
    let schema = project.schema()?;
    let component = made(&project)?;
    // What comes now is about a file that somebody else's tool made.
    confinement::confine()?;
    let path = project.component();
    let component = match schema {
        Some(schema) => sections::put(&component, sections::SETTINGS_SCHEMA, schema.as_bytes())?,
        None => component,
    };
    let source = Source { path, sha256: sha256(&component), bytes: component };
    let surface = surface(&source)?;
    put(&source).with_context(|| format!("cannot write {}", source.path.display()))?;
    let (path, hooks) = (source.path.display(), surface.hooks.join(", "));
    print::line(&format!("{path}: {} bytes, implements {hooks}", source.bytes.len()));
    Ok(true)
}

/// The bytes that the language's tool makes of the sources.
fn made(project: &Project) -> Result<Vec<u8>> {
    match project.language {
        Language::Rust => rust::component(project),
        Language::Javascript => javascript::component(project),
        Language::Python => python::component(project),
        Language::C => c::component(project),
    }
}

/// What the component shows of itself. Every host would refuse what is refused here.
fn surface(source: &Source) -> Result<Surface> {
    let engine = compiler::engine(Purpose::Server)?;
    let component = compiler::component(&engine, source)?;
    Surface::read(engine.wasmtime(), &component).context("no host would take what was built")
}

fn put(source: &Source) -> std::io::Result<()> {
    source.path.parent().map_or(Ok(()), create_dir_all)?;
    replace(&source.path, &source.bytes)
}
