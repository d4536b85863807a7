//! `assemble FILE.wat FILE.wasm`: a component from its text, for tests that hold components as text.

use anyhow::{Context, Result};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (text, component) = arguments.next().zip(arguments.next()).context("usage: assemble FILE.wat FILE.wasm")?;
    let bytes = wat::parse_file(&text)?;
    std::fs::write(&component, bytes).with_context(|| format!("cannot write {component}"))
}
