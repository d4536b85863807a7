//! `prosody-wasm audit` on data folders that the tests write as Prosody would.

#[path = "audit/data.rs"]
mod data;
#[path = "audit/outcome.rs"]
mod outcome;

use data::{Data, MESSAGE, OMEMO, OTR, item, value};
use outcome::audit;

const FOUND: i32 = 1;
const BROKEN_DATABASE: &str = "SQLite format 3\0 and nothing more";

#[test]
fn internal_storage() {
    let data = Data::new("internal");
    data.write("local%2etest/accounts/alice.dat", "return { [\"password\"] = \"secret\" };\n");
    data.write(
        "local%2etest/roster/alice.dat",
        "return { [\"bob@x\"] = { name = \"Bob\" }; [false] = { version = 1 } };\n",
    );
    data.write("local%2etest/archive/alice.list", &[item(MESSAGE, "bob@x", 60), item(OMEMO, "bob@x", 60)].concat());
    data.write("local%2etest/archive/bob.list~", &item(OTR, "", 400_000));
    data.write("local%2etest/archive/alice.lidx", "\0\0");
    data.write("local%2etest/lastlog/alice.dat", "return { [\"ip\"] = \"192.0.2.1\"; [\"timestamp\"] = 5 };\n");
    data.write("local%2etest/pep.dat", "return {};\n");
    let outcome = audit(&[data.path()]);
    assert_eq!(
        outcome.findings(),
        [
            "local.test archive message-text 1",
            "local.test archive otr 1",
            "local.test archive who-talks-to-whom 3",
            "local.test archive too-old 1",
            "local.test lastlog ip-address 1",
            "local.test lastlog last-seen 2",
        ]
    );
    assert_eq!(outcome.needed(), ["local.test accounts 1", "local.test roster 2"]);
    assert_eq!(outcome.status, FOUND);
}

#[test]
fn sqlite() {
    let data = Data::new("sqlite");
    let database = data.database("prosody.sqlite");
    database.keep("alice", "roster", "bob@x", "json", r#"{"name":"Bob"}"#);
    database.keep("alice", "cloud_notify", "push.x<node", "json", r#"{"jid":"push.x"}"#);
    database.keep("", "cron", "", "json", r#"{"__hash":[1,2]}"#);
    database.keep("alice", "pep_x", "broken", "json", "{");
    database.archive("alice", "archive", 60, "bob@x", &data::xml(MESSAGE));
    database.archive("alice", "archive", 400_000, "", &data::xml(OMEMO));
    database.archive("bob", "offline", 60, "", &data::xml(OTR));
    database.archive("bob", "offline", 60, "", "<no end");
    let outcome = audit(&[data.path()]);
    assert_eq!(
        outcome.findings(),
        [
            "local.test archive message-text 1",
            "local.test archive who-talks-to-whom 2",
            "local.test archive too-old 1",
            "local.test cloud_notify who-talks-to-whom 1",
            "local.test offline otr 1",
            "local.test offline who-talks-to-whom 1",
            "local.test offline unreadable-file 1",
            "local.test pep_* unreadable-file 1",
        ]
    );
    assert_eq!(outcome.needed(), ["local.test cron 1", "local.test roster 1"]);
    assert_eq!(outcome.example("archive", "message-text"), "prosody.sqlite, table prosodyarchive, row 1");
    assert_eq!(outcome.status, FOUND);
    // The database alone is audited as well.
    assert_eq!(audit(&[&data.file("prosody.sqlite")]).findings(), outcome.findings());
}

#[test]
fn a_write_ahead_database_gets_no_company() {
    let data = Data::new("write-ahead");
    let database = data.database("prosody.sqlite");
    database.write_ahead();
    database.archive("alice", "archive", 60, "", &data::xml(MESSAGE));
    drop(database);
    assert_eq!(data.names(), ["prosody.sqlite"]);
    assert_eq!(audit(&[data.path()]).status, FOUND);
    assert_eq!(data.names(), ["prosody.sqlite"]);
}

#[test]
fn a_clean_folder() {
    let data = Data::new("clean");
    data.write("local%2etest/accounts/alice.dat", "return { [\"password\"] = \"secret\" };\n");
    data.write("local%2etest/config/room.dat", &value("{ _data = { name = 'Tea'; whois = 'anyone' } }"));
    data.write("local%2etest/http_file_share/a.bin", "\u{93}\u{8a}\u{1}\u{0}\u{9c}\u{3}\u{1f}\u{b2}\u{6}\u{e4}\u{11}~");
    let outcome = audit(&[data.path()]);
    assert_eq!(outcome.findings(), ["local.test config profile-text 1"]);
    assert_eq!(outcome.status, 0);
    assert!(outcome.text().contains("Nothing readable"));
}

#[test]
fn uploads() {
    let data = Data::new("uploads");
    let request = "{ name = 'request'; attr = { filename = 'cat.png'; xmlns = 'urn:xmpp:http:upload:0' } }";
    data.write("up%2etest/uploads.list", &item(request, "alice@local.test", 60));
    data.write("up%2etest/http_file_share/slot.bin", "a readable file");
    let outcome = audit(&[data.path()]);
    assert_eq!(outcome.findings(), ["up.test http_file_share readable-upload 1", "up.test uploads file-name 1"]);
}

#[test]
fn unreadable_files() {
    let data = Data::new("unreadable");
    data.write(
        "local%2etest/archive/alice.list",
        &format!("{}item(os.exit());\n{}", item(MESSAGE, "", 1), item(MESSAGE, "", 1)),
    );
    data.write("local%2etest/roster/alice.dat", "return { [\"bob@x\"] = ");
    data.write("local%2etest/roster/bob.dat", &format!("return {}", "{".repeat(100_000)));
    data.write("local%2etest/archive/picture.png", "?");
    data.link("local%2etest/vcard", "/etc");
    data.link("local%2etest/privacy", "roster");
    let outcome = audit(&[data.path()]);
    assert_eq!(
        outcome.findings(),
        [
            "local.test archive message-text 2",
            "local.test archive unreadable-file 1",
            "local.test archive unknown-file 1",
            "local.test privacy unreadable-file 2",
            "local.test roster unreadable-file 2",
            "local.test vcard unreadable-file 1",
        ]
    );
    assert!(outcome.example("archive", "unreadable-file").starts_with("archive/*.list: item 2: not a value at byte 5"));
}

#[test]
fn what_cannot_be_read_at_all() {
    let data = Data::new("nothing");
    let missing = data.file("absent");
    for (arguments, complaint) in [
        (vec![missing.as_str()], "cannot read"),
        (vec![data.path()], "is it the data_path?"),
        (vec!["postgres://prosody:hunter2@127.0.0.1:1/prosody"], "cannot connect to the PostgreSQL database prosody"),
        (vec!["postgres://localhost:port/prosody"], "this is no postgres://"),
    ] {
        let outcome = audit(&arguments);
        assert_eq!(outcome.status, 2, "{arguments:?}");
        assert!(outcome.error.contains(complaint), "{}", outcome.error);
        assert!(!outcome.error.contains("hunter2"));
    }
    data.write("local%2etest/roster.dat", "");
    assert_eq!(audit(&[data.path(), &missing]).status, 2, "a log that is absent");
    data.write("broken.db", BROKEN_DATABASE);
    assert_eq!(audit(&[&data.file("broken.db")]).status, 2, "a broken database");
}

/// In a folder it is a file among others.
#[test]
fn a_broken_database_in_a_folder() {
    let data = Data::new("broken-database");
    data.write("broken.db", BROKEN_DATABASE);
    assert_eq!(audit(&[data.path()]).status, 2, "nothing else is there");
    data.write("local%2etest/archive/alice.list", &item(MESSAGE, "", 1));
    let outcome = audit(&[data.path()]);
    assert_eq!(outcome.findings(), ["  unreadable-file 1", "local.test archive message-text 1"]);
    assert!(outcome.example("", "unreadable-file").starts_with("broken.db: "));
    assert_eq!(outcome.status, FOUND);
}

#[test]
fn unknown_files() {
    let data = Data::new("unknown");
    data.write("local%2etest/roster/alice.dat", "return {};\n");
    for (name, finding) in [
        ("scansion/2026nov25/SECRET.scs", "scansion 2026nov25"),
        ("http_upload/a/b/SECRET plan.txt", " http_upload"),
        ("local%2etest/archive/SECRET.list.bak", "local.test archive"),
        ("local%2etest/archive/SECRET.bin", "local.test archive"),
        ("local%2etest/archive/folder/SECRET.dat", "local.test archive"),
        ("local%2etest/SECRET.txt", "local.test "),
        ("SECRET.log", " "),
        ("SECRET.log-wal", " "),
        ("certs/SECRET.txt", "certs "),
    ] {
        data.write(name, "See you at noon in SECRET");
        let outcome = audit(&[data.path()]);
        assert_eq!(outcome.findings(), [format!("{finding} unknown-file 1")], "{name}");
        assert!(!outcome.everything().contains("SECRET"), "{}", outcome.text());
        assert!(audit(&[data.path(), "--show"]).text().contains(name.rsplit('/').next().expect("a name")));
        assert_eq!(outcome.status, FOUND);
        assert_eq!(audit(&[data.path(), "--allow", "unknown-file"]).status, 0);
        data.remove(name);
    }
}

#[test]
fn a_name_beyond_utf_8() {
    let data = Data::new("unnameable");
    data.write("local%2etest/roster/alice.dat", "return {};\n");
    data.write_unnameable("local%2etest/roster");
    let outcome = audit(&[data.path()]);
    assert_eq!(outcome.findings(), ["local.test roster unreadable-file 1"]);
    assert_eq!(outcome.example("roster", "unreadable-file"), "its name is not UTF-8");
}

/// A link that stays in the folder leads to what is looked at once.
#[test]
fn links_in_unknown_folders() {
    let data = Data::new("links");
    data.write("local%2etest/roster/alice.dat", "return {};\n");
    data.write("http_upload/a/plan.txt", "SECRET");
    data.link("http_upload/again", "..");
    data.link("http_upload/out", "/etc");
    assert_eq!(audit(&[data.path()]).findings(), [" http_upload unreadable-file 1", " http_upload unknown-file 1"]);
}

#[test]
fn a_database_of_others() {
    let data = Data::new("others");
    data.write("local%2etest/roster/alice.dat", "return {};\n");
    data.database("notes.sqlite").rename("prosody", "notes").rename("prosodyarchive", "more_notes");
    assert_eq!(audit(&[data.path()]).findings(), ["  unknown-file 1"]);
}

#[test]
fn what_is_known_to_hold_nothing_of_people() {
    let data = Data::new("harmless");
    for name in [
        "local%2etest/roster/alice.dat",
        "local%2etest/offline/alice.lidx",
        "prosody.pid",
        "local.test.crt",
        "certs/local.test.key",
        "certs/local.test/fullchain.pem",
        "custom_plugins/share/lua/5.4/mod_x.lua",
        "wasm-cache/x.cwasm",
        "wasm-generations/local%2etest/1/x.wasm",
        "wasm-loading/local%2etest/archive",
    ] {
        data.write(name, "");
    }
    let database = data.database("prosody.sqlite");
    database.write_ahead();
    database.keep("alice", "roster", "bob@x", "json", "{}");
    assert!(data.names().contains(&"prosody.sqlite-wal".to_owned()));
    let outcome = audit(&[data.path()]);
    assert_eq!(outcome.findings(), [""; 0]);
    assert_eq!(outcome.status, 0);
}

#[test]
fn times_that_nobody_understands() {
    let data = Data::new("times");
    let archived = |when: &str| format!("item({{ name = 'message'; attr = {{}}; {when} }});\n");
    for (when, finding) in [
        ("", "too-old"),
        ("when = 99999999999", "too-old"),
        ("when = (0/0)", "too-old"),
        ("when = 'yesterday'", "unreadable-file"),
    ] {
        data.write("local%2etest/archive/alice.list", &archived(when));
        assert_eq!(audit(&[data.path()]).findings(), [format!("local.test archive {finding} 1")], "{when}");
    }
}

#[test]
fn rows_that_hold_null() {
    let data = Data::new("null");
    let database = data.database("prosody.sqlite");
    database.run("INSERT INTO prosody VALUES ('local.test', 'alice', 'roster', 'bob@x', 'json', NULL)");
    database.run("INSERT INTO prosody VALUES (NULL, NULL, NULL, NULL, NULL, NULL)");
    let archived = "INSERT INTO prosodyarchive VALUES";
    database.run(&format!("{archived} (1, 'local.test', 'a', 'archive', 'k', NULL, '', 'xml', '<message/>')"));
    database.run(&format!("{archived} (2, 'local.test', 'a', 'offline', 'k', 'noon', '', 'xml', '<message/>')"));
    let outcome = audit(&[data.path()]);
    assert_eq!(
        outcome.findings(),
        [
            "  unreadable-file 1",
            "local.test archive too-old 1",
            "local.test offline unreadable-file 1",
            "local.test roster unreadable-file 1",
        ]
    );
    assert_eq!(outcome.example("roster", "unreadable-file"), "prosody.sqlite, table prosody, row 1: it is NULL");
}

#[test]
fn kinds_are_allowed_by_name() {
    let data = Data::new("allowed");
    data.write("local%2etest/archive/alice.list", &item(OMEMO, "bob@x", 400_000));
    assert_eq!(
        audit(&[data.path()]).findings(),
        ["local.test archive who-talks-to-whom 1", "local.test archive too-old 1"]
    );
    for (arguments, status) in [
        (vec![], FOUND),
        (vec!["--allow", "too-old"], FOUND),
        (vec!["--allow", "too-old,who-talks-to-whom"], 0),
        (vec!["--allow", "who-talks-to-whom", "--retention", "1w"], 0),
        (vec!["--allow", "who-talks-to-whom", "--retention", "36h"], FOUND),
        (vec!["--retention", "2 days"], 2),
        (vec!["--allow", "who-talk-to-whom"], 2),
    ] {
        let outcome = audit(&[&[data.path()], &arguments[..]].concat());
        assert_eq!(outcome.status, status, "{arguments:?}: {}", outcome.error);
    }
    let outcome = audit(&[data.path(), "--allow", "who-talk-to-whom"]);
    assert!(outcome.error.contains("did you mean who-talks-to-whom?"), "{}", outcome.error);
}

#[test]
fn nobody_is_named_unless_asked_for() {
    let data = Data::new("named");
    data.write("local%2etest/archive/caroline.list", &item(MESSAGE, "bob@x", 60));
    let outcome = audit(&[data.path()]);
    for word in ["caroline", "bob@x", "SECRET"] {
        assert!(!outcome.everything().contains(word), "{word}");
    }
    let outcome = audit(&[data.path(), "--show"]);
    assert!(outcome.text().contains("archive/*.list, item 1 of caroline"), "{}", outcome.text());
    assert!(!outcome.everything().contains("bob@x") && !outcome.everything().contains("SECRET"));
}

#[test]
fn logs() {
    let data = Data::new("logs");
    data.write("local%2etest/roster.dat", "");
    data.write("prosody.log", "Nov 25 x\tinfo\tActivated service 'c2s' on [127.0.0.1]:5222\nNov 25 x\tinfo\tAuthenticated as alice@x\nNov 25 x\tdebug\tFD 1 (192.0.2.1)\n  for alice@x\n");
    data.write("prosody.log.1.gz", "\u{1f}");
    let log = data.file("prosody.log");
    let outcome = audit(&[data.path(), &log]);
    assert_eq!(outcome.logs(), ["debug ip-address 1 line 3", "debug jid 1 line 4", "info jid 1 line 2"]);
    assert_eq!(outcome.status, FOUND);
    assert_eq!(outcome.json["looked_at"]["log_lines"], 4);
    // What is not given as a log is a file that nobody looked at.
    assert_eq!(outcome.findings(), ["  unknown-file 1"]);
    assert_eq!(audit(&[data.path()]).findings(), ["  unknown-file 2"]);
    assert_eq!(audit(&[data.path(), &log, "--allow", "jid,ip-address,unknown-file"]).status, 0);
}

#[test]
fn quiet_unless_there_is_something_to_say() {
    let data = Data::new("quiet");
    data.write("local%2etest/archive/alice.list", &item(OMEMO, "bob@x", 1));
    assert!(audit(&[data.path(), "--quiet"]).text().contains("1 finding."));
    assert_eq!(audit(&[data.path(), "--quiet", "--allow", "who-talks-to-whom"]).text(), "");
}
