//! The contract: documented, and compatible with what was frozen.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use mod_wasm_tests::{Guest, Host, told};
use prosody_wasm_runtime::source::sha256;
use wit_parser::{Docs, PackageId, Resolve};

fn wit() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit")
}

fn resolve(path: &Path) -> (Resolve, PackageId) {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(path).unwrap();
    (resolve, package)
}

/// A policy that was built for a frozen version must find everything it imports in the current one, and what it
/// exports must be what the current host calls. `policy` is left out: it names every export there is, and no
/// component has them all.
#[test]
fn compatible_with_every_frozen_version() {
    let mut checked = 0;
    for entry in fs::read_dir(wit().join("frozen")).unwrap() {
        let path = entry.unwrap().path();
        let (before, package) = resolve(&path);
        for world in before.packages[package].worlds.keys().filter(|world| *world != "policy") {
            check_world(&path, world);
            checked += 1;
        }
    }
    assert!(checked > 0);
}

fn check_world(path: &Path, world: &str) {
    let (mut both, package) = resolve(path);
    let before = both.select_world(&[package], Some(world)).unwrap();
    let (current, package) = resolve(&wit().join("v0.1"));
    let after = current.select_world(&[package], Some(world)).unwrap();
    let remap = both.merge(current).unwrap();
    let after = remap.map_world(after, Default::default()).unwrap();
    wit_component::semver_check(both, before, after)
        .unwrap_or_else(|error| panic!("{}, world {world}: {error:#}", path.display()));
}

/// What was released stays as it is, but for its comments: whatever is added to the folder has a new version.
#[test]
fn changed_with_a_new_version_only() {
    let (current, package) = resolve(&wit().join("v0.1"));
    let version = current.packages[package].name.version.clone().unwrap();
    let frozen = wit().join(format!("frozen/{version}"));
    match frozen.exists() {
        true => assert_eq!(
            contract(&wit().join("v0.1")),
            contract(&frozen),
            "{version} was released: give the folder a new version, in every file and in host/runtime/src/surface.rs"
        ),
        false => versions().iter().for_each(|released| assert!(numbers(&version.to_string()) > *released)),
    }
}

fn versions() -> Vec<Vec<u64>> {
    let folders = fs::read_dir(wit().join("frozen")).unwrap().map(|entry| entry.unwrap().file_name());
    folders.map(|name| numbers(name.to_str().unwrap())).collect()
}

fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|number| number.parse().unwrap()).collect()
}

/// The files of a version, by name, without comments.
fn contract(folder: &Path) -> BTreeMap<String, String> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    files
        .map(|file| {
            let text = fs::read_to_string(file.path()).unwrap();
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
            (file.file_name().into_string().unwrap(), lines.collect::<Vec<_>>().join("\n"))
        })
        .collect()
}

/// What is generated for the SDKs of other languages was made from this contract.
#[test]
fn the_bindings_of_other_languages_are_current() {
    let mut files: Vec<_> = fs::read_dir(wit().join("v0.1")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let contract: Vec<u8> = files.iter().flat_map(|path| fs::read(path).unwrap()).collect();
    let noted = fs::read_to_string(wit().join("../tests/setup/sdk-bindings.sha256")).unwrap();
    assert_eq!(sha256(&contract), noted.trim(), "run `make sdk-bindings`");
}

#[test]
fn every_item_is_documented() {
    let (resolve, _) = resolve(&wit().join("v0.1"));
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

/// A component that was built for each frozen version is served as it was then.
#[test]
fn components_of_every_frozen_version_run() {
    for entry in fs::read_dir(wit().join("frozen")).unwrap() {
        let version = entry.unwrap().file_name().into_string().unwrap();
        let file = format!("frozen/{version}");
        let mut host = Host::with(&[Guest { file: &file, ..Guest::default() }]);
        let outcome = host.judge("<message to='b@x'><body>hi</body></message>");
        assert_eq!(told(&outcome).split(' ').take(2).collect::<Vec<_>>(), ["guest", "edit"], "{version}");
    }
}
