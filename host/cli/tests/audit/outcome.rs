//! One run of the program, asked for both of its forms.

use std::process::Command;

use serde_json::Value;

pub struct Outcome {
    pub status: i32,
    pub error: String,
    pub json: Value,
    text: String,
}

/// Runs the audit once for people and once for programs; both come to the same.
pub fn audit(arguments: &[&str]) -> Outcome {
    let (status, text, error) = run(arguments);
    let (status_of_json, json, _) = run(&[arguments, &["--json"]].concat());
    assert_eq!(status, status_of_json);
    let json: Value =
        if json.is_empty() { Value::Null } else { serde_json::from_str(&json).expect("one JSON document") };
    assert!(json.is_null() || json["clean"] == (status == 0));
    Outcome { status, error, json, text }
}

fn run(arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_prosody-wasm")).arg("audit").args(arguments).output().expect("a run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

impl Outcome {
    pub fn findings(&self) -> Vec<String> {
        self.rows("findings", &["host", "store", "kind", "count"])
    }

    pub fn needed(&self) -> Vec<String> {
        self.rows("needed", &["host", "store", "count"])
    }

    pub fn logs(&self) -> Vec<String> {
        let lines = self.rows("logs", &["level", "kind", "count", "first_line"]);
        lines
            .into_iter()
            .map(|line| line.rsplit_once(' ').map(|(row, line)| format!("{row} line {line}")).expect("four words"))
            .collect()
    }

    pub fn example(&self, store: &str, kind: &str) -> String {
        let findings = self.json["findings"].as_array().expect("a list");
        let row = findings.iter().find(|row| row["store"] == store && row["kind"] == kind).expect("such a finding");
        row["example"]["place"].as_str().expect("a place").to_owned()
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn everything(&self) -> String {
        format!("{}{}{}", self.text, self.json, self.error)
    }

    fn rows(&self, list: &str, fields: &[&str]) -> Vec<String> {
        let rows = self.json[list].as_array().unwrap_or_else(|| panic!("no {list}: {}", self.error));
        let word = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        rows.iter().map(|row| fields.iter().map(|field| word(&row[*field])).collect::<Vec<_>>().join(" ")).collect()
    }
}
