//! What rules do, as rows: rules, a stanza, and what becomes of it.

mod common;

use common::{Row, read};

#[test]
fn rows() {
    let rows: Vec<Row> = read("rows.json");
    assert!(rows.len() > 100, "there are only {} rows", rows.len());
    let wrong: Vec<String> = rows.iter().filter_map(|row| row.check().err()).collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
