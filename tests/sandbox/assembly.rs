//! Components from the text of a core module, for what no compiler writes.

use std::path::Path;

use anyhow::Result;
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The version of the contract for which it is built: a module names its functions with it.
const VERSION: &str = "0.1.4";

/// A policy with the hook `message-policy`, which may import these interfaces.
pub fn policy(mut module: Vec<u8>, imports: &[&str]) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    resolve.push_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit/frozen").join(VERSION))?;
    let imports: String =
        imports.iter().map(|interface| format!("  import prosody:policy/{interface}@{VERSION};\n")).collect();
    let world = format!(
        "package test:mistakes;\nworld mistake {{\n{imports}  export prosody:policy/lifecycle@{VERSION};\n  \
         export prosody:policy/message-policy@{VERSION};\n}}"
    );
    let package = resolve.push_str("mistakes.wit", &world)?;
    let world = resolve.select_world(&[package], Some("mistake"))?;
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)?;
    ComponentEncoder::default().validate(true).module(&module)?.encode()
}
