//! JavaScript: componentize-qjs puts the sources and QuickJS into a component.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use prosody_wasm_runtime::suggestion::nearest;

use super::tool;
use super::world::{self, World};
use crate::language::Language;
use crate::name::upper_camel_case;
use crate::project::{self, Project};
use crate::sdk::Sdk;

const SOURCE: &str = "policy.js";
/// Builds the project's component.
pub fn component(project: &Project) -> Result<Vec<u8>> {
    let folder = &project.folder;
    let tool = tool(folder)?;
    let sdk = Sdk::find()?;
    world::put_sdk(&sdk.of(Language::Javascript)?, &folder.join("node_modules/prosody-policy"))?;
    world(folder)?.write(&sdk.wit(), &folder.join("build/wit"))?;
    let arguments = ["--wit", "build/wit", "--world", world::NAME, "--js", SOURCE, "--module-root", "."];
    // Without --sync it would need async, without --stub-wasi it would import WASI: hosts have neither.
    let arguments = arguments.into_iter().chain(["--sync", "--stub-wasi", "--output", tool::MADE]);
    tool::run(&tool, folder, &arguments.map(OsStr::new).collect::<Vec<_>>())?;
    tool::take(folder)
}

/// componentize-qjs, in the version that package.json names.
fn tool(folder: &Path) -> Result<PathBuf> {
    let tool = folder.join("node_modules/.bin/componentize-qjs");
    ensure!(
        ["node", "npm"].into_iter().all(|name| tool::on_path(name).is_some()),
        "policies in JavaScript are built with Node.js 18 or newer and npm: install them with `apt-get install nodejs \
         npm`, or from https://nodejs.org"
    );
    let missing = |_| anyhow!("componentize-qjs is missing: in the project's folder, install it with `npm install`");
    tool.canonicalize().map_err(missing)
}

fn world(folder: &Path) -> Result<World> {
    let mut world = World::default();
    for text in world::sources(folder, "js")? {
        imported(&text).for_each(|name| world.import(name));
    }
    let source = folder.join(SOURCE);
    let text = project::read(&source)?.with_context(|| format!("there is no {}", source.display()))?;
    world.exports = exports(&text)?;
    Ok(world)
}

/// The NAME of each `'prosody-policy/NAME'`, and of `'prosody:policy/NAME@VERSION'` where somebody does without the SDK.
fn imported(text: &str) -> impl Iterator<Item = &str> {
    ["prosody-policy/", "prosody:policy/"].into_iter().flat_map(move |package| {
        text.match_indices(package).filter_map(move |(start, _)| {
            let is_quoted = text[..start].ends_with(['\'', '"']);
            let rest = &text[start + package.len()..];
            is_quoted.then(|| rest.split(|character: char| !character.is_alphanumeric()).next().unwrap_or_default())
        })
    })
}

/// Of each line `export const NAME …`; an export under another name is a slip.
fn exports(text: &str) -> Result<BTreeSet<&'static str>> {
    let known = world::EXPORTS.map(|interface| (lower_camel_case(interface), interface));
    let mut found = BTreeSet::new();
    for name in text.lines().filter_map(exported) {
        let interface = known.iter().find(|(known, _)| *known == name).map(|(_, interface)| *interface);
        found.insert(interface.with_context(|| {
            let meant = nearest(name, known.iter().map(|(known, _)| known.as_str()));
            let meant = meant.map(|name| format!("; did you mean {name}?")).unwrap_or_default();
            format!("{SOURCE} exports {name}, which no host knows{meant}")
        })?);
    }
    ensure!(found.remove("lifecycle"), "{SOURCE} reads no settings: export const lifecycle = configure(…)");
    ensure!(!found.is_empty(), "{SOURCE} implements no hook: export const messagePolicy = message(…), or another");
    Ok(found)
}

/// As JavaScript writes "message-policy".
fn lower_camel_case(interface: &str) -> String {
    let name = upper_camel_case(interface);
    name[..1].to_lowercase() + &name[1..]
}

fn exported(line: &str) -> Option<&str> {
    let mut words = line.strip_prefix("export ")?.split([' ', '=', ':', '(', ';']).filter(|word| !word.is_empty());
    ["const", "let", "var", "function", "class"].contains(&words.next()?).then(|| words.next())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found() {
        let text = "import { stanza } from 'prosody-policy/content';\nimport * as log from \"prosody-policy/log\";\n\
                    import { now } from 'prosody:policy/clock@0.1.4';\n// see prosody-policy/outbox";
        assert_eq!(imported(text).collect::<Vec<_>>(), ["content", "log", "clock"]);
    }

    #[test]
    fn exports_are_found() {
        let text =
            "export const lifecycle = configure(() => {});\nexport const messagePolicy=message({});\nconst x = 1;";
        assert_eq!(exports(text).unwrap().into_iter().collect::<Vec<_>>(), ["message-policy"]);
        for (text, expected) in [
            ("export const messagesPolicy = 1", "did you mean messagePolicy?"),
            ("export const messagePolicy = 1", "configure"),
            ("export const lifecycle = 1", "no hook"),
        ] {
            let error = exports(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
