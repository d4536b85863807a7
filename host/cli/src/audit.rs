//! `audit`: which readable things a server keeps.
//!
//! It reads and never writes, and takes nothing for granted of what it reads: of a data folder it follows no link that
//! leads out; a `.dat` file is read up to 64 MiB, an item of a list and a value in a database up to 32 MiB, each up to
//! 200 levels and a million values deep; lists, tables and logs pass by piece by piece. What is beyond, and what is not
//! in the form that Prosody writes, is said to be unreadable. Found texts are counted, never kept: what stays in memory
//! is one row for each host, store and kind, and 10,000 of them at most.
//!
//! | what | where |
//! |---|---|
//! | Prosody's internal storage | `folder.rs`, `place.rs`, `harmless.rs`, `file.rs`, `lua.rs`, `upload.rs` |
//! | its SQL store | `sqlite.rs`, `postgresql.rs`, `password.rs`, `sql.rs` |
//! | logs | `log.rs` |
//! | what it reads, in one form | `entry.rs`, `value.rs`, `stored.rs` |
//! | what that means | `stores.rs`, `judge.rs`, `reading.rs`, `human.rs`, `address.rs`, `kind.rs`, `period.rs` |
//! | what it says | `report.rs`, `text.rs`, `json.rs` |

mod address;
mod entry;
mod file;
mod folder;
mod harmless;
mod human;
mod json;
mod judge;
mod kind;
mod log;
mod lua;
mod password;
mod period;
mod place;
mod postgresql;
mod reading;
mod report;
mod sql;
mod sqlite;
mod stored;
mod stores;
mod text;
mod upload;
mod value;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;
use clap::Args;

use self::kind::Kind;
use self::period::Retention;
use self::report::Report;
use crate::print;

/// Say which readable things a Prosody server keeps: texts, file names, addresses, who talks to whom
///
/// Exit status: 0 nothing readable, 1 findings, 2 the data or a log could not be read.
#[derive(Args)]
pub struct Arguments {
    /// Prosody's data folder, an SQLite database, or postgres://USER@HOST/DATABASE (without TLS)
    ///
    /// The password of a database is taken from PGPASSWORD or ~/.pgpass: in the URL, every user of this machine can
    /// see it in the list of processes.
    data_dir: String,
    /// Log files
    logs: Vec<PathBuf>,
    /// What is older is a finding: 36h, 2d
    #[arg(long, default_value = "2d", value_name = "PERIOD", value_parser = period::parse)]
    retention: Duration,
    /// Kinds of findings that are accepted
    #[arg(long, value_delimiter = ',', value_name = "KIND", value_parser = Kind::parse)]
    allow: Vec<Kind>,
    /// Name the users, rooms and unknown files of the examples
    #[arg(long)]
    show: bool,
    /// Print nothing when there is nothing to find
    #[arg(long)]
    quiet: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    let mut report = Report::new(Retention::new(SystemTime::now(), arguments.retention));
    match postgresql::is_url(&arguments.data_dir) {
        true => postgresql::read(&arguments.data_dir, &mut report)?,
        false => folder::read(Path::new(&arguments.data_dir), &arguments.logs, &mut report)?,
    }
    for path in &arguments.logs {
        log::read(path, &mut report)?;
    }
    let is_clean = report.is_clean(&arguments.allow);
    if !(is_clean && arguments.quiet) {
        say(&report, arguments);
    }
    Ok(is_clean)
}

fn say(report: &Report, arguments: &Arguments) {
    match arguments.json {
        true => print::json(&json::document(report, &arguments.allow, arguments.show)),
        false => text::lines(report, &arguments.allow, arguments.show).iter().for_each(|line| print::line(line)),
    }
}
