//! F9: bytes where something written is expected: a statement, a signature, an artifact, a section, a schema, a recording, a
//! snapshot, a line of the log, XML, settings. They are refused, or what is read is the same when it is written and read again.

use std::path::PathBuf;
use std::sync::OnceLock;

use prosody_policy::testing;
use prosody_stanza::{Limits, Stanza, xml};
use prosody_wasm_runtime::recording::Recording;
use prosody_wasm_runtime::signature::Found;
use prosody_wasm_runtime::{Cache, Purpose, Schema, Source, Statement, Trust, scrubbing, sections, source};

use super::choices::Choices;

/// The first byte says what the others are taken for.
pub fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let read = choices.one_of(&[
        statement as fn(&[u8]),
        signature,
        artifact,
        section,
        schema,
        recording,
        snapshot,
        line,
        text,
        settings,
    ]);
    read(choices.rest());
}

fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| std::env::temp_dir().join(format!("fuzz-formats-{}", std::process::id())))
}

fn statement(bytes: &[u8]) {
    let Ok(statement) = Statement::read(&String::from_utf8_lossy(bytes)) else { return };
    assert_eq!(Statement::read(&statement.to_string()).ok(), Some(statement));
}

/// Nobody signed anything here.
fn signature(bytes: &[u8]) {
    let path = PathBuf::from("/policy.wasm");
    let source = Source { path: path.clone(), bytes: b"\0asm\x0d\0\x01\0".to_vec(), sha256: "0".repeat(64) };
    let mut choices = Choices::new(bytes);
    let key = String::from_utf8_lossy(choices.bytes(usize::from(bytes.len() > 200) * 56)).into_owned();
    let keys = vec![if key.is_empty() { KEY.into() } else { key }];
    let found = Found { path, text: String::from_utf8_lossy(choices.rest()).into_owned() };
    let trust = Trust { keys, is_required: true };
    assert!(trust.check(&source, Some(&found)).is_err());
}

/// The public key of nobody.
const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

/// Only what carries the seal of just this artifact is one.
fn artifact(bytes: &[u8]) {
    let cache = Cache::open(folder(), Purpose::Server).expect("a folder of our own");
    let path = cache.put("a", bytes).expect("it can be written");
    let found = cache.get("a").expect("what was put is found");
    assert_eq!(found.into_bytes().expect("it can be read"), bytes);
    std::fs::write(&path, bytes).expect("it can be written");
    assert!(cache.get("a").is_none());
}

fn section(bytes: &[u8]) {
    let name = sections::SETTINGS_SCHEMA;
    let found = sections::find(bytes, name).map(|found| found.map(<[u8]>::to_vec));
    let Ok(with) = sections::put(bytes, name, b"{}") else { return };
    assert_eq!(sections::find(&with, name).expect("what was put is found"), Some(&b"{}"[..]));
    assert_eq!(sections::put(&with, name, b"{}").ok().as_ref(), Some(&with));
    if let Ok(Some(content)) = found {
        let back = sections::put(&with, name, &content).expect("it fitted before");
        assert_eq!(sections::find(&back, name).expect("what was put is found"), Some(&content[..]));
    }
}

/// A schema, and behind a zero byte the settings.
fn schema(bytes: &[u8]) {
    let (schema, settings) = match bytes.iter().position(|byte| *byte == 0) {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &b"{}"[..]),
    };
    let Ok(schema) = Schema::read(schema) else { return };
    let settings = String::from_utf8_lossy(settings);
    let answers =
        [schema.check(&settings), schema.check(&settings)].map(|answer| answer.map_err(|error| format!("{error:#}")));
    assert_eq!(answers[0], answers[1]);
    if let Err(said) = &answers[0] {
        assert!(!said.chars().any(char::is_control), "{said:?}");
    }
    drop(schema.rows());
}

fn recording(bytes: &[u8]) {
    std::fs::create_dir_all(folder()).expect("a folder of our own");
    let path = folder().join("recording");
    std::fs::write(&path, bytes).expect("it can be written");
    let Ok(recording) = Recording::open(&path) else { return };
    let _ = recording.header.state();
    for entry in recording.take(1_000) {
        let Ok(entry) = entry else { return };
        let _ = (entry.question(), entry.facts(), entry.stanza());
    }
}

fn snapshot(bytes: &[u8]) {
    let Ok(stanza) = Stanza::decode(bytes) else { return };
    assert_eq!(Stanza::decode(&stanza.encode()).as_ref(), Ok(&stanza));
    for element in stanza.elements().take(1_000) {
        let _ =
            (element.name(), element.namespace(), element.text(), element.attributes().count(), element.carries_text());
        let _ = (element.parent().map(|parent| parent.number()), element.children().count(), element.subtree().count());
    }
}

fn line(bytes: &[u8]) {
    let scrubbed = scrubbing::scrub(bytes);
    assert!(std::str::from_utf8(bytes).is_err() || std::str::from_utf8(&scrubbed).is_ok(), "text stays text");
    assert!(scrubbed.len() <= 64 + 16 * bytes.len());
}

fn text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(stanza) = xml::parse(text, "jabber:client", &Limits::default()) else { return };
    assert_eq!(Stanza::decode(&stanza.encode()).as_ref(), Ok(&stanza));
    let written = stanza.to_xml();
    match xml::parse(&written, "jabber:client", &Limits::default()) {
        Ok(again) => assert_eq!(again.to_xml(), written),
        Err(excess) => panic!("{written} is refused: {excess:?}"),
    }
}

fn settings(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(said) = testing::configure::<e2ee::EndToEnd>(&text) {
        assert!(said.len() < 10_000, "{} bytes", said.len());
    }
    let digest = source::sha256(text.as_bytes());
    assert_eq!(digest.len(), 64);
}
