//! The bundled policies about keeping, copying and waking, as the components that are installed: what they rule is what their own
//! cases say (`guest-plugins/*/tests/cases.json`).

use mod_wasm_tests::{Guest, Host, outgoing};
use prosody_stanza::{Limits, xml};
use prosody_wasm_runtime::{
    Direction, Facts, Hook, Outcome, Party, Passage, Place, Question, StanzaKind, Subscription, Verdict,
};
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
struct Case {
    id: String,
    #[serde(alias = "dir")]
    place: String,
    wanted: Option<bool>,
    /// In rooms it is "me", unless it is said to be nothing.
    #[serde(default, deserialize_with = "said")]
    nickname: Option<Option<String>>,
    subscription: Option<String>,
    settings: Option<serde_json::Value>,
    xml: String,
    verdict: String,
    reason: String,
    stored: Option<String>,
}

fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Deserialize::deserialize(deserializer).map(Some)
}

fn question(case: &Case) -> Question {
    let is_wanted = case.wanted.unwrap_or(true);
    let keep = |place| Hook::Archive { place, is_wanted };
    let (hook, direction) = match case.place.as_str() {
        "archive" => (keep(Place::Archive), Direction::Outgoing),
        "archive-in" => (keep(Place::Archive), Direction::Incoming),
        "room" => (keep(Place::Room), Direction::Incoming),
        "offline" => (keep(Place::Offline), Direction::Incoming),
        "offline-out" => (keep(Place::Offline), Direction::Outgoing),
        "out" => (Hook::Carbons, Direction::Outgoing),
        "in" => (Hook::Carbons, Direction::Incoming),
        _ => (Hook::Delivery, Direction::Incoming),
    };
    Question { hook, passage: Passage { direction, ..passage(&case.place) } }
}

fn passage(place: &str) -> Passage {
    match place {
        "delivery-muc" => Passage { source: Party::Room, ..outgoing() },
        "delivery-pres" => Passage { kind: StanzaKind::Presence, ..outgoing() },
        "delivery-pres-muc" => Passage { kind: StanzaKind::Presence, source: Party::Room, ..outgoing() },
        _ => outgoing(),
    }
}

fn facts(case: &Case) -> Facts {
    let is_room = case.place.ends_with("-muc");
    let nickname = case.nickname.clone().unwrap_or_else(|| is_room.then(|| "me".into()));
    let subscription = case.subscription.as_deref().map(|word| match word {
        "none" => Subscription::None,
        "to" => Subscription::To,
        "both" => Subscription::Both,
        other => panic!("{other}"),
    });
    Facts { now: 1, nickname, subscription, ..Facts::default() }
}

/// A ruling as the host hands it on.
fn word(outcome: &Outcome) -> &'static str {
    match &outcome.verdict {
        Verdict::Pass => outcome.manner.word().unwrap_or("yes"),
        Verdict::Drop => "no",
        Verdict::Bounce(_) => "told",
    }
}

fn expected(verdict: &str) -> &'static str {
    match verdict {
        "keep" | "copy" | "deliver" => "yes",
        "memory" | "copy-to-encrypting" | "hold" => "limited",
        "newest" => "replacing",
        "skip" | "discard" => "no",
        "refuse" => "told",
        other => panic!("{other}"),
    }
}

fn check(policy: &str) {
    for case in golden::rows::<Case>(policy, "cases") {
        let settings = case.settings.as_ref().map_or("{}".to_owned(), ToString::to_string);
        let mut host = Host::with(&[Guest { name: policy, file: policy, settings: &settings, ..Guest::default() }]);
        let stanza = xml::parse(&case.xml, "jabber:client", &Limits::default());
        let outcome = host.chain.decide(stanza, question(&case), false, &facts(&case));
        assert_eq!((word(&outcome), &outcome.reason), (expected(&case.verdict), &case.reason), "{}", case.id);
        if let Some(stored) = &case.stored {
            let normal = xml::parse(stored, "jabber:client", &Limits::default()).unwrap().to_xml();
            assert_eq!(outcome.stanza().unwrap().to_xml(), normal, "{}", case.id);
        }
    }
}

#[test]
fn archive() {
    check("archive");
}

#[test]
fn carbons() {
    check("carbons");
}

#[test]
fn csi() {
    check("csi");
}

/// A new version goes on counting where the one before stopped.
#[test]
fn csi_counts_strangers_over_a_swap() {
    let settings = r#"{"strangers": {"messages": 2}}"#;
    let guest = Guest { name: "csi", file: "csi", settings, ..Guest::default() };
    let mut host = Host::with(std::slice::from_ref(&guest));
    let write = |host: &mut Host| {
        let text = "<message from='mallory@y/1' to='bob@x'><body>Buy!</body></message>";
        let passage = Passage { direction: Direction::Incoming, source: Party::Remote, ..outgoing() };
        let facts = Facts { now: 1, subscription: Some(Subscription::None), ..Facts::default() };
        let stanza = xml::parse(text, "jabber:client", &Limits::default());
        word(&host.chain.decide(stanza, passage, false, &facts))
    };
    assert_eq!([(); 2].map(|()| write(&mut host)), ["yes", "yes"]);
    host.replace(&guest, false, None).unwrap();
    assert_eq!(write(&mut host), "told");
    host.replace(&guest, true, None).unwrap();
    assert_eq!(write(&mut host), "yes");
}
