//! The bundled policy about rooms, as the component that is installed: what it rules is what its own cases say
//! (`guest-plugins/rooms/tests/cases.json`).

#[path = "../../guest-plugins/rooms/tests/common/form.rs"]
mod form;

use mod_wasm_tests::{Guest, Host};
use prosody_stanza::{Limits, xml};
use prosody_wasm_runtime::{About, Facts, Hook, Keys, Manner, Occasion, Outcome, Question, Room, Verdict};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    id: String,
    settings: Option<Value>,
    #[serde(default = "address")]
    address: String,
    occasion: Occasion,
    wanted: String,
    becomes: Option<String>,
    verdict: String,
    reason: String,
}

#[derive(Deserialize)]
struct Reader {
    id: String,
    settings: Option<Value>,
    shares: bool,
    verdict: String,
    reason: String,
}

fn address() -> String {
    "room@rooms.x".into()
}

fn ask(settings: Option<&Value>, hook: Hook, about: About, text: &str) -> Outcome {
    let settings = settings.map_or("{}".to_owned(), ToString::to_string);
    let mut host = Host::with(&[Guest { name: "rooms", file: "rooms", settings: &settings, ..Guest::default() }]);
    let stanza = xml::parse(text, "jabber:client", &Limits::default());
    let question = Question { hook, passage: mod_wasm_tests::passage("iq") };
    host.chain.decide(stanza, question, false, &Facts { now: 1, about, ..Facts::default() })
}

fn word<'a>(outcome: &Outcome, opened: &'a str, usual: &'a str) -> &'a str {
    match (&outcome.verdict, &outcome.manner) {
        (Verdict::Pass, Manner::Opened) => opened,
        (Verdict::Pass, _) => usual,
        _ => "refuse",
    }
}

#[test]
fn rooms() {
    for Case { id, settings, address, occasion, wanted, becomes, verdict, reason } in golden::rows("rooms", "cases") {
        let room = Room { address, occasion, actor: Some("a@x".into()) };
        let outcome = ask(settings.as_ref(), Hook::Room, About::Room(room), &form::form(&wanted));
        let is_edited = outcome.edits.iter().any(|round| !round.is_empty());
        assert_eq!((word(&outcome, "exempt", "allow"), &outcome.reason), (verdict.as_str(), &reason), "{id}");
        assert_eq!(is_edited, becomes.is_some(), "{id}");
    }
}

#[test]
fn readers() {
    for Reader { id, settings, shares, verdict, reason } in golden::rows("rooms", "readers") {
        let keys = Keys { owner: "b@x".into(), reader: "a@x".into(), shares_room: shares };
        let outcome = ask(settings.as_ref(), Hook::Keys, About::Keys(keys), "<iq type='get' id='1'/>");
        assert_eq!((word(&outcome, "open", "as-configured"), &outcome.reason), (verdict.as_str(), &reason), "{id}");
    }
}
