//! The schemas of the bundled policies say what the policies do: the same names, the same values, the same defaults.

use std::collections::BTreeSet;
use std::fs;

use mod_wasm_tests::{Guest, Host};
use prosody_wasm_runtime::Schema;
use serde_json::{Map, Value, json};

struct Pair {
    policy: &'static str,
    /// Without which nothing is taken.
    base: Map<String, Value>,
    host: Host,
    schema: Schema,
}

impl Pair {
    fn schema_takes(&self, settings: &Value) -> Result<(), String> {
        self.schema.check(&settings.to_string()).map_err(|error| format!("{error:#}"))
    }

    fn policy_takes(&self, settings: &Value) -> Result<(), String> {
        let settings = settings.to_string();
        let guest = Guest { file: self.policy, settings: &settings, ..Guest::default() };
        self.host.start(&guest).map(|_| ())
    }

    fn both(&self, path: &[&str], value: &Value, expected: bool) {
        let mut settings = value.clone();
        for name in path.iter().rev() {
            settings = json!({ *name: settings });
        }
        let whole = settings.as_object_mut().unwrap();
        for (name, value) in &self.base {
            whole.entry(name).or_insert_with(|| value.clone());
        }
        let (schema, policy) = (self.schema_takes(&settings), self.policy_takes(&settings));
        assert_eq!(schema.is_ok(), expected, "{} {settings}: the schema says {schema:?}", self.policy);
        assert_eq!(policy.is_ok(), expected, "{} {settings}: the policy says {policy:?}", self.policy);
    }

    /// A name that nobody has, and the names that the policy says there are instead.
    fn names(&self, path: &[&str], properties: &Map<String, Value>) {
        let mut settings = json!({ "nosuchname": 1 });
        for name in path.iter().rev() {
            settings = json!({ *name: settings });
        }
        let refusal = self.policy_takes(&settings).unwrap_err();
        let names: BTreeSet<&str> = refusal.split('`').skip(1).step_by(2).collect();
        let known: BTreeSet<&str> = properties.keys().map(String::as_str).chain(["nosuchname"]).collect();
        assert_eq!(names, known, "{}: {refusal}", self.policy);
        assert!(self.schema_takes(&settings).unwrap_err().contains("nosuchname: there is no such setting"));
    }

    fn table(&self, path: &[&str], schema: &Value) {
        let properties = schema["properties"].as_object().unwrap();
        self.names(path, properties);
        for (name, property) in properties {
            self.property(&[path, &[name.as_str()]].concat(), property);
        }
    }

    fn property(&self, path: &[&str], property: &Value) {
        let samples = ["default", "minimum", "maximum"].map(|keyword| property.get(keyword));
        let lists = ["examples", "enum"].map(|keyword| property[keyword].as_array().cloned().unwrap_or_default());
        let is_alone = path != ["strangers", "minutes"]; // it limits nothing by itself
        for value in samples.into_iter().flatten().chain(lists.iter().flatten()).filter(|_| is_alone) {
            self.both(path, value, true);
        }
        for (keyword, beyond) in [("minimum", -1), ("maximum", 1)] {
            if let Some(bound) = property[keyword].as_i64() {
                self.both(path, &json!(bound + beyond), false);
            }
        }
        if !lists[1].is_empty() || property["type"] == "boolean" {
            self.both(path, &json!("nosuchword"), false);
        }
        // An empty list is an empty table in Lua. The files are the host's, which does not write them then.
        if property["type"] == "array" && path != ["files"] {
            self.both(path, &json!({}), true);
            self.both(path, &json!({ "a": "b" }), false);
        }
        if property["properties"].is_object() {
            self.table(path, property);
        }
    }
}

fn agree(policy: &'static str, base: Value) {
    let path = format!("{}/../guest-plugins/{policy}/settings.schema.json", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read(path).unwrap();
    let schema = Schema::read(&text).unwrap();
    let base = base.as_object().unwrap().clone();
    let pair = Pair { policy, base, host: Host::new(), schema };
    let document: Value = serde_json::from_slice(&text).unwrap();
    pair.table(&[], &document);
    let rows = pair.schema.rows();
    assert!(rows.iter().all(|row| !row.meaning.is_empty() || row.setting.contains('*')), "{policy}: {rows:?}");
}

macro_rules! agree {
    ($($policy:ident $base:tt)*) => { $(#[test] fn $policy() { agree(stringify!($policy), json!($base)); })* };
}

agree! {
    e2ee {}
    archive {}
    carbons {}
    csi {}
    push {}
    upload {}
    rooms {}
    blocking {}
    firewall { "rules": "TYPE: chat\nDROP." }
}
