//! `build`: the component of a project, by its language's own tool.

mod rust;

use std::fs::{create_dir_all, rename, write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use prosody_wasm_runtime::{Purpose, Source, Surface};

use crate::language::Language;
use crate::project::Project;
use crate::{compiler, confinement, print, sections};

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
    let component = match schema {
        Some(schema) => sections::with_schema(component, schema.as_bytes())?,
        None => component,
    };
    let path = project.component();
    put(&path, &component).with_context(|| format!("cannot write {}", path.display()))?;
    let surface = surface(&path)?;
    print::line(&format!("{} ({} bytes): {}", path.display(), component.len(), surface.hooks.join(", ")));
    Ok(true)
}

/// The bytes that the language's tool makes of the sources.
fn made(project: &Project) -> Result<Vec<u8>> {
    match project.language {
        Language::Rust => rust::component(project),
        language => bail!("policies in {language} cannot be built yet"),
    }
}

/// Beside its place and then into it, so that a server that follows the file never sees half of it.
fn put(path: &Path, component: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("wasm.new");
    path.parent().map_or(Ok(()), create_dir_all)?;
    write(&new, component)?;
    rename(new, path)
}

/// What the component shows of itself. Every host would refuse what is refused here.
fn surface(path: &Path) -> Result<Surface> {
    let source = Source::read(path, None)?;
    let engine = compiler::engine(Purpose::Server)?;
    let component = compiler::component(&engine, &source)?;
    Surface::read(engine.wasmtime(), &component).with_context(|| format!("{} is refused by every host", path.display()))
}
