//! Every rule, by example.

mod common;

use common::{File, Request, inspect, policy, request};
use prosody_policy::{Content, Expiry, Piece, UploadPolicy};

#[test]
fn every_request() {
    for case in golden::rows::<Request>("upload", "requests") {
        assert_eq!(request(&case), (case.verdict.clone(), case.reason.clone()), "{}", case.id);
    }
}

#[test]
fn every_file() {
    for case in golden::rows::<File>("upload", "files") {
        for piece in [65_536, 4_096, 777] {
            assert_eq!(inspect(&case, piece), (case.verdict.clone(), case.reason.clone()), "{} by {piece}", case.id);
        }
    }
}

/// What was noted comes back from elsewhere: nothing in it is believed.
#[test]
fn notes_of_something_else() {
    let piece = |offset, notes| Piece {
        size: 100,
        offset,
        bytes: golden::noise(offset as usize + 50).skip(offset as usize).collect(),
        notes,
        ..Piece::default()
    };
    let ask = |piece| policy(None).inspect(piece);
    let (first, notes) = ask(piece(0, Vec::new()));
    assert_eq!(first.verdict, Content::Accept);
    assert_eq!(ask(piece(50, notes.clone())).0.verdict, Content::Accept);
    for (offset, notes) in
        [(50, Vec::new()), (49, notes.clone()), (0, notes.clone()), (50, notes[1..].to_vec()), (50, vec![0xff; 8_192])]
    {
        let (ruling, noted) = ask(piece(offset, notes));
        assert_eq!((ruling.reason.as_str(), noted.len()), ("notes", 0));
        assert!(matches!(ruling.verdict, Content::Refuse(_)));
    }
}

#[test]
fn says_for_how_long() {
    let expiry = |settings: &str| policy(Some(&serde_json::from_str(settings).expect("settings"))).expiry();
    assert_eq!(expiry("{}"), Expiry::default());
    let all = r#"{"expiry":{"hours":48,"user_bytes":1000,"total_bytes":5000}}"#;
    assert_eq!(expiry(all), Expiry { hours: Some(48), user_bytes: Some(1_000), total_bytes: Some(5_000) });
}

/// The operator's words, and where to read more.
#[test]
fn tells_people() {
    let text = |settings: &str| {
        let settings = serde_json::from_str(settings).expect("settings");
        let piece = Piece { size: 5, bytes: b"hello".to_vec(), is_last: true, ..Piece::default() };
        match policy(Some(&settings)).inspect(piece).0.verdict {
            Content::Refuse(text) => text,
            Content::Accept => panic!("it is readable"),
        }
    };
    assert!(text("{}").starts_with("This file was not accepted"));
    assert_eq!(text(r#"{"texts":{"en":"Encrypt.","link":"https://x/help"}}"#), "Encrypt. https://x/help");
}
