//! Slips in the settings are named.

use csi::Csi;
use prosody_policy::testing::configure;

fn refused(settings: &str, error: &str) {
    let found = configure::<Csi>(settings).expect_err("refused");
    assert!(found.starts_with(error), "{found}");
}

#[test]
fn names_what_is_wrong() {
    for (settings, error) in [
        (r#"{"presense":"hold"}"#, "unknown field `presense`, expected one of `presence`, `chat_states`"),
        (r#"{"presence":"discard"}"#, r#"`presence` cannot be "discard": it is "newest", "hold" or "deliver""#),
        (r#"{"presence":true}"#, "presence: invalid type: boolean `true`, expected a string"),
        (r#"{"receipts":"newest"}"#, r#"`receipts` cannot be "newest": it is "hold" or "deliver""#),
        (r#"{"chat_states":""}"#, r#"`chat_states` cannot be "": it is "newest", "hold", "deliver" or "discard""#),
        (
            r#"{"room_messages":"mention"}"#,
            r#"`room_messages` cannot be "mention": it is "mentions", "deliver" or "hold""#,
        ),
        (r#"{"rooms":{"team":"hold"}}"#, r#"`rooms` has "team": it holds the addresses of rooms"#),
        (r#"{"rooms":{"team@rooms.x/me":"hold"}}"#, r#"`rooms` has "team@rooms.x/me""#),
        (r#"{"rooms":{"team@rooms.x":"newest"}}"#, r#"`rooms.team@rooms.x` cannot be "newest""#),
        (r#"{"namespaces":{"jabber:client":"hold"}}"#, r#"`namespaces` has "jabber:client": that is every message"#),
        (r#"{"namespaces":{"urn:x":"drop"}}"#, r#"`namespaces.urn:x` cannot be "drop""#),
        (r#"{"strangers":{"messages":0}}"#, "`strangers.messages` cannot be 0: it is 1 to 10000, or not there"),
        (r#"{"strangers":{"subscriptions":10001}}"#, "`strangers.subscriptions` cannot be 10001"),
        (r#"{"strangers":{"messages":1,"minutes":1441}}"#, "`strangers.minutes` cannot be 1441: it is 1 to 1440"),
        (r#"{"strangers":{"minutes":5}}"#, "`strangers.minutes` limits nothing by itself"),
        (r#"{"strangers":{"messages":-1}}"#, "strangers.messages: invalid value: integer `-1`"),
        (r#"{"strangers":{"message":1}}"#, "unknown field `message`, expected one of `messages`, `subscriptions`"),
        (r#"{"texts":{"de":" "}}"#, "`texts.de` is empty"),
    ] {
        refused(settings, error);
    }
}

#[test]
fn takes_what_the_page_for_operators_shows() {
    let settings = r#"{
        "presence": "hold", "chat_states": "discard", "receipts": "deliver", "reactions": "hold", "headlines": "discard",
        "own_copies": "deliver", "key_transport": "deliver", "room_messages": "deliver",
        "rooms": {"news@rooms.example.org": "hold", "team@rooms.example.org": "mentions"},
        "namespaces": {"http://jabber.org/protocol/tune": "discard", "urn:example:alarm": "deliver"},
        "strangers": {"messages": 10, "subscriptions": 5, "minutes": 1, "wake": false},
        "texts": {"de": "Langsam!", "link": "https://example.org/help"}
    }"#;
    configure::<Csi>(settings).unwrap();
}
