//! `assemble FILE.wat FILE.wasm`: a component from its text, for tests that hold components as text.
//!
//! The text of a core module becomes a policy with the hook `message-policy`, built for version 0.1.4 of `wit/`.

use anyhow::{Context, Result};

#[path = "sandbox/assembly.rs"]
mod assembly;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (text, component) = arguments.next().zip(arguments.next()).context("usage: assemble FILE.wat FILE.wasm")?;
    let bytes = wat::parse_file(&text)?;
    let is_policy = bytes.windows(LIFECYCLE.len()).any(|part| part == LIFECYCLE) && bytes[4] == 1;
    let bytes = if is_policy { assembly::policy(bytes, &[])? } else { bytes };
    std::fs::write(&component, bytes).with_context(|| format!("cannot write {component}"))
}

const LIFECYCLE: &[u8] = b"#configure";
