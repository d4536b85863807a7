//! `sign`: says who vouches for a component, and for what.

use std::io::Cursor;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use minisign::{PublicKey, SecretKey};
use prosody_wasm_runtime::library::Library;
use prosody_wasm_runtime::{Purpose, Source, Statement, Surface, signature};

use crate::replacing::replace;
use crate::{compiler, confinement, name, print, secret_key};

const UNTRUSTED: &str = "signature of a policy, by prosody-wasm";

/// Sign policies: FILE.minisig says which policy it is and what it may do
#[derive(Args)]
pub struct Arguments {
    /// The components, or the names of bundled policies
    #[arg(required = true)]
    files: Vec<String>,
    /// The secret key, as `prosody-wasm key new` or minisign make them
    #[arg(long, value_name = "FILE", required_unless_present = "comment")]
    key: Option<PathBuf>,
    /// The name under which it is run; the file's when left out
    #[arg(long, value_name = "POLICY")]
    name: Option<String>,
    /// Take the password of the key from the first line of a file
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Only print the trusted comment, for `minisign -S -t`
    #[arg(long)]
    comment: bool,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    ensure!(arguments.name.is_none() || arguments.files.len() == 1, "--name is for one file");
    // First, because the password is asked for before anything takes its time.
    let key = match &arguments.key {
        Some(path) if !arguments.comment => Some(secret_key::read(path, arguments.password_file.as_deref())?),
        _ => None,
    };
    confinement::confine()?;
    let library = Library::from_environment(std::env::var_os("PROSODY_WASM_PATH").as_deref());
    for file in &arguments.files {
        let source = Source::read(&library.find(file)?, None)?;
        let statement = statement(&source, arguments.name.as_deref())?;
        match &key {
            Some(key) => sign(key, &source, &statement)?,
            None => print::line(&statement.to_string()),
        }
    }
    Ok(true)
}

/// What is true of a component under this name; under that of its file when there is none.
fn statement(source: &Source, name: Option<&str>) -> Result<Statement> {
    let policy = policy_name(source, name)?;
    Ok(Statement::of(&policy, source, &surface(source)?))
}

/// What a component imports and exports. That takes compiling it.
pub fn surface(source: &Source) -> Result<Surface> {
    let engine = compiler::engine(Purpose::Server)?;
    Ok(Surface::read(engine.wasmtime(), &compiler::component(&engine, source)?)?)
}

/// The name of a policy is that of its file, unless somebody says otherwise.
pub fn policy_name(source: &Source, said: Option<&str>) -> Result<String> {
    let stem = source.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let name = said.unwrap_or(stem);
    name::check(name).context("say with --name as which policy it is run")?;
    Ok(name.to_owned())
}

fn sign(key: &SecretKey, source: &Source, statement: &Statement) -> Result<()> {
    let public = PublicKey::from_secret_key(key)?;
    let comment = statement.to_string();
    let content = Cursor::new(&source.bytes);
    let signed = minisign::sign(Some(&public), key, content, Some(&comment), Some(UNTRUSTED))?;
    let path = signature::path_of(&source.path);
    replace(&path, &signed.to_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    print::line(&format!("{}: {statement}", path.display()));
    Ok(())
}
