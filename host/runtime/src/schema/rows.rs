//! A schema as a table for people.

use super::Schema;
use super::node::Node;
use super::words::{expected, shown};

/// Tables in tables that are shown.
const DEEPEST: usize = 3;
const MOST: usize = 200;

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name, with those of the tables it is in.
    pub setting: String,
    /// What it may be.
    pub kind: String,
    /// What it is when it is not there, as JSON.
    pub default: Option<String>,
    /// Must it be there?
    pub is_required: bool,
    /// What it means.
    pub meaning: String,
}

/// All settings, sorted.
pub fn of(schema: &Schema) -> Vec<Row> {
    let mut rows = Vec::new();
    add(schema, &schema.root, "", 0, &mut rows);
    rows.truncate(MOST);
    rows
}

fn add(schema: &Schema, node: &Node, prefix: &str, depth: usize, rows: &mut Vec<Row>) {
    let others = node.others.as_deref().filter(|others| !others.is_never).map(|others| ("*", others));
    let properties = node.properties.iter().map(|(name, property)| (name.as_str(), property));
    for (name, property) in properties.chain(others) {
        if rows.len() >= MOST {
            return;
        }
        let found = resolved(schema, property);
        let (setting, is_required) = (format!("{prefix}{name}"), node.required.iter().any(|required| required == name));
        let is_table = depth < DEEPEST && (!found.properties.is_empty() || found.others.is_some());
        rows.push(row(setting.clone(), property, found, is_required));
        if is_table {
            add(schema, found, &format!("{setting}."), depth + 1, rows);
        }
    }
}

/// What is written beside a reference comes first.
fn row(setting: String, property: &Node, found: &Node, is_required: bool) -> Row {
    let meaning = [&property.description, &property.title, &found.description, &found.title];
    Row {
        setting,
        kind: expected(if property.types.is_empty() { found } else { property }),
        default: property.default.as_ref().or(found.default.as_ref()).map(shown),
        is_required,
        meaning: meaning.into_iter().flatten().next().cloned().unwrap_or_default(),
    }
}

fn resolved<'a>(schema: &'a Schema, node: &'a Node) -> &'a Node {
    node.reference.as_ref().and_then(|name| schema.definitions.get(name)).unwrap_or(node)
}
