//! The bundled policy about uploads, as the component that is installed: what it rules is what its own cases say
//! (`guest-plugins/upload/tests/cases.json`).

use std::collections::BTreeMap;
use std::sync::Arc;

use mod_wasm_tests::{Guest, Host, passage};
use prosody_stanza::{Limits, xml};
use prosody_wasm_runtime::{About, Facts, Hook, Manner, Outcome, Piece, Question, Remedy, Slot, Verdict};
use serde::Deserialize;
use serde_json::Value;

const STANZA: &str = "<iq type='get'><request xmlns='urn:xmpp:http:upload:0'/></iq>";
/// What the shim shows at once.
const LARGEST_PIECE: usize = 65_536;

#[derive(Deserialize)]
struct Request {
    id: String,
    settings: Option<Value>,
    #[serde(default = "user")]
    user: String,
    #[serde(default)]
    size: u64,
    #[serde(default, rename = "type")]
    content_type: String,
    #[serde(default)]
    usage: (u32, u32, u64, u32, u64, u64),
    verdict: String,
    reason: String,
}

fn user() -> String {
    "a@x".into()
}

#[derive(Deserialize)]
struct File {
    id: String,
    settings: Option<Value>,
    #[serde(default)]
    begins: String,
    #[serde(default)]
    random: usize,
    verdict: String,
    reason: String,
}

fn host(settings: Option<&Value>) -> Host {
    let settings = settings.map_or("{}".to_owned(), ToString::to_string);
    Host::with(&[Guest { name: "upload", file: "upload", settings: &settings, ..Guest::default() }])
}

fn ask(host: &mut Host, hook: Hook, about: About) -> Outcome {
    let stanza = xml::parse(STANZA, "jabber:client", &Limits::default());
    let facts = Facts { now: 1, about, ..Facts::default() };
    host.chain.decide(stanza, Question { hook, passage: passage("iq") }, false, &facts)
}

/// A ruling as the host hands it on.
fn word(outcome: &Outcome) -> String {
    match (&outcome.verdict, outcome.remedy, &outcome.manner) {
        (Verdict::Bounce(_), Some(Remedy::Size(limit)), _) => format!("refuse-size {limit}"),
        (Verdict::Bounce(_), Some(Remedy::Wait(seconds)), _) => format!("refuse-now {seconds}"),
        (Verdict::Bounce(bounce), None, _) => {
            format!("refuse {}", format!("{:?}", bounce.condition).trim_start_matches("ErrorCondition::"))
        }
        (Verdict::Drop, ..) => "drop".into(),
        (Verdict::Pass, _, Manner::Limited) => "allow-renamed".into(),
        (Verdict::Pass, _, Manner::Redacted) => "allow-unnamed".into(),
        (Verdict::Pass, ..) => "allow".into(),
    }
}

#[test]
fn requests() {
    for case in golden::rows::<Request>("upload", "requests") {
        let (hour_slots, hour_ends, day_bytes, day_ends, user_bytes, total_bytes) = case.usage;
        let slot = Slot {
            user: case.user,
            name: "holiday.jpg".into(),
            size: case.size,
            content_type: case.content_type,
            hour_slots,
            hour_ends,
            day_bytes,
            day_ends,
            user_bytes,
            total_bytes,
        };
        let outcome = ask(&mut host(case.settings.as_ref()), Hook::Slot, About::Slot(slot));
        assert_eq!((word(&outcome), &outcome.reason), (case.verdict, &case.reason), "{}", case.id);
    }
}

/// Its verdict in the words of the cases.
fn inspect(host: &mut Host, file: &[u8]) -> (String, String) {
    let mut notes = BTreeMap::new();
    let mut offset = 0;
    loop {
        let end = file.len().min(offset + LARGEST_PIECE);
        let is_last = end == file.len();
        let bytes = Arc::new(file[offset..end].to_vec());
        let (size, user) = (file.len() as u64, user());
        let piece = Piece { user, size, offset: offset as u64, bytes, is_last, notes };
        let outcome = ask(host, Hook::Piece, About::Piece(piece));
        match (&outcome.verdict, is_last) {
            (Verdict::Pass, true) => return ("accept".into(), outcome.reason),
            (Verdict::Pass, false) => (notes, offset) = (outcome.notes.into_iter().collect(), end),
            _ => return ("refuse".into(), outcome.reason),
        }
    }
}

#[test]
fn files() {
    for case in golden::rows::<File>("upload", "files") {
        let file = golden::file(&case.begins, case.random);
        assert_eq!(inspect(&mut host(case.settings.as_ref()), &file), (case.verdict, case.reason), "{}", case.id);
    }
}

/// More than one piece, so that what is noted goes through the host.
#[test]
fn a_file_of_many_pieces() {
    let mut file: Vec<u8> = golden::noise(1_000_000).collect();
    let mut host = host(None);
    assert_eq!(inspect(&mut host, &file).0, "accept");
    for byte in &mut file[700_000..704_096] {
        *byte = b'a' + *byte % 26;
    }
    assert_eq!(inspect(&mut host, &file), ("refuse".into(), "skewed".into()));
}
