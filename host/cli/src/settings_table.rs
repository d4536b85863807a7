//! What a policy's schema says of its settings, as a table for people.

use prosody_wasm_runtime::Schema;
use prosody_wasm_runtime::schema::Row;
use serde_json::{Value, json};

/// As JSON.
pub fn json(schema: &Schema) -> Value {
    let row = |row: Row| {
        let Row { setting, kind, default, is_required, meaning } = row;
        json!({ "setting": setting, "type": kind, "default": default, "required": is_required, "meaning": meaning })
    };
    schema.rows().into_iter().map(row).collect()
}

/// As lines; what a setting means comes last, because it may be long.
pub fn text(schema: Option<&Schema>) -> Vec<String> {
    let Some(schema) = schema else {
        return vec!["Settings: it carries no schema, so they are checked by the policy alone".to_owned()];
    };
    let head = ["setting", "type", "default", "meaning"].map(str::to_owned);
    let rows: Vec<[String; 4]> = std::iter::once(head).chain(schema.rows().into_iter().map(cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let [setting, kind, default] = [width(0), width(1), width(2)];
    let line = |[one, two, three, four]: &[String; 4]| {
        format!("  {one:setting$}  {two:kind$}  {three:default$}  {four}").trim_end().to_owned()
    };
    std::iter::once("Settings".to_owned()).chain(rows.iter().map(line)).collect()
}

fn cells(row: Row) -> [String; 4] {
    let default = match row.default {
        Some(default) => default,
        None if row.is_required => "(must be set)".to_owned(),
        None => "-".to_owned(),
    };
    [row.setting, row.kind, default, row.meaning]
}
