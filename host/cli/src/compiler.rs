//! The compiler, which only this program has.

use std::path::Path;

use anyhow::{Context, Error, Result};
use prosody_wasm_runtime::{Engine, Purpose, Source};
use wasmtime::Config;
use wasmtime::component::Component;

use crate::nesting;

/// The configuration of an engine that can compile. What it adds changes the code, not what can load it.
pub fn configuration(purpose: Purpose) -> Config {
    let mut config = Engine::configuration(purpose);
    // The same stanza must get the same verdict on every machine.
    config.cranelift_nan_canonicalization(true);
    config
}

/// An engine that can compile.
pub fn engine(purpose: Purpose) -> Result<Engine> {
    Engine::new(purpose, &configuration(purpose))
}

/// Compiles a component in memory.
pub fn component(engine: &Engine, source: &Source) -> Result<Component> {
    nesting::check(&source.bytes).with_context(|| source.path.display().to_string())?;
    Component::from_binary(engine.wasmtime(), &source.bytes).map_err(|error| named(&source.path, error.into()))
}

/// Compiles a component to the bytes of an artifact.
pub fn artifact(engine: &Engine, source: &Source) -> Result<Vec<u8>> {
    nesting::check(&source.bytes).with_context(|| source.path.display().to_string())?;
    engine.wasmtime().precompile_component(&source.bytes).map_err(|error| named(&source.path, error.into()))
}

/// What is wrong with the file comes last in wasmtime's chain, and says where.
fn named(path: &Path, error: Error) -> Error {
    let what = match format!("{error:#}") {
        text if text.contains("async") => {
            "uses the asynchronous component model, which this host does not have: build it with --sync"
        }
        text if text.contains("executable") => {
            "cannot be compiled here: set MemoryDenyWriteExecute=no for this unit of systemd"
        }
        text if text.contains("requires the") => {
            "uses a part of WebAssembly that this host does not have: build it without"
        }
        _ => "is not a sound component (truncated or damaged?): build or copy it again",
    };
    error.context(format!("{} {what}", path.display()))
}
