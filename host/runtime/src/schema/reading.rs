//! From JSON to a schema. Every error names the place and is for the author.

use anyhow::{Context, Error, Result, anyhow, bail, ensure};
use serde_json::{Map, Value};

use super::node::{Bounds, Definitions, Node, Range, Type};
use super::pattern::Pattern;
use crate::limits;
use crate::suggestion::nearest;

/// Schemas in schemas.
const DEEPEST: usize = 24;
/// Schemas in all.
const MOST: usize = 2_000;
const PATTERNS: usize = 64;
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// They describe, and demand nothing.
const SILENT: [&str; 9] = [
    "$id",
    "$comment",
    "deprecated",
    "readOnly",
    "writeOnly",
    "format",
    "contentEncoding",
    "contentMediaType",
    "$schema",
];
/// They demand something that is not looked at here.
const UNKNOWN: [&str; 15] = [
    "if",
    "then",
    "else",
    "not",
    "contains",
    "minContains",
    "maxContains",
    "prefixItems",
    "patternProperties",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedItems",
    "unevaluatedProperties",
    "multipleOf",
    "$dynamicRef",
];
const KNOWN: [&str; 29] = [
    "title",
    "description",
    "default",
    "examples",
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "items",
    "minItems",
    "maxItems",
    "uniqueItems",
    "properties",
    "required",
    "additionalProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "anyOf",
    "oneOf",
    "allOf",
    "$ref",
    "$defs",
];
const DEFINITIONS: &str = "#/$defs/";

/// The schema of all settings, and what it refers to.
pub fn read(text: &[u8]) -> Result<(Node, Definitions)> {
    ensure!(text.len() <= limits::SECTION, "it is larger than {} KiB", limits::SECTION >> 10);
    let schema: Value = serde_json::from_slice(text).context("it is not JSON")?;
    let schema = schema.as_object().context("it is not an object")?;
    check_dialect(schema)?;
    let mut reader = Reader::default();
    let root = reader.object(schema, 0)?;
    ensure!(root.types == [Type::Object], "its `type` must be \"object\": settings are named values");
    for name in &reader.references {
        let is_there = reader.definitions.contains_key(name);
        ensure!(is_there, "it refers to {DEFINITIONS}{name}, which is not there");
    }
    Ok((root, reader.definitions))
}

fn check_dialect(schema: &Map<String, Value>) -> Result<()> {
    match schema.get("$schema") {
        None => Ok(()),
        Some(Value::String(dialect)) if dialect.trim_end_matches('#') == DIALECT => Ok(()),
        Some(other) => bail!("`$schema` is {}, and this host reads \"{DIALECT}\" only", super::words::shown(other)),
    }
}

#[derive(Default)]
struct Reader {
    definitions: Definitions,
    references: Vec<String>,
    path: Vec<String>,
    count: usize,
    patterns: usize,
}

impl Reader {
    fn schema(&mut self, value: &Value, depth: usize) -> Result<Node> {
        match value {
            Value::Bool(allows) => Ok(Node { is_never: !allows, ..Node::default() }),
            Value::Object(schema) => self.object(schema, depth),
            _ => bail!("{} must be a schema: an object, true or false", self.place()),
        }
    }

    fn object(&mut self, schema: &Map<String, Value>, depth: usize) -> Result<Node> {
        self.count += 1;
        ensure!(self.count <= MOST, "it has more than {MOST} schemas in it");
        ensure!(depth <= DEEPEST, "{} is deeper than {DEEPEST} levels", self.place());
        let mut node = Node::default();
        for (keyword, value) in schema {
            self.path.push(keyword.clone());
            self.keyword(&mut node, keyword, value, depth)?;
            self.path.pop();
        }
        Ok(node)
    }

    fn keyword(&mut self, node: &mut Node, keyword: &str, value: &Value, depth: usize) -> Result<()> {
        match keyword {
            "title" => node.title = Some(self.prose(value)?),
            "description" => node.description = Some(self.prose(value)?),
            "default" => node.default = Some(value.clone()),
            "examples" => node.examples = self.list(value)?.clone(),
            "type" => node.types = self.types(value)?,
            "enum" => node.values = Some(self.list(value)?.clone()),
            "const" => node.values = Some(vec![value.clone()]),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" => {
                self.bound(&mut node.number, keyword, value)?
            }
            "minLength" | "maxLength" => self.range(&mut node.length, keyword, value)?,
            "minItems" | "maxItems" => self.range(&mut node.entries, keyword, value)?,
            "minProperties" | "maxProperties" => self.range(&mut node.size, keyword, value)?,
            "pattern" => node.pattern = Some(self.pattern(value)?),
            "uniqueItems" => node.is_unique = value.as_bool().ok_or_else(|| self.wrong("true or false"))?,
            "required" => node.required = self.names(value)?,
            "items" => node.items = Some(Box::new(self.schema(value, depth + 1)?)),
            "additionalProperties" => node.others = Some(Box::new(self.schema(value, depth + 1)?)),
            "propertyNames" => node.names = Some(Box::new(self.schema(value, depth + 1)?)),
            "properties" => node.properties = self.by_name(value, depth + 1)?,
            "anyOf" => node.any_of = self.schemas(value, depth + 1)?,
            "oneOf" => node.one_of = self.schemas(value, depth + 1)?,
            "allOf" => node.all_of = self.schemas(value, depth + 1)?,
            "$ref" => node.reference = Some(self.reference(value)?),
            "$defs" if depth == 0 => self.definitions = self.by_name(value, depth + 1)?,
            other => self.other(other)?,
        }
        Ok(())
    }

    fn other(&self, keyword: &str) -> Result<()> {
        if SILENT.contains(&keyword) || keyword.starts_with("x-") {
            return Ok(());
        }
        ensure!(
            !UNKNOWN.contains(&keyword),
            "{} is not looked at by this host: leave it out, and check that in `configure`",
            self.place()
        );
        let meant = nearest(keyword, KNOWN).filter(|meant| *meant != keyword);
        let meant = meant.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        bail!("{} is no keyword that this host knows there{meant}", self.place())
    }

    fn by_name(&mut self, value: &Value, depth: usize) -> Result<Definitions> {
        let schemas = value.as_object().ok_or_else(|| self.wrong("an object of schemas"))?;
        let mut found = Definitions::new();
        for (name, schema) in schemas {
            ensure!(is_plain(name), "{} has a name with control characters in it", self.place());
            self.path.push(name.clone());
            found.insert(name.clone(), self.schema(schema, depth)?);
            self.path.pop();
        }
        Ok(found)
    }

    fn schemas(&mut self, value: &Value, depth: usize) -> Result<Vec<Node>> {
        let schemas = self.list(value)?;
        schemas.iter().map(|schema| self.schema(schema, depth)).collect()
    }

    fn types(&self, value: &Value) -> Result<Vec<Type>> {
        let words = if value.is_array() { self.names(value)? } else { vec![self.text(value)?] };
        let named = |word: &String| Type::ALL.iter().find(|(name, _)| name == word).map(|(_, found)| *found);
        let names = Type::ALL.map(|(name, _)| name).join(", ");
        words.iter().map(|word| named(word).ok_or_else(|| self.wrong(&format!("one of {names}")))).collect()
    }

    fn reference(&mut self, value: &Value) -> Result<String> {
        let text = self.text(value)?;
        let name = text.strip_prefix(DEFINITIONS).with_context(|| {
            format!(
                "{} is \"{text}\", and nothing is fetched: put it under `$defs` and refer to {DEFINITIONS}…",
                self.place()
            )
        })?;
        self.references.push(name.to_owned());
        Ok(name.to_owned())
    }

    fn pattern(&mut self, value: &Value) -> Result<Pattern> {
        self.patterns += 1;
        ensure!(self.patterns <= PATTERNS, "it has more than {PATTERNS} patterns");
        Pattern::read(&self.text(value)?).map_err(|error| anyhow!("{} {error}", self.place()))
    }

    fn bound(&self, bounds: &mut Bounds, keyword: &str, value: &Value) -> Result<()> {
        let number = Some(value.as_f64().ok_or_else(|| self.wrong("a number"))?);
        match keyword {
            "minimum" => bounds.least = number,
            "maximum" => bounds.most = number,
            "exclusiveMinimum" => bounds.above = number,
            _ => bounds.below = number,
        }
        Ok(())
    }

    fn range(&self, range: &mut Range, keyword: &str, value: &Value) -> Result<()> {
        let count = Some(value.as_u64().ok_or_else(|| self.wrong("a whole number, not negative"))?);
        if keyword.starts_with("min") {
            range.least = count
        } else {
            range.most = count
        }
        Ok(())
    }

    fn names(&self, value: &Value) -> Result<Vec<String>> {
        let names = value.as_array().ok_or_else(|| self.wrong("a list of texts"))?;
        names.iter().map(|name| self.text(name)).collect()
    }

    fn list<'a>(&self, value: &'a Value) -> Result<&'a Vec<Value>> {
        value.as_array().filter(|list| !list.is_empty()).ok_or_else(|| self.wrong("a list with something in it"))
    }

    /// May have lines.
    fn prose(&self, value: &Value) -> Result<String> {
        let text = value.as_str().ok_or_else(|| self.wrong("a text"))?;
        self.text(&Value::from(text.split_whitespace().collect::<Vec<_>>().join(" ")))
    }

    /// It is shown to people, on terminals that obey control characters.
    fn text(&self, value: &Value) -> Result<String> {
        let text = value.as_str().filter(|text| is_plain(text));
        text.map(str::to_owned).ok_or_else(|| self.wrong("a text without control characters"))
    }

    fn wrong(&self, expected: &str) -> Error {
        anyhow!("{} must be {expected}", self.place())
    }

    fn place(&self) -> String {
        let place: String = self.path.join(".").chars().filter(|letter| !letter.is_control()).take(120).collect();
        format!("`{place}`")
    }
}

fn is_plain(text: &str) -> bool {
    !text.chars().any(char::is_control)
}
