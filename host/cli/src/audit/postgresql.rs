//! A PostgreSQL database of Prosody's SQL store, in a read-only transaction. Without TLS: for a server on this machine
//! or behind a tunnel.

use anyhow::{Context, Result, anyhow};
use postgres::fallible_iterator::FallibleIterator;
use postgres::{Client, Config, IsolationLevel, NoTls, Transaction};

use super::entry::When;
use super::password;
use super::report::Report;
use super::sql::{self, LARGEST_VALUE, Row};

const ARCHIVE: &str = "prosodyarchive";

/// Is this a database rather than a folder?
pub fn is_url(data: &str) -> bool {
    data.starts_with("postgres://") || data.starts_with("postgresql://")
}

/// Audits a database. What is said of the URL leaves out what may be a password.
pub fn read(url: &str, report: &mut Report) -> Result<()> {
    let mut config: Config = url.parse().map_err(|_| anyhow!("this is no postgres://USER@HOST/DATABASE URL"))?;
    password::complete(&mut config);
    let name = config.get_dbname().unwrap_or("postgres").to_owned();
    let mut client =
        config.connect(NoTls).with_context(|| format!("cannot connect to the PostgreSQL database {name}"))?;
    audit(&mut client, &name, report).with_context(|| format!("cannot read the PostgreSQL database {name}"))
}

fn audit(client: &mut Client, name: &str, report: &mut Report) -> Result<()> {
    let transaction = client.build_transaction().read_only(true).isolation_level(IsolationLevel::RepeatableRead);
    let mut transaction = transaction.start()?;
    rows(&mut transaction, "prosody", r#"NULL::float8, ''"#, name, report)?;
    rows(&mut transaction, ARCHIVE, r#""when"::float8, "with"::text"#, name, report)?;
    Ok(transaction.rollback()?)
}

/// Rows are judged as they come; the next ones wait in the connection.
fn rows(transaction: &mut Transaction<'_>, table: &str, archived: &str, name: &str, report: &mut Report) -> Result<()> {
    let query = format!(
        r#"SELECT ctid::text, "host"::text, "user"::text, "store"::text, "key"::text, "type"::text,
        CASE WHEN octet_length("value") <= {LARGEST_VALUE} THEN "value"::text END, {archived}, "value" IS NULL
        FROM "{table}""#
    );
    report.files += 1;
    let mut rows = transaction.query_raw(&query, std::iter::empty::<i32>())?;
    while let Some(row) = rows.next()? {
        let place: &str = row.try_get(0)?;
        Row {
            place: &format_args!("{name}, table {table}, ctid {place}"),
            host: text(&row, 1)?,
            user: text(&row, 2)?,
            store: text(&row, 3)?,
            key: text(&row, 4)?,
            kind: text(&row, 5)?,
            value: sql::value(row.try_get(6)?, row.try_get(9)?),
            when: if table == ARCHIVE { row.try_get::<_, Option<f64>>(7)?.into() } else { When::Unsaid },
            with: text(&row, 8)?,
        }
        .judge(report);
    }
    Ok(())
}

/// A column that may be NULL, although Prosody's are not.
fn text(row: &postgres::Row, column: usize) -> Result<&str> {
    Ok(row.try_get::<_, Option<&str>>(column)?.unwrap_or_default())
}
