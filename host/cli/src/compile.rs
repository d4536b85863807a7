//! `compile`: a component to an artifact in the cache. The server runs this as a child process.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use prosody_wasm_runtime::{Cache, Purpose, Source};
use serde_json::json;

use crate::{compiler, confinement, print};

/// Compile a policy into the cache, so that the server can load it
#[derive(Args)]
pub struct Arguments {
    /// The component
    file: PathBuf,
    /// The cache folder (Prosody's is DATA/wasm-cache)
    #[arg(long, default_value = "wasm-cache")]
    cache: PathBuf,
    /// Refuse the file unless it has this hash
    #[arg(long, value_name = "HEX")]
    expect_sha256: Option<String>,
    /// Close the files that the starting process left open, and end with it: for the server
    #[arg(long, hide = true)]
    child: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    if arguments.child {
        confinement::let_go()?;
    }
    confinement::confine()?;
    let source = Source::read(&arguments.file, arguments.expect_sha256.as_deref())?;
    let cache = Cache::open(&arguments.cache, Purpose::Server)?;
    let fresh = !cache.has(&source.sha256);
    if fresh {
        let artifact = compiler::artifact(&compiler::engine(Purpose::Server)?, &source)?;
        cache.put(&source.sha256, &artifact)?;
    }
    let path = cache.path(&source.sha256);
    match arguments.json {
        true => print::json(&json!({ "sha256": source.sha256, "artifact": path, "compiled": fresh })),
        false => print::line(&path.display().to_string()),
    }
    Ok(true)
}
