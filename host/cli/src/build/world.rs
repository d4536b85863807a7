//! What a policy in a scripting language imports and exports, for the tools that want to be told: a world of its own.
//!
//! Its permissions are the modules of the SDK that its files import, its exports the hooks that they name: nobody writes a
//! list, as nobody does in Rust.

use std::collections::BTreeSet;
use std::fs::{copy, create_dir_all, read_dir, remove_dir_all, write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use prosody_wasm_runtime::Permission;

use crate::project;

/// The name of the world.
pub const NAME: &str = "built";

/// What a policy may export, by the names of the interfaces.
pub const EXPORTS: [&str; 14] = [
    "lifecycle",
    "message-policy",
    "archive-policy",
    "carbons-policy",
    "delivery-policy",
    "push-policy",
    "upload-policy",
    "room-policy",
    "keys-policy",
    "blocklist-policy",
    "needs",
    "exemptions",
    "samples",
    "state",
];

/// Sources of one project: more are not written by hand.
const MOST_FILES: usize = 1_000;
/// Folders that are not the author's own.
const FOREIGN: [&str; 4] = ["build", "cases", "node_modules", "venv"];

/// What goes in and out of a component.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct World {
    /// Permissions, by the names of their interfaces.
    pub imports: BTreeSet<&'static str>,
    /// Interfaces of hooks and of what there is besides, without `lifecycle`, which every policy has.
    pub exports: BTreeSet<&'static str>,
}

impl World {
    /// Asks for the permission of this name; other words mean nothing here.
    pub fn import(&mut self, name: &str) {
        self.imports.extend(Permission::named(name).map(Permission::name));
    }

    /// Writes the folder that the tools read: the contract, and this world beside it.
    pub fn write(&self, contract: &Path, folder: &Path) -> Result<()> {
        let written = || -> std::io::Result<()> {
            create_dir_all(folder)?;
            remove_dir_all(folder)?;
            create_dir_all(folder)?;
            for file in read_dir(contract)? {
                let file = file?.path();
                copy(&file, folder.join(file.file_name().unwrap_or_default()))?;
            }
            write(folder.join("built.wit"), self.text())
        };
        written().with_context(|| format!("cannot put {} into {}", contract.display(), folder.display()))
    }

    fn text(&self) -> String {
        let imports = self.imports.iter().map(|name| format!("  import {name};\n"));
        let exports = self.exports.iter().chain([&"lifecycle"]).map(|name| format!("  export {name};\n"));
        format!("world {NAME} {{\n{}}}\n", imports.chain(exports).collect::<String>())
    }
}

/// The author's own files with this ending, and what is in them.
pub fn sources(folder: &Path, ending: &str) -> Result<Vec<String>> {
    let mut files = Vec::new();
    find(&folder.join("."), ending, &mut files)?;
    let texts = files.iter().map(|file| Ok(project::read(file)?.unwrap_or_default()));
    texts.collect()
}

fn find(folder: &Path, ending: &str, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        let kind = entry.file_type()?;
        if kind.is_dir() && !name.starts_with('.') && !FOREIGN.contains(&name.as_ref()) {
            find(&path, ending, files)?;
        } else if kind.is_file() && path.extension().is_some_and(|extension| extension == ending) {
            files.push(path);
        }
        ensure!(files.len() <= MOST_FILES, "{} has more than {MOST_FILES} sources", folder.display());
    }
    Ok(())
}

/// Copies what authors import into the project, where their editors and the tools look for it.
pub fn put_sdk(from: &Path, to: &Path) -> Result<()> {
    let put = || -> std::io::Result<()> {
        create_dir_all(to)?;
        remove_dir_all(to)?;
        copy_folder(from, to)
    };
    put().with_context(|| format!("cannot put {} into {}", from.display(), to.display()))
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    create_dir_all(to)?;
    for entry in read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_folder(&entry.path(), &place)?,
            false => drop(copy(entry.path(), place)?),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_has_what_was_found() {
        let mut world = World { exports: ["message-policy"].into(), ..World::default() };
        for name in ["log", "content", "types", "decision"] {
            world.import(name);
        }
        let expected =
            "world built {\n  import content;\n  import log;\n  export message-policy;\n  export lifecycle;\n}\n";
        assert_eq!(world.text(), expected);
    }
}
