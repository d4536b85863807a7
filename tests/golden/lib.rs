//! Cases as rows: what the bundled policies rule.
//!
//! A sheet is `guest-plugins/POLICY/tests/cases.json`: `parts` are pieces of XML with a name, which rows use as `{name}`,
//! so that long ciphertext is written once; those of `e2ee` belong to all. `settings` are those of rows that have none of
//! their own. The other fields are lists of rows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(Deserialize)]
struct Sheet {
    #[serde(default)]
    settings: Option<Value>,
    parts: BTreeMap<String, String>,
    #[serde(flatten)]
    lists: BTreeMap<String, Vec<Value>>,
}

/// The rows of one list of a policy.
///
/// # Panics
/// When there is no such list, or a row is none of these.
pub fn rows<T: DeserializeOwned>(policy: &str, list: &str) -> Vec<T> {
    let mut sheet = sheet(policy);
    let parts: Vec<(String, String)> = sheet_of_all().parts.into_iter().chain(sheet.parts).collect();
    let rows = sheet.lists.remove(list).unwrap_or_else(|| panic!("{policy} has no {list}"));
    let row = |mut row: Value| {
        if let (Some(settings), Some(row)) = (&sheet.settings, row.as_object_mut()) {
            row.entry("settings").or_insert_with(|| settings.clone());
        }
        fill(&mut row, &parts);
        let text = row.to_string();
        serde_json::from_value(row).unwrap_or_else(|error| panic!("{error}: {text}"))
    };
    rows.into_iter().map(row).collect()
}

fn sheet_of_all() -> Sheet {
    sheet("e2ee")
}

fn sheet(policy: &str) -> Sheet {
    read(&format!("guest-plugins/{policy}/tests/cases.json"))
}

/// Puts parts in wherever there is text.
fn fill(value: &mut Value, parts: &[(String, String)]) {
    match value {
        Value::String(text) if text.contains('{') => {
            for (name, part) in parts {
                *text = text.replace(&format!("{{{name}}}"), part);
            }
        }
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, parts)),
        _ => {}
    }
}

/// What a real client sent.
#[derive(Clone, Debug, Deserialize)]
pub struct Capture {
    /// Its name.
    pub id: String,
    /// What kind of message it is.
    pub label: String,
    /// The stanza.
    pub xml: String,
}

/// What real clients sent: `tests/corpus/captures.json`.
///
/// # Panics
/// When they are fewer than there should be.
pub fn captures() -> Vec<Capture> {
    let captures: Vec<Capture> = read("tests/corpus/captures.json");
    assert!(captures.len() > 50, "there are only {} captures", captures.len());
    captures
}

/// A file as rows describe it: how it begins, a byte for each character, and how many bytes like those of ciphertext follow.
///
/// # Panics
/// When a character is no byte.
pub fn file(begins: &str, noise: usize) -> Vec<u8> {
    let beginning = begins.chars().map(|letter| u8::try_from(letter).expect("a byte"));
    beginning.chain(self::noise(noise)).collect()
}

/// Bytes like those of ciphertext, always the same: a Weyl sequence, mixed.
pub fn noise(count: usize) -> impl Iterator<Item = u8> {
    (1..=count as u64).map(|place| {
        let mixed = place.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed >> 56) as u8
    })
}

fn read<T: DeserializeOwned>(path: &str) -> T {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
