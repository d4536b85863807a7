//! From a core module to a component. The names of what it imports and exports say which interfaces they belong to.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::build::world::{self, World};

const PACKAGE: &str = "prosody:policy/";

/// Makes the component. `folder` is where its world is written for reading it.
pub fn component(module: &[u8], contract: &Path, folder: &Path) -> Result<Vec<u8>> {
    world(module)?.write(contract, folder)?;
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let world = resolve.select_world(&[package], Some(world::NAME))?;
    let mut module = module.to_vec();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)?;
    let mut encoder = ComponentEncoder::default();
    let encoder = encoder.validate(true).module(&module).context("what clang made is not sound")?;
    encoder.encode().context("what clang made is no component")
}

fn world(module: &[u8]) -> Result<World> {
    let mut world = World::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload.context("what clang made is not sound")? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import?;
                    world.import(imported(import.module, import.name)?);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    world.exports.extend(exported(export?.name));
                }
            }
            _ => {}
        }
    }
    ensure!(world.exports.remove("lifecycle"), "the policy reads no settings: #include <prosody/policy.h>");
    Ok(world)
}

fn imported<'a>(module: &'a str, name: &str) -> Result<&'a str> {
    match interface(module) {
        Some(interface) => Ok(interface),
        None if module.starts_with("wasi") => bail!(
            "the policy calls {name} of {module}, and policies run without WASI: do without the libc that brings it along"
        ),
        None => bail!("the policy calls {name} of {module}, which no host has"),
    }
}

/// Of "prosody:policy/message-policy@0.1.4#decide"; nothing of what only helps, such as "cabi_realloc".
fn exported(name: &str) -> Option<&'static str> {
    let interface = interface(name.split_once('#')?.0)?;
    world::EXPORTS.into_iter().find(|known| *known == interface)
}

fn interface(name: &str) -> Option<&str> {
    name.strip_prefix(PACKAGE)?.split('@').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_belong_to() {
        assert_eq!(exported("prosody:policy/message-policy@0.1.4#decide"), Some("message-policy"));
        assert_eq!(exported("cabi_post_prosody:policy/message-policy@0.1.4#decide"), None);
        assert_eq!(imported("prosody:policy/log@0.1.4", "write").unwrap(), "log");
        let error = imported("wasi_snapshot_preview1", "fd_write").unwrap_err().to_string();
        assert!(error.contains("without WASI"), "{error}");
    }
}
