//! The contract: documented, and compatible with what was frozen.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use wit_parser::{Docs, Resolve, WorldId};

fn wit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit")
}

fn resolve(path: &Path) -> Result<(Resolve, WorldId)> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(path)?;
    let world = resolve.select_world(&[package], Some("policy"))?;
    Ok((resolve, world))
}

/// A policy that was built for a frozen version must find everything it imports in the current one.
#[test]
fn compatible_with_every_frozen_version() {
    let mut checked = 0;
    for entry in fs::read_dir(wit().join("frozen")).unwrap() {
        let path = entry.unwrap().path();
        let (mut both, before) = resolve(&path).unwrap();
        let (current, after) = resolve(&wit().join("v0.1")).unwrap();
        let remap = both.merge(current).unwrap();
        let after = remap.map_world(after, Default::default()).unwrap();
        wit_component::semver_check(both, before, after)
            .unwrap_or_else(|error| panic!("{}: {error:#}", path.display()));
        checked += 1;
    }
    assert!(checked > 0);
}

#[test]
fn every_item_is_documented() {
    let (resolve, _) = resolve(&wit().join("v0.1")).unwrap();
    let documented = |docs: &Docs, name: &str| assert!(docs.contents.is_some(), "{name} has no documentation");
    for (_, world) in &resolve.worlds {
        documented(&world.docs, &world.name);
    }
    for (_, interface) in &resolve.interfaces {
        let name = interface.name.as_deref().unwrap_or("an interface");
        documented(&interface.docs, name);
        interface.functions.iter().for_each(|(function, item)| documented(&item.docs, &format!("{name}.{function}")));
    }
    for (_, item) in &resolve.types {
        let Some(name) = &item.name else { continue };
        match &item.kind {
            wit_parser::TypeDefKind::Type(_) => continue, // a `use`
            wit_parser::TypeDefKind::Record(record) => {
                record.fields.iter().for_each(|field| documented(&field.docs, &format!("{name}.{}", field.name)));
            }
            wit_parser::TypeDefKind::Enum(list) => {
                list.cases.iter().for_each(|case| documented(&case.docs, &format!("{name}.{}", case.name)));
            }
            wit_parser::TypeDefKind::Variant(list) => {
                list.cases.iter().for_each(|case| documented(&case.docs, &format!("{name}.{}", case.name)));
            }
            _ => {}
        }
        documented(&item.docs, name);
    }
}
