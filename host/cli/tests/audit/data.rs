//! A data folder, written as Prosody writes one.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// Stanzas as Lua tables, without what closes them.
pub const MESSAGE: &str =
    "{ name = 'message'; attr = { to = 'alice@local.test' }; { name = 'body'; attr = {}; 'SECRET' } }";
pub const OTR: &str = "{ name = 'message'; attr = { from = 'eve@x' }; { name = 'body'; attr = {}; '?OTRv23?' } }";
pub const OMEMO: &str =
    "{ name = 'message'; attr = { from = 'bob@x/1' }; { name = 'store'; attr = { xmlns = 'urn:xmpp:hints' } } }";

/// An item of a list, so many seconds old.
pub fn item(stanza: &str, with: &str, age: u64) -> String {
    let rest = stanza.strip_suffix('}').expect("a table");
    format!("item({rest}; key = 'k'; with = '{with}'; when = {}; }});\n", now() - age)
}

/// A file of values.
pub fn value(written: &str) -> String {
    format!("return {written};\n")
}

/// The same stanzas as XML.
pub fn xml(stanza: &str) -> String {
    match stanza {
        MESSAGE => "<message to='alice@local.test'><body>SECRET</body></message>",
        OTR => "<message from='eve@x'><body>?OTRv23?</body></message>",
        OMEMO => "<message from='bob@x/1'><store xmlns='urn:xmpp:hints'/></message>",
        other => panic!("{other} has no XML"),
    }
    .to_owned()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs()
}

/// A folder that is removed when the test is done with it.
pub struct Data {
    folder: PathBuf,
}

impl Data {
    pub fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("audit-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a new folder");
        Self { folder }
    }

    pub fn path(&self) -> &str {
        self.folder.to_str().expect("a path in UTF-8")
    }

    pub fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.path())
    }

    pub fn write(&self, name: &str, content: &str) {
        let path = self.folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a file in a folder")).expect("its folder");
        std::fs::write(path, content).expect("a file");
    }

    /// A file that no name in UTF-8 leads to.
    pub fn write_unnameable(&self, folder: &str) {
        std::fs::write(self.folder.join(folder).join(OsStr::from_bytes(b"pl\xe4n.txt")), "SECRET").expect("a file");
    }

    pub fn remove(&self, name: &str) {
        std::fs::remove_file(self.folder.join(name)).expect("a file");
    }

    pub fn link(&self, name: &str, target: &str) {
        std::os::unix::fs::symlink(target, self.folder.join(name)).expect("a link");
    }

    pub fn names(&self) -> Vec<String> {
        let entries = self.folder.read_dir().expect("the folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("a name").file_name().into_string().expect("UTF-8")).collect();
        names.sort();
        names
    }

    pub fn database(&self, name: &str) -> Database {
        let connection = rusqlite::Connection::open(self.folder.join(name)).expect("a database");
        connection.execute_batch(SCHEMA).expect("its tables");
        Database { connection }
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

const SCHEMA: &str = r#"
    CREATE TABLE "prosody" ("host" TEXT, "user" TEXT, "store" TEXT, "key" TEXT, "type" TEXT, "value" MEDIUMTEXT);
    CREATE TABLE "prosodyarchive" ("sort_id" INTEGER PRIMARY KEY AUTOINCREMENT, "host" TEXT, "user" TEXT,
        "store" TEXT, "key" TEXT, "when" INTEGER, "with" TEXT, "type" TEXT, "value" MEDIUMTEXT);"#;

/// Prosody's two tables.
pub struct Database {
    connection: rusqlite::Connection,
}

impl Database {
    pub fn keep(&self, user: &str, store: &str, key: &str, kind: &str, value: &str) {
        let row = r#"INSERT INTO "prosody" VALUES ('local.test', ?, ?, ?, ?, ?)"#;
        self.connection.execute(row, [user, store, key, kind, value]).expect("a row");
    }

    pub fn archive(&self, user: &str, store: &str, age: u64, with: &str, value: &str) {
        let row = r#"INSERT INTO "prosodyarchive" ("host", "user", "store", "key", "when", "with", "type", "value")
            VALUES ('local.test', ?, ?, 'k', ?, ?, 'xml', ?)"#;
        let when = (now() - age).to_string();
        self.connection.execute(row, [user, store, &when, with, value]).expect("a row");
    }

    pub fn run(&self, statement: &str) {
        self.connection.execute(statement, []).expect("a statement that SQLite understands");
    }

    pub fn rename(&self, table: &str, other: &str) -> &Self {
        self.run(&format!("ALTER TABLE {table} RENAME TO {other}"));
        self
    }

    pub fn write_ahead(&self) {
        self.connection.pragma_update(None, "journal_mode", "wal").expect("another mode");
    }
}
