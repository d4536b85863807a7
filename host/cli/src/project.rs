//! The project of a policy: a folder with `policy.json`.

use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use prosody_wasm_runtime::{Limits, Schema};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::language::Language;
use crate::name;

/// Bytes of a file that people write.
const MOST: u64 = 1 << 20;

/// A policy's project.
#[derive(Clone, Debug)]
pub struct Project {
    /// Where it is.
    pub folder: PathBuf,
    /// What the policy is called.
    pub name: String,
    /// What it is written in.
    pub language: Language,
    /// The settings it is tried with, as a JSON object.
    pub settings: String,
    /// What it may use when it is tried.
    pub limits: Limits,
}

/// `policy.json`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Described {
    name: String,
    language: Language,
    #[serde(default)]
    settings: Map<String, Value>,
    #[serde(default)]
    limits: DescribedLimits,
}

/// As the option `limits` of `wasm_policies`.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct DescribedLimits {
    milliseconds: Option<u32>,
    memory: Option<usize>,
    budget: Option<u32>,
}

impl Project {
    /// Reads the project in a folder.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join("policy.json");
        let text = read(&path)?.with_context(|| {
            format!("there is no {}: go into a policy's folder, or make one with `prosody-wasm new`", path.display())
        })?;
        let described: Described =
            serde_json::from_str(&text).with_context(|| format!("{} is not sound", path.display()))?;
        name::check(&described.name).with_context(|| path.display().to_string())?;
        let limits = limits(&described.limits).with_context(|| path.display().to_string())?;
        Ok(Self {
            // "./build/x.wasm" says no more than "build/x.wasm".
            folder: folder.components().filter(|part| *part != Component::CurDir).collect(),
            name: described.name,
            language: described.language,
            settings: Value::from(described.settings).to_string(),
            limits,
        })
    }

    /// What `build` makes.
    pub fn component(&self) -> PathBuf {
        self.folder.join("build").join(format!("{}.wasm", self.name))
    }

    /// The JSON Schema of its settings, if it has one.
    pub fn schema(&self) -> Result<Option<String>> {
        let path = self.folder.join("settings.schema.json");
        let Some(text) = read(&path)? else { return Ok(None) };
        Schema::read(text.as_bytes()).with_context(|| path.display().to_string())?;
        Ok(Some(text))
    }
}

fn limits(described: &DescribedLimits) -> Result<Limits> {
    let usual = Limits::default();
    let limits = Limits {
        milliseconds: described.milliseconds.unwrap_or(usual.milliseconds),
        memory: described.memory.unwrap_or(usual.memory),
        budget: described.budget.unwrap_or(usual.budget),
    };
    limits.check().map_err(|refusal| anyhow!(refusal))?;
    Ok(limits)
}

/// The text of a file of bounded size; none when there is no such file.
pub fn read(path: &Path) -> Result<Option<String>> {
    let file = match std::fs::File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file.with_context(|| format!("cannot read {}", path.display()))?,
    };
    let mut text = String::new();
    file.take(MOST + 1).read_to_string(&mut text).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(text.len() as u64 <= MOST, "{} is larger than {} MiB", path.display(), MOST >> 20);
    Ok(Some(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, expected: &str) {
        let folder = std::env::temp_dir().join(format!("project-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("policy.json"), text).unwrap();
        let error = Project::open(&folder).unwrap_err();
        std::fs::remove_dir_all(&folder).unwrap();
        let error = format!("{error:#}");
        assert!(error.contains(expected) && error.contains("policy.json"), "{error}");
    }

    #[test]
    fn mistakes_are_named() {
        refused("", "EOF");
        refused(r#"{"name":"x","language":"perl"}"#, "expected one of `rust`, `javascript`, `python`, `c`");
        refused(r#"{"name":"../x","language":"c"}"#, "is not a policy's name");
        refused(r#"{"name":"x","language":"c","setings":{}}"#, "unknown field `setings`");
        refused(r#"{"name":"x","language":"c","limits":{"milliseconds":0}}"#, "allowed are 1 to 1000");
        let deep = format!(r#"{{"name":"x","language":"c","settings":{{"x":{}"#, "[".repeat(100_000));
        refused(&deep, "recursion limit");
        refused(&" ".repeat(2 << 20), "larger than 1 MiB");
        let error = Project::open(Path::new("/nonexistent")).unwrap_err().to_string();
        assert!(error.contains("prosody-wasm new"), "{error}");
    }
}
