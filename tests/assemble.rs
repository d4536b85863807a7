//! `assemble FILE.wat FILE.wasm`: a component from its text, for tests that hold components as text.
//!
//! The text of a core module becomes a policy with the hook `message-policy`, built for version 0.1.4 of `wit/`.

use std::path::Path;

use anyhow::{Context, Result};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const WORLD: &str = "package test:mistakes;
world mistake {
  export prosody:policy/lifecycle@0.1.4;
  export prosody:policy/message-policy@0.1.4;
}";

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (text, component) = arguments.next().zip(arguments.next()).context("usage: assemble FILE.wat FILE.wasm")?;
    let bytes = wat::parse_file(&text)?;
    let is_policy = bytes.windows(LIFECYCLE.len()).any(|part| part == LIFECYCLE) && bytes[4] == 1;
    let bytes = if is_policy { policy(bytes)? } else { bytes };
    std::fs::write(&component, bytes).with_context(|| format!("cannot write {component}"))
}

const LIFECYCLE: &[u8] = b"#configure";

fn policy(mut module: Vec<u8>) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    resolve.push_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit/frozen/0.1.4"))?;
    let package = resolve.push_str("mistakes.wit", WORLD)?;
    let world = resolve.select_world(&[package], Some("mistake"))?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)?;
    ComponentEncoder::default().validate(true).module(&module)?.encode()
}
