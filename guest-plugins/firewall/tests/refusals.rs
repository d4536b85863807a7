//! What is said about rules that are wrong, as rows: rules, and the beginning of the message.

mod common;

use common::{policy, read};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(default)]
    rules: String,
    #[serde(default)]
    settings: Value,
    says: String,
}

#[test]
fn rows() {
    let rows: Vec<Row> = read("refusals.json");
    assert!(rows.len() > 80, "there are only {} rows", rows.len());
    let wrong: Vec<String> = rows.iter().filter_map(|row| check(row).err()).collect();
    assert!(wrong.is_empty(), "{} of {} rows:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

fn check(Row { rules, settings, says }: &Row) -> Result<(), String> {
    match policy(rules, settings) {
        Ok(_) => Err(format!("{rules:?} {settings}\n  is taken\n  should be {says}")),
        Err(error) if error == *says => Ok(()),
        Err(error) => Err(format!("{rules:?} {settings}\n  is        {error}\n  should be {says}")),
    }
}

/// Many mistakes are told at once, and the line is that of the file, not of the rules that were joined.
#[test]
fn several() {
    let rules = (0..5).map(|number| format!("KIMD: {number}\nDROP.\n\n")).collect::<String>();
    let error = policy(&rules, &Value::Null).unwrap_err();
    assert_eq!(error.matches("there is no condition `KIMD`. Did you mean `KIND`?").count(), 3);
    assert!(error.ends_with("2 more: rules.pfw:10, rules.pfw:13."), "{error}");
}

/// So many names as all files may remember.
#[test]
fn sizes() {
    let lists = |limits: &[u32]| {
        let list = |(number, limit): (usize, &u32)| {
            format!("%LIST l{number}: memory (limit: {limit})\n\nADD TO=l{number} x\n\n")
        };
        policy(&limits.iter().enumerate().map(list).collect::<String>(), &Value::Null).map(drop)
    };
    assert_eq!(lists(&[8_000, 8_000]), Ok(()));
    assert!(lists(&[8_000, 8_001]).unwrap_err().contains("take in, by their `(limit: …)`, 16001 at once"));
    let rate = |entries: u32| {
        policy(&format!("%RATE r: 1 (entries {entries})\n\nLIMIT: r on $<@from>\nDROP."), &Value::Null).map(drop)
    };
    assert_eq!(rate(16_000), Ok(()));
    assert!(rate(16_001).unwrap_err().contains("remember, by their `(entries …)`, 16001 at once"));
}
