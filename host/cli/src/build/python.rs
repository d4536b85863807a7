//! Python: componentize-py puts the sources and CPython into a component.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};

use super::tool;
use super::world::{self, World};
use crate::language::Language;
use crate::name::upper_camel_case;
use crate::project::{self, Project};
use crate::sdk::Sdk;

const SOURCE: &str = "policy.py";
/// The classes of the SDK that a policy may extend, and the interfaces that are meant.
const HOOKS: [(&str, &str); 13] = [
    ("MessagePolicy", "message-policy"),
    ("ArchivePolicy", "archive-policy"),
    ("CarbonsPolicy", "carbons-policy"),
    ("DeliveryPolicy", "delivery-policy"),
    ("PushPolicy", "push-policy"),
    ("UploadPolicy", "upload-policy"),
    ("RoomPolicy", "room-policy"),
    ("KeysPolicy", "keys-policy"),
    ("BlocklistPolicy", "blocklist-policy"),
    ("Needs", "needs"),
    ("HasExemptions", "exemptions"),
    ("ShowsSamples", "samples"),
    ("KeepsState", "state"),
];

/// A class with the hooks that it implements.
#[derive(Debug, PartialEq, Eq)]
struct Class<'a> {
    name: &'a str,
    hooks: Vec<&'static str>,
}

/// Builds the project's component.
pub fn component(project: &Project) -> Result<Vec<u8>> {
    let folder = &project.folder;
    let tool = tool(folder)?;
    let sdk = Sdk::find()?;
    world::put_sdk(&sdk.of(Language::Python)?, &folder.join("build/sdk"))?;
    let source = folder.join(SOURCE);
    let text = project::read(&source)?.with_context(|| format!("there is no {}", source.display()))?;
    let class = class(&text)?;
    world(folder, &class)?.write(&sdk.wit(), &folder.join("build/wit"))?;
    std::fs::write(folder.join("build/component.py"), entry(&class)).context("cannot write build/component.py")?;
    let arguments = ["--wit-path", "build/wit", "--world", world::NAME, "componentize", "component"];
    let paths = ["--python-path", "build", "--python-path", ".", "--python-path", "build/sdk"];
    // Without --stub-wasi it would import WASI, which hosts have not.
    let arguments = arguments.into_iter().chain(paths).chain(["--stub-wasi", "--output", tool::MADE]);
    tool::run(&tool, folder, &arguments.map(OsStr::new).collect::<Vec<_>>())?;
    tool::take(folder)
}

/// componentize-py of the project's own environment, or that of the machine.
fn tool(folder: &Path) -> Result<PathBuf> {
    let own = folder.join(".venv/bin/componentize-py").canonicalize().ok();
    own.or_else(|| tool::on_path("componentize-py")).ok_or_else(|| match tool::on_path("python3") {
        None => anyhow!(
            "policies in Python are built with Python 3.10 or newer: install it with `apt-get install python3 python3-venv`"
        ),
        Some(_) => anyhow!(
            "componentize-py is missing: in the project's folder, install it with `python3 -m venv .venv && \
             .venv/bin/pip install -r requirements.txt`"
        ),
    })
}

fn world(folder: &Path, class: &Class) -> Result<World> {
    let mut world = World { exports: class.hooks.iter().copied().collect(), ..World::default() };
    for text in world::sources(folder, "py")? {
        imported(&text).iter().for_each(|name| world.import(name));
    }
    Ok(world)
}

/// The NAME of each `from prosody_policy import NAME, …`, `from prosody_policy.NAME import …` and
/// `import prosody_policy.NAME`.
fn imported(text: &str) -> BTreeSet<&str> {
    let module = |rest: &'static str| text.match_indices(rest).map(move |(start, _)| &text[start + rest.len()..]);
    let lists = module("from prosody_policy import ").flat_map(|rest| {
        let list = match rest.strip_prefix('(') {
            Some(rest) => rest.split(')').next(),
            None => rest.lines().next(),
        };
        list.unwrap_or_default().split(',').map(first_word)
    });
    let modules = module("from prosody_policy.").chain(module("import prosody_policy.")).map(first_word);
    lists.chain(modules).collect()
}

fn first_word(text: &str) -> &str {
    text.trim_start()
        .split(|character: char| !(character.is_alphanumeric() || character == '_'))
        .next()
        .unwrap_or_default()
}

/// The class that implements hooks: `class NoShouting(MessagePolicy, KeepsState):`.
fn class(text: &str) -> Result<Class<'_>> {
    let mut classes = text.lines().filter_map(declared).filter(|class| !class.hooks.is_empty());
    let class = classes.next().with_context(|| {
        format!("{SOURCE} implements no hook: make a class that extends MessagePolicy, or another of prosody_policy")
    })?;
    let second = classes.next().map(|class| class.name);
    ensure!(
        second.is_none(),
        "{SOURCE} has two policies, {} and {}: one class may extend several hooks",
        class.name,
        second.unwrap_or_default()
    );
    Ok(class)
}

fn declared(line: &str) -> Option<Class<'_>> {
    let (name, bases) = line.strip_prefix("class ")?.split_once('(')?;
    let bases = bases.split(')').next()?.split(',').map(|base| base.trim().rsplit('.').next().unwrap_or_default());
    let hooks = bases.filter_map(|base| HOOKS.into_iter().find(|(name, _)| *name == base));
    Some(Class { name: name.trim(), hooks: hooks.map(|(_, interface)| interface).collect() })
}

/// The module whose classes are the exports.
fn entry(class: &Class) -> String {
    let hooks = class.hooks.iter().map(|interface| upper_camel_case(interface));
    let hooks = hooks.map(|export| format!("{export} = hook(\"{export}\")\n"));
    format!(
        "\"\"\"Made by `prosody-wasm build`.\"\"\"\n\nfrom policy import {name}\nfrom prosody_policy.component import hook, \
         lifecycle\n\nLifecycle = lifecycle({name})\n{hooks}",
        name = class.name,
        hooks = hooks.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found() {
        let text = "from prosody_policy import MessagePolicy, content\nfrom prosody_policy import (\n    log,\n    clock,\n)\n\
                    from prosody_policy.store import get\nimport prosody_policy.outbox as outbox\n";
        let mut found = imported(text);
        found.retain(|name| name.chars().all(char::is_lowercase) && !name.is_empty());
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["clock", "content", "log", "outbox", "store"]);
    }

    #[test]
    fn the_class_is_found() {
        let text = "class Other:\n    pass\nclass NoShouting(prosody_policy.MessagePolicy, KeepsState):\n";
        let class = class(text).unwrap();
        assert_eq!(class.name, "NoShouting");
        assert_eq!(class.hooks, ["message-policy", "state"]);
        assert!(entry(&class).contains("State = hook(\"State\")\n"), "{}", entry(&class));
    }

    #[test]
    fn slips_are_named() {
        let refused = |text: &str| class(text).unwrap_err().to_string();
        assert!(refused("class X:").contains("implements no hook"));
        assert!(refused("class X(MessagePolicy):\nclass Y(RoomPolicy):").contains("two policies, X and Y"));
    }
}
