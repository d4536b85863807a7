//! An SQLite database of Prosody's SQL store, read only. What SQLite shares between the processes that have a write-ahead
//! database open is the one thing that it touches: without it, nobody can read beside a running server.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Result};

use super::entry::When;
use super::report::Report;
use super::sql::{self, LARGEST_VALUE, Row};
use super::stores::printable;

const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where the header says that a log is written ahead.
const JOURNAL_MODE: usize = 18;
const WRITE_AHEAD: u8 = 2;
const ARCHIVE: &str = "prosodyarchive";
const TABLES: [&str; 2] = ["prosody", ARCHIVE];

/// Does this file begin like a database?
pub fn is_database(path: &Path) -> bool {
    header(path).is_some_and(|header| header.starts_with(MAGIC))
}

fn header(path: &Path) -> Option<Vec<u8>> {
    let mut header = Vec::new();
    File::open(path).ok()?.take(100).read_to_end(&mut header).ok()?;
    Some(header)
}

/// Why a database cannot be read. SQLite's own sentence would quote what it stumbles over.
pub fn reason(error: &rusqlite::Error) -> String {
    error.sqlite_error().map_or_else(|| printable(&error.to_string()), ToString::to_string)
}

/// Audits a database; false if it has no tables of Prosody's.
pub fn read(path: &Path, report: &mut Report) -> Result<bool> {
    let name = path.file_name().unwrap_or_default().display().to_string();
    let database = open(path)?;
    let mut is_prosodys = false;
    for table in TABLES {
        if has_table(&database, table)? {
            is_prosodys = true;
            report.files += 1;
            rows(&database, table, &name, report)?;
        }
    }
    Ok(is_prosodys)
}

/// Even a reader of a write-ahead database writes files beside it, unless it is told that nobody else has it open.
fn open(path: &Path) -> Result<Connection> {
    let is_write_ahead = header(path).and_then(|header| header.get(JOURNAL_MODE).copied()) == Some(WRITE_AHEAD);
    let has_log = path.with_file_name(format!("{}-wal", path.file_name().unwrap_or_default().display())).exists();
    let immutable = if is_write_ahead && !has_log { "&immutable=1" } else { "" };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(format!("file:{}?mode=ro{immutable}", escaped(path)), flags)
}

/// A path in a URI.
fn escaped(path: &Path) -> String {
    let keep = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    bytes.map(|byte| if keep(byte) { char::from(*byte).to_string() } else { format!("%{byte:02x}") }).collect()
}

/// A view of that name could compute for ever.
fn has_table(database: &Connection, table: &str) -> Result<bool> {
    let query = r#"SELECT 1 FROM "sqlite_master" WHERE "type" = 'table' AND "name" = ?1"#;
    database.prepare(query)?.exists([table])
}

fn rows(database: &Connection, table: &str, name: &str, report: &mut Report) -> Result<()> {
    let archived = if table == ARCHIVE { r#""when", "with""# } else { "NULL, ''" };
    let mut statement = database.prepare(&format!(
        r#"SELECT rowid, "host", "user", "store", "key", "type",
        CASE WHEN length(CAST("value" AS BLOB)) <= {LARGEST_VALUE} THEN "value" END, {archived}, "value" IS NULL
        FROM "{table}""#
    ))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let number: i64 = row.get(0)?;
        let [host, user, store, key, kind] = [1, 2, 3, 4, 5].map(|column| text(row.get_ref(column).ok()));
        let value = Some(row.get_ref(6)?).filter(|value| *value != ValueRef::Null).map(|value| text(Some(value)));
        Row {
            place: &format_args!("{name}, table {table}, row {number}"),
            host: &host,
            user: &user,
            store: &store,
            key: &key,
            kind: &kind,
            value: sql::value(value.as_deref(), row.get(9)?),
            when: if table == ARCHIVE { moment(row.get_ref(7)?) } else { When::Unsaid },
            with: &text(Some(row.get_ref(8)?)),
        }
        .judge(report);
    }
    Ok(())
}

/// SQLite keeps values of any type in any column.
fn text(value: Option<ValueRef<'_>>) -> String {
    match value {
        Some(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        Some(ValueRef::Integer(number)) => number.to_string(),
        Some(ValueRef::Real(number)) => number.to_string(),
        Some(ValueRef::Null) | None => String::new(),
    }
}

fn moment(value: ValueRef<'_>) -> When {
    match value {
        ValueRef::Null => When::Missing,
        other => text(Some(other)).parse().map_or(When::Unclear, When::At),
    }
}
