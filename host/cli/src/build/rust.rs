//! Rust: cargo alone makes the component, with the linker that the project's `.cargo/config.toml` names.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};
use prosody_wasm_runtime::Source;
use serde::Deserialize;

use crate::project::Project;

const TARGET: &str = "wasm32-unknown-unknown";

/// One of the messages that cargo writes for programs.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// Builds the project's component.
pub fn component(project: &Project) -> Result<Vec<u8>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let path = made(&messages(project, &cargo)?, &project.folder)?;
    let source = Source::read(&path, None).context("a .cargo/config.toml must name the linker wasm-component-ld")?;
    Ok(source.bytes)
}

/// Errors of the compiler go to the terminal as they come.
fn messages(project: &Project, cargo: &OsString) -> Result<String> {
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--release", "--target", TARGET, "--message-format=json-render-diagnostics"])
        .current_dir(project.folder.join("."))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    let output = output.map_err(|error| anyhow!(error).context(missing_cargo(cargo)))?;
    match output.status.success() {
        true => String::from_utf8(output.stdout).context("cargo's messages are not UTF-8"),
        false => bail!("cargo could not build the policy{}", advice()),
    }
}

fn missing_cargo(cargo: &OsString) -> String {
    format!("cannot start {}: install Rust with https://rustup.rs, or let CARGO name it", cargo.display())
}

/// What is missing most often.
fn advice() -> &'static str {
    match has_target() {
        true => "; its messages are above",
        false => ": the Rust target is missing; install it with `rustup target add wasm32-unknown-unknown`",
    }
}

fn has_target() -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    output.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim()).is_dir())
}

/// The file that cargo says it made of this project.
fn made(messages: &str, folder: &Path) -> Result<PathBuf> {
    let manifest = folder.join("Cargo.toml").canonicalize().context("the project has no Cargo.toml")?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let ours = messages.filter(|message| message.reason == "compiler-artifact" && message.manifest_path == manifest);
    let file =
        ours.flat_map(|message| message.filenames).find(|file| file.extension().is_some_and(|end| end == "wasm"));
    file.context("cargo made no .wasm of this project: its Cargo.toml must say crate-type = [\"cdylib\", \"rlib\"]")
}
