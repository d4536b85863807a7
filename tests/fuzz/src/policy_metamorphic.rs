//! F3: what must not change a verdict of `e2ee`, and what must. A message that passes whole is taken from the corpora; written
//! in another way it passes as well, and with a text added to it anywhere, in any element, nobody gets that text.

use std::path::Path;
use std::sync::OnceLock;

use prosody_policy::testing;
use prosody_policy::{Direction, Party, Passage, Verdict};
use prosody_stanza::{Limits, xml};

use super::choices::Choices;

const STRICT: &str = r#"{"direct":"mandatory","rooms":"mandatory","strict":true}"#;
/// With spaces in it, so that it is no token of any protocol.
const SECRET: &str = "the SECRET of Alice";

/// A case, some ways to write it otherwise, and an addition.
pub fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let cases = cases();
    let (road, text) = &cases[choices.word() as usize % cases.len()];
    let text = (0..choices.below(4)).fold(text.clone(), |text, _| rewritten(&text, &mut choices));
    let (verdict, reason, _) = replay(road, &text);
    assert_eq!(verdict, "ALLOW", "written otherwise it is {reason}:\n{text}");
    let with = with_text(&text, &mut choices);
    let (verdict, reason, after) = replay(road, &with);
    assert!(verdict == "BLOCK" || !after.contains("SECRET"), "{verdict}, {reason}:\n{with}\n{after}");
}

/// Messages that pass as they are, with their roads.
fn cases() -> &'static [(String, String)] {
    static CASES: OnceLock<Vec<(String, String)>> = OnceLock::new();
    CASES.get_or_init(|| {
        let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("tests/corpus"));
        let folder = folders.into_iter().find(|folder| folder.is_dir()).expect("a working copy of the project");
        let files = ["e2ee.json", "captures.json"].map(|file| folder.join(file));
        let read = |path| -> Vec<serde_json::Value> {
            serde_json::from_str(&std::fs::read_to_string(path).expect("a corpus")).expect("a list")
        };
        let word = |case: &serde_json::Value, name: &str| case[name].as_str().unwrap_or_default().to_owned();
        let cases =
            files.into_iter().flat_map(read).map(|case| (word(&case, "dir"), word(&case, "xml"), word(&case, "id")));
        let is_plain = |(road, text, id): &(String, String, String)| {
            // What is taken back is named by its id, which is not looked into, on purpose.
            text.starts_with("<message")
                && text.ends_with("</message>")
                && !id.contains("event-retract")
                && replay(road, text).0 == "ALLOW"
        };
        cases.filter(is_plain).map(|(road, text, _)| (road, text)).collect()
    })
}

fn passage(road: &str) -> Passage {
    let outgoing = Passage::outgoing();
    let incoming = Passage { direction: Direction::Incoming, ..outgoing };
    match road {
        "out-s2s" => Passage { destination: Party::Remote, ..outgoing },
        "in" => incoming,
        "in-s2s" => Passage { source: Party::Remote, ..incoming },
        "in-comp" => Passage { source: Party::Component, ..incoming },
        "in-muc" => Passage { source: Party::Room, ..incoming },
        _ => outgoing,
    }
}

fn replay(road: &str, text: &str) -> (&'static str, String, String) {
    if let Err(excess) = xml::parse(text, "jabber:client", &Limits::default()) {
        return ("BLOCK", excess.reason().to_owned(), String::new());
    }
    let mut policy = testing::configure::<e2ee::EndToEnd>(STRICT).expect("settings");
    let outcome = testing::decide(&mut policy, passage(road), text);
    let verdict = match (&outcome.decision.verdict, outcome.edits.is_empty()) {
        (Verdict::Pass, true) => "ALLOW",
        (Verdict::Pass, false) => "STRIP",
        _ => "BLOCK",
    };
    (verdict, outcome.decision.reason, outcome.xml)
}

/// The same stanza in another spelling.
fn rewritten(text: &str, choices: &mut Choices<'_>) -> String {
    let again = || xml::parse(text, "jabber:client", &Limits::default()).map(|stanza| stanza.to_xml());
    match choices.below(5) {
        0 => again().unwrap_or_else(|_| text.to_owned()),
        1 => text.replace("<body>", "<body xmlns='jabber:client'>"),
        2 => text.replacen("<message ", "<message\n\t", 1),
        3 => text.replace("</message>", "</message\n>").replace("</encrypted>", "</encrypted\t>"),
        _ => text.replacen("</message>", "<no-store xmlns='urn:xmpp:hints'/></message>", 1),
    }
}

/// A text behind some tag of the message, in elements that were taken from the policy's own tables or from nowhere.
fn with_text(text: &str, choices: &mut Choices<'_>) -> String {
    let places: Vec<usize> = text.match_indices('>').map(|(at, _)| at + 1).filter(|at| *at < text.len()).collect();
    let place = places[choices.word() as usize % places.len()];
    let mut addition = SECRET.to_owned();
    for _ in 0..choices.below(4) {
        let (name, namespace) = (choices.one_of(&NAMES), choices.one_of(&NAMESPACES));
        addition = match choices.below(4) {
            0 => format!("<{name} xmlns='{namespace}' {}='{SECRET}'>{addition}</{name}>", choices.one_of(&ATTRIBUTES)),
            1 => format!("<{name} xmlns='{namespace}'/>{addition}"),
            2 => format!("<p:{name} xmlns:p='{namespace}'>{addition}</p:{name}>"),
            _ => format!("<{name} xmlns='{namespace}'>{addition}</{name}>"),
        };
    }
    let (before, after) = text.split_at(place);
    format!("{before}{addition}{after}")
}

const NAMES: [&str; 24] = [
    "body",
    "subject",
    "x",
    "html",
    "encrypted",
    "payload",
    "header",
    "key",
    "iv",
    "openpgp",
    "active",
    "received",
    "store",
    "encryption",
    "reply",
    "fallback",
    "thread",
    "delay",
    "forwarded",
    "message",
    "event",
    "items",
    "item",
    "reactions",
];
const NAMESPACES: [&str; 22] = [
    "jabber:client",
    "jabber:server",
    "",
    "urn:x",
    "http://www.w3.org/1999/xhtml",
    "http://jabber.org/protocol/xhtml-im",
    "eu.siacs.conversations.axolotl",
    "urn:xmpp:omemo:2",
    "urn:xmpp:openpgp:0",
    "jabber:x:encrypted",
    "jabber:x:oob",
    "http://jabber.org/protocol/chatstates",
    "urn:xmpp:receipts",
    "urn:xmpp:hints",
    "urn:xmpp:eme:0",
    "urn:xmpp:reply:0",
    "urn:xmpp:fallback:0",
    "urn:xmpp:delay",
    "urn:xmpp:forward:0",
    "http://jabber.org/protocol/pubsub#event",
    "urn:xmpp:sid:0",
    "urn:xmpp:reactions:0",
];
const ATTRIBUTES: [&str; 8] = ["id", "name", "by", "from", "xml:lang", "stamp", "type", "node"];
