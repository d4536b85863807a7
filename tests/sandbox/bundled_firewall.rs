//! The bundled policy with rules, as the component that is installed: what becomes of a stanza is what its own rows say
//! (`guest-plugins/firewall/tests/rows.json`), and what is too much work it refuses itself by its own count.

use std::path::PathBuf;

use mod_wasm_tests::{Guest, Host};
use prosody_stanza::{Limits, xml};
use prosody_wasm_runtime::{Direction, Facts, Outcome, Party, Passage, Verdict};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Row {
    id: String,
    #[serde(default)]
    rules: String,
    #[serde(default)]
    settings: Option<Value>,
    #[serde(default)]
    facts: Option<Value>,
    road: Option<String>,
    #[serde(default)]
    now: u64,
    #[serde(default)]
    xml: String,
    #[serde(default)]
    is: Vec<String>,
}

fn rows() -> Vec<Row> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../guest-plugins/firewall/tests/rows.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn host(rules: &str, settings: Option<&Value>) -> Host {
    let mut settings = settings.cloned().unwrap_or(json!({}));
    if !rules.is_empty() {
        settings["rules"] = rules.into();
    }
    let settings = settings.to_string();
    // Its own count of its work is what ends it here, however slow the machine is.
    let limits = prosody_wasm_runtime::Limits { milliseconds: 1_000, budget: 1_000, ..Default::default() };
    Host::with(&[Guest { name: "firewall", file: "firewall", settings: &settings, limits, ..Guest::default() }])
}

fn decide(host: &mut Host, road: &str, now: u64, text: &str) -> Outcome {
    let kind = text[1..].split([' ', '/', '>']).next().unwrap();
    let party = match road.split(' ').next_back() {
        Some("remote") => Party::Remote,
        Some("room") => Party::Room,
        Some("service") => Party::Service,
        _ => Party::User,
    };
    let passage = mod_wasm_tests::passage(kind);
    let passage = match road.starts_with("in") {
        true => Passage { source: party, ..passage },
        false => Passage { direction: Direction::Outgoing, destination: party, ..passage },
    };
    let stanza = xml::parse(text, "jabber:client", &Limits::default());
    host.chain.decide(stanza, passage, false, &Facts { now, ..Facts::default() })
}

/// What became of it: the verdict, whether it was changed, and how much is said and sent because of it.
fn word(outcome: &Outcome) -> (&'static str, bool, usize) {
    let verdict = match outcome.verdict {
        Verdict::Pass => "pass",
        Verdict::Drop => "drop",
        Verdict::Bounce(_) => "bounce",
    };
    (verdict, !outcome.edits.is_empty(), outcome.effects.len())
}

#[test]
fn rules() {
    for row in rows().iter().filter(|row| !row.xml.is_empty() && row.facts.is_none()) {
        let mut host = host(&row.rules, row.settings.as_ref());
        let outcome = decide(&mut host, row.road.as_deref().unwrap_or("in remote"), row.now, &row.xml);
        let is_edited = row.is.iter().any(|line| line.starts_with("edit "));
        let besides = row.is.len() - 1 - usize::from(is_edited);
        let expected = (row.is[0].split(' ').next().unwrap(), is_edited, besides);
        assert_eq!(word(&outcome), expected, "{}: {}", row.id, outcome.reason);
    }
}

#[test]
fn rules_that_cost_too_much_are_refused_by_their_own_count() {
    let body = |text: &str| format!("<message from='eve@y/r' to='b@x'><body>{text}</body></message>");
    let long = body(&"a".repeat(250_000));
    let many = body(&format!("</body>{}<body>", "<y xmlns='urn:x'/>".repeat(4_900)));
    let looks: String = (0..400).map(|number| format!("INSPECT: {{urn:x}}x{number}\nDROP.\n\n")).collect();
    let hashes =
        "%LIST l: memory (filter: lower sha256)\n\nCHECK LIST: l contains $<body#>\nDROP.\n\nINSPECT: body#/=b\nDROP.";
    let counts = "%SEARCH b: body#\n%PATTERN p: a-b\n%LIST l: memory\n\n";
    for (rules, text) in [
        ("INSPECT: body#~=.-.-.-.-b\nDROP.", &long),
        ("INSPECT: body#~=a*a*a*a*b\nDROP.", &long),
        ("INSPECT: body#~=(a*)(a*)(a*)%3b\nDROP.", &long),
        ("INSPECT: body#~=%ba(\nDROP.", &long),
        ("INSPECT: body#~=[%w_]*[^a]\nDROP.", &long),
        ("INSPECT: body#$~=$<body#>.-.-b\nDROP.", &body(&"a-".repeat(90))),
        (&format!("{counts}COUNT: p in b > 0\nDROP."), &long),
        (&format!("{counts}SCAN: b for p in l\nDROP."), &long),
        (&looks, &many),
        (hashes, &long),
    ] {
        let outcome = decide(&mut host(rules, None), "in remote", 1, text);
        assert_eq!(outcome.reason, "too-costly", "{}", &rules[..rules.len().min(60)]);
    }
    assert_eq!(decide(&mut host(hashes, None), "in remote", 1, &body(&"a".repeat(60_000))).reason, "passed");
}
