//! What a policy's settings may be, as its author wrote it: a JSON Schema (2020-12) in the component's file.
//!
//! The operator's table is compared with it before the policy is loaded, so that a slip of the hand is named by its
//! place in the configuration, whatever language the policy is written in. Looked at are `type`, `enum`, `const`,
//! `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `minLength`, `maxLength`, `pattern`, `items`,
//! `minItems`, `maxItems`, `uniqueItems`, `properties`, `required`, `additionalProperties`, `propertyNames`,
//! `minProperties`, `maxProperties`, `anyOf`, `oneOf`, `allOf` and `$ref` into `$defs`. A schema with any other keyword
//! that demands something is refused, rather than half obeyed; those that only describe are free.
//!
//! A schema is as hostile as the component it comes in: its size, depth, patterns and the steps it takes are limited,
//! and it refers to nothing outside itself.

mod check;
mod node;
mod pattern;
mod reading;
mod rows;
#[cfg(test)]
mod tests;
mod words;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::sections;
use crate::source::Source;
use crate::surface::Refusals;
use node::{Definitions, Node};
pub use rows::Row;

/// Compares settings with the schema of a component, if it has one.
pub fn check(source: &Source, settings: &str) -> Result<()> {
    let schema = Schema::of(&source.bytes).with_context(|| source.path.display().to_string())?;
    schema.map_or(Ok(()), |schema| schema.check(settings))
}

/// What the settings of one policy may be.
#[derive(Debug)]
pub struct Schema {
    root: Node,
    definitions: Definitions,
}

impl Schema {
    /// The schema that a component carries, if it carries one.
    pub fn of(component: &[u8]) -> Result<Option<Self>> {
        let text = sections::find(component, sections::SETTINGS_SCHEMA)?;
        text.map(Self::read).transpose().context(
            "the schema of its settings is broken, which is for its author to mend (`prosody-wasm inspect` says the same)",
        )
    }

    /// Reads a schema. The error is for its author.
    pub fn read(text: &[u8]) -> Result<Self> {
        let (root, definitions) = reading::read(text)?;
        let schema = Self { root, definitions };
        check::defaults(&schema)?;
        Ok(schema)
    }

    /// Compares settings with it: a JSON object, as the shim writes the operator's table.
    pub fn check(&self, settings: &str) -> Result<()> {
        let settings: Value = serde_json::from_str(settings).context("the settings are not JSON")?;
        match check::settings(self, &settings)? {
            findings if findings.is_empty() => Ok(()),
            findings => Err(Refusals(findings).into()),
        }
    }

    /// The settings for people, each with its type, default and meaning.
    pub fn rows(&self) -> Vec<Row> {
        rows::of(self)
    }
}
