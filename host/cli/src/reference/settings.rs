//! The page about the settings of the bundled policies, by the schemas that they carry.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use prosody_wasm_runtime::Schema;
use prosody_wasm_runtime::schema::Row;

const HEAD: &str = "# Settings of the bundled policies

What may stand in `settings` of an entry of `wasm_policies`, made by `make reference` from the schemas that the policies carry, as
`prosody-wasm inspect` shows them. What a setting does is described in the README of its policy. The entry itself has
[options](options.md).
";

/// The page about all policies in this folder.
pub fn page(folder: &Path) -> Result<String> {
    let mut page = HEAD.to_owned();
    for (name, path) in schemas(folder)? {
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let schema = Schema::read(&text).with_context(|| path.display().to_string())?;
        page += &section(&name, &schema);
    }
    Ok(page)
}

/// By the names of the policies, which are those of their folders.
fn schemas(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<Result<Vec<_>>>()?;
    names.sort();
    let schema = |name: String| (folder.join(&name).join("settings.schema.json"), name);
    let schemas = names.into_iter().map(schema).filter(|(path, _)| path.exists());
    let schemas: Vec<_> = schemas.map(|(path, name)| (name, path)).collect();
    ensure!(!schemas.is_empty(), "{} has no policies", folder.display());
    Ok(schemas)
}

fn section(name: &str, schema: &Schema) -> String {
    let mut text = format!("\n## [{name}](../../guest-plugins/{name}/README.md)\n\n");
    text += "| setting | type | default | meaning |\n|---|---|---|---|\n";
    text.extend(schema.rows().into_iter().map(row));
    text
}

fn row(row: Row) -> String {
    let default = row.default.map_or("–".to_owned(), |default| format!("`{}`", cell(&default)));
    let [setting, kind, meaning] = [row.setting, row.kind, row.meaning].map(|text| cell(&text));
    format!("| `{setting}` | {kind} | {default} | {meaning} |\n")
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
