//! `prosody-wasm reference`: the pages of the documentation that are made of the contract and of the policies' schemas. For
//! whoever works on this project: `make reference`.

mod contract;
mod notation;
mod settings;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

/// Write the pages of reference anew.
#[derive(Args)]
pub struct Arguments {
    /// The checkout
    project: PathBuf,
    /// Folder to write them into; it is made
    folder: PathBuf,
}

/// Writes each page.
pub fn run(arguments: &Arguments) -> Result<bool> {
    let folder = &arguments.folder;
    let failure = || format!("cannot write the pages into {}", folder.display());
    fs::create_dir_all(folder).with_context(failure)?;
    for (name, text) in pages(&arguments.project)? {
        fs::write(folder.join(name), text).with_context(failure)?;
    }
    Ok(true)
}

/// The pages, by the names of their files.
fn pages(project: &Path) -> Result<[(&'static str, String); 2]> {
    let contract = contract::page(&project.join("wit/v0.1"))?;
    Ok([("policies.md", contract), ("settings.md", settings::page(&project.join("guest-plugins"))?)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_are_those_of_this_contract_and_these_schemas() {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        for (name, text) in pages(&project).unwrap() {
            let path = project.join("docs/reference").join(name);
            let kept = fs::read_to_string(&path).unwrap_or_default();
            assert!(kept == text, "docs/reference/{name} is out of date: make reference");
        }
    }
}
