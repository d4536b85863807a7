//! `new`: the project of a policy that builds, tests and runs as it is.

use std::fs::{create_dir, create_dir_all, write};
use std::path::Path;

use anyhow::{Context, Result};
use clap::Args;

use crate::language::Language;
use crate::sdk::{self, Sdk};
use crate::{name, print, templates};

/// Make a project: a policy in one file, its settings and three cases
#[derive(Args)]
pub struct Arguments {
    /// What the policy is called, and the folder that is made
    name: String,
    /// The language it is written in
    #[arg(long)]
    lang: Language,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    let (name, language) = (&arguments.name, arguments.lang);
    name::check(name)?;
    let sdk = Sdk::find()?.of(language)?;
    create(Path::new(name), name, language, &sdk)?;
    print::line(&format!(
        "{name}: a policy in {language}. The policy is {}, its cases are in cases/.",
        language.source()
    ));
    print::line(&format!("Go on with:  cd {name} && prosody-wasm build && prosody-wasm test"));
    Ok(true)
}

/// Writes the files into a folder of their own.
fn create(folder: &Path, name: &str, language: Language, sdk: &Path) -> Result<()> {
    create_dir(folder).with_context(|| match folder.exists() {
        true => format!("{} is there already: take another name, or move it away", folder.display()),
        false => format!("cannot make the folder {}", folder.display()),
    })?;
    let words = words(name, language, sdk)?;
    for (path, text) in templates::files(language) {
        let path = folder.join(templates::filled(path, &words));
        put(&path, &templates::filled(text, &words)).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn words(name: &str, language: Language, sdk: &Path) -> Result<[(&'static str, String); 5]> {
    Ok([
        ("name", name.to_owned()),
        ("type", name::upper_camel_case(name)),
        ("crate", name::snake_case(name)),
        ("language", language.word().to_owned()),
        ("sdk", sdk::quoted(sdk)?),
    ])
}

fn put(path: &Path, text: &str) -> std::io::Result<()> {
    path.parent().map_or(Ok(()), create_dir_all)?;
    write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Project;

    #[test]
    fn a_project_is_made_and_read_again() {
        let parent = std::env::temp_dir().join(format!("new-{}", std::process::id()));
        create_dir(&parent).unwrap();
        let folder = parent.join("no-shouting");
        create(&folder, "no-shouting", Language::Rust, Path::new("/a \"b\"/rust")).unwrap();
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let project = Project::open(&folder).unwrap();
        let again = create(&folder, "no-shouting", Language::Rust, Path::new("/")).unwrap_err();
        std::fs::remove_dir_all(&parent).unwrap();
        assert!(manifest.contains(r#"path = "/a \"b\"/rust""#), "{manifest}");
        assert_eq!((project.name.as_str(), project.language), ("no-shouting", Language::Rust));
        assert!(format!("{again:#}").contains("take another name"), "{again:#}");
    }
}
