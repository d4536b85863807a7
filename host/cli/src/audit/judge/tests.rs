use std::time::{Duration, UNIX_EPOCH};

use super::super::lua::parse_file;
use super::*;

const NOW: f64 = 1_000_000.0;

fn judged(store: &str, name: &str, when: When, with: &str, content: &Content) -> String {
    let retention = Retention::new(UNIX_EPOCH + Duration::from_secs(NOW as u64), Duration::from_secs(3_600));
    let user = if ["muc_log", "state"].contains(&store) { "room" } else { "alice" };
    let entry = Entry { place: &"place", host: "local.test", store, user, name, when, with, content };
    let judgement = judge(&entry, &retention);
    let names: Vec<&str> = judgement.kinds.into_iter().map(Kind::name).chain(judgement.excess).collect();
    names.join(" ")
}

#[test]
fn judges_stanzas() {
    let pgp = captured("pgp-mcabber-015-c2s-message");
    let otr = captured("otr-profanity-013-c2s-message");
    for (store, stanza, expected) in [
        ("archive", "<message to='alice@local.test'><body>hello</body></message>", "message-text"),
        ("archive", "<message to='bob@x' from='alice@local.test/a'><store/></message>", "who-talks-to-whom"),
        ("archive", "<message to='news.test' from='alice@local.test/a'/>", ""),
        ("archive", "<message><x xmlns='a:b'><item jid='eve@x'/></x></message>", "who-talks-to-whom"),
        ("archive", "<message><body>see 192.0.2.1</body></message>", "message-text ip-address"),
        ("archive", &pgp, "who-talks-to-whom fallback-text"),
        (
            "archive",
            &pgp.replace("</message>", "<subject>hi</subject></message>"),
            "message-text who-talks-to-whom fallback-text",
        ),
        ("archive", "<message><body>This message is encrypted.</body></message>", "message-text"),
        ("archive", &otr, "otr who-talks-to-whom"),
        ("offline", "<message><body>hello</body></message>", "message-text"),
        ("of_another_module", "<message><body>hello</body></message>", "message-text"),
        ("muc_log", "<message from='room@local.test/alice'><subject/></message>", "who-talks-to-whom"),
        ("muc_log", "<message from='room@local.test'><subject/></message>", ""),
        ("vcard", "<vCard xmlns='vcard-temp'><FN>Alice</FN></vCard>", "profile-text"),
        ("pep_urn:xmpp:vcard4", "<vcard><fn><text>Alice</text></fn></vcard>", "profile-text"),
        ("pep_eu.siacs.conversations.axolotl.bundles:1", "<bundle><key>YQ==</key></bundle>", ""),
        ("pep_http://jabber.org/protocol/tune", "<tune><title>Song</title></tune>", "message-text"),
        ("pep_urn:xmpp:bookmarks:1", "<conference name='Tea'><nick>al</nick></conference>", "profile-text"),
        ("uploads", "<request filename='cat.png' size='1'/>", "file-name"),
        ("uploads", "<request filename='' size='1'/>", ""),
        ("uploads", "<request filename='a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d.png' size='1'/>", ""),
        ("roster", "<item jid='bob@x'/>", ""),
        ("state", "<message><delay xmlns='urn:xmpp:delay' stamp='1970-01-01T00:00:00Z'/></message>", "too-old"),
    ] {
        let content = Content::Stanza(stored::from_xml(stanza).unwrap());
        assert_eq!(judged(store, "", When::Unsaid, "", &content), expected, "{store}: {stanza}");
    }
}

#[test]
fn judges_values() {
    let stanza = "{ name = 'message'; attr = { from = 'room@local.test/al' }; { name = 'body'; attr = {}; 'hi' } }";
    let history = format!("{{ {{ stanza = {stanza}; timestamp = 10 }} }}");
    let request =
        "{ pending = { ['eve@x'] = { name = 'presence'; attr = {}; { name = 'status'; attr = {}; 'hi' } } } }";
    let too_deep = format!("{{ name = 'a'; attr = {{}}; {} }}", "{ name = 'a'; attr = {} }; 1");
    for (store, name, written, expected) in [
        ("state", "_history", history.as_str(), "message-text who-talks-to-whom too-old"),
        ("state", "_last_message", stanza, "message-text who-talks-to-whom"),
        ("state", "room@local.test/al", "{ bare_jid = 'alice@local.test' }", "who-talks-to-whom"),
        ("config", "_data", "{ name = 'Tea'; whois = 'anyone' }", "profile-text"),
        ("config", "_data", "{ whois = 'anyone'; name = '' }", ""),
        ("config", "_affiliations", "{ ['bob@x'] = 'owner' }", ""),
        ("account_details", "email", "'me@x.test'", "profile-text"),
        ("accounts", "salt", "'abc'", ""),
        ("accounts", "ip", "'2001:db8::1'", "ip-address"),
        ("roster", "bob@x", "{ name = 'Bob'; groups = {} }", ""),
        ("roster", "", request, "message-text"),
        ("lastlog2", "login", "{ timestamp = 5; ip = '192.0.2.1' }", "ip-address last-seen"),
        ("account_activity", "timestamp", "999999", "last-seen"),
        ("auth_tokens", "x", "{ accessed = 5 }", "last-seen"),
        ("smacks_h", "token", "{ h = 1; t = 5 }", "last-seen"),
        ("archive_cleanup", "alice", "true", "who-talks-to-whom"),
        ("cloud_notify", "push.x<node", "{ jid = 'push.x' }", "who-talks-to-whom"),
        ("wasm", "warned:bob@x", "'1'", "who-talks-to-whom"),
        ("wasm", "base64:Ym9iQHgAMQ==", "'1'", "who-talks-to-whom"),
        ("wasm", "count", "'1'", ""),
        ("wasm", "base64:*number", "12", ""),
        ("wasm", "removed", "true", ""),
        ("wasm", "warned:bob@x", "true", "who-talks-to-whom"),
        ("of_another_module", "x", "{ name = 'a'; attr = {}; body = 'hello' }", "message-text"),
        ("of_another_module", "body", "'hello'", "message-text"),
        ("of_another_module", "body", "'?OTR:AAMC'", "message-text"),
        ("of_another_module", "count", "5", ""),
        ("of_another_module", "x", "{ note = 'meet me' }", "message-text"),
        ("of_another_module", "x", "{ title = 'Noon' }", "message-text"),
        ("of_another_module", "x", "{ data = { '今晚八点' } }", "message-text"),
        ("of_another_module", "", "'meet me at eight'", "message-text"),
        ("of_another_module", "meet me at eight", "true", "message-text"),
        ("of_another_module", "x", "{ ['at eight'] = 1 }", "message-text"),
        ("of_another_module", "x", "{ day = '2026-11-25'; hash = 'd0e1b2'; is_on = true; id = 'aXzQw'; n = 5 }", ""),
        ("of_another_module", "x", "{ who = 'bob@x/My phone at home' }", "who-talks-to-whom"),
        ("of_another_module", "bob@x/My phone", "true", "who-talks-to-whom"),
        ("archive", "", "'meet me at eight'", "message-text"),
        ("state", "room@local.test/al", "{ role = 'participant'; note = 'in a room' }", "who-talks-to-whom"),
        ("accounts", "note", "'meet me at eight'", ""),
        ("of_another_module", "x", too_deep.as_str(), "malformed"),
    ] {
        let content = Content::Value(parse_file(format!("return {written}").as_bytes()).unwrap());
        assert_eq!(judged(store, name, When::Unsaid, "", &content), expected, "{store}: {written}");
    }
}

#[test]
fn judges_age_and_company() {
    let content = Content::Stanza(stored::from_xml("<message/>").unwrap());
    for (store, when, with, expected) in [
        ("archive", When::At(NOW - 3_601.0), "", "too-old"),
        ("archive", When::At(NOW - 3_599.0), "", ""),
        ("archive", When::At(NOW), "bob@x", "who-talks-to-whom"),
        ("archive", When::At(NOW), "alice@local.test", ""),
        ("archive", When::At(NOW), "meet me at eight", "message-text"),
        ("archive", When::At(NOW + 86_399.0), "", ""),
        ("archive", When::At(NOW + 86_401.0), "", "too-old"),
        ("archive", When::At(f64::NAN), "", "too-old"),
        ("archive", When::Missing, "", "too-old"),
        ("archive", When::Unclear, "", "it came at a time that is no number"),
        ("of_another_module", When::Missing, "", "too-old"),
        ("state", When::Unsaid, "", ""),
        ("pep_x", When::Missing, "", ""),
        ("muc_log", When::At(NOW), "message<groupchat", ""),
        ("uploads", When::At(0.0), "alice@local.test", "too-old"),
        ("pep_eu.siacs.conversations.axolotl.devicelist", When::At(0.0), "alice@local.test", ""),
    ] {
        assert_eq!(judged(store, "", when, with, &content), expected, "{store} {when:?} {with}");
    }
}

fn captured(id: &str) -> String {
    let captures = include_str!("../../../../../tests/corpus/captures.json");
    let captures: Vec<serde_json::Value> = serde_json::from_str(captures).unwrap();
    let capture = captures.iter().find(|capture| capture["id"] == id).unwrap();
    capture["xml"].as_str().unwrap().to_owned()
}
