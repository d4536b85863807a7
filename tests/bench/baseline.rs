//! `baseline CACHE COMPONENT…`: compiles into a cache as the server's compiler does, but for a processor without anything
//! special. Then the same instructions run everywhere, and valgrind, which does not know all of them, can count them.

use std::path::Path;

use anyhow::{Context, Result};
use prosody_wasm_runtime::{Cache, Engine, Purpose, Source};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("usage: baseline CACHE COMPONENT…")?;
    let cache = Cache::open(Path::new(&folder), Purpose::Server)?;
    let mut configuration = Engine::configuration(Purpose::Server);
    // Whoever names a target gets no more than all processors of that kind have.
    configuration.target(&format!("{}-unknown-linux-gnu", std::env::consts::ARCH))?;
    // As the compiler of the CLI.
    configuration.cranelift_nan_canonicalization(true);
    let engine = wasmtime::Engine::new(&configuration)?;
    for path in arguments {
        let source = Source::read(Path::new(&path), None)?;
        let artifact = engine.precompile_component(&source.bytes).map_err(anyhow::Error::from)?;
        cache.put(&source.sha256, &artifact)?;
    }
    Ok(())
}
