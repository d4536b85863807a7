//! A PostgreSQL database of Prosody's SQL store, in a read-only transaction. Without TLS: for a server on this machine
//! or behind a tunnel.

use anyhow::{Context, Result, anyhow};
use postgres::fallible_iterator::FallibleIterator;
use postgres::{Client, Config, IsolationLevel, NoTls, Transaction};

use super::password;
use super::report::Report;
use super::sql::{LARGEST_VALUE, Row};

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
    rows(&mut transaction, "prosodyarchive", r#""when"::float8, "with"::text"#, name, report)?;
    Ok(transaction.rollback()?)
}

/// Rows are judged as they come; the next ones wait in the connection.
fn rows(transaction: &mut Transaction<'_>, table: &str, archived: &str, name: &str, report: &mut Report) -> Result<()> {
    let query = format!(
        r#"SELECT ctid::text, "host"::text, "user"::text, "store"::text, "key"::text, "type"::text,
        CASE WHEN octet_length("value") <= {LARGEST_VALUE} THEN "value"::text END, {archived} FROM "{table}""#
    );
    report.files += 1;
    let mut rows = transaction.query_raw(&query, std::iter::empty::<i32>())?;
    while let Some(row) = rows.next()? {
        let place: &str = row.try_get(0)?;
        Row {
            place: &format_args!("{name}, table {table}, ctid {place}"),
            host: row.try_get(1)?,
            user: row.try_get(2)?,
            store: row.try_get(3)?,
            key: row.try_get(4)?,
            kind: row.try_get(5)?,
            value: row.try_get(6)?,
            when: row.try_get(7)?,
            with: row.try_get(8)?,
        }
        .judge(report);
    }
    Ok(())
}
