//! The report as JSON. The names in it stay; what is added gets new ones.

use serde_json::{Value, json};

use super::kind::Kind;
use super::report::{LogRow, Report, Row};

/// The shape of the document.
const VERSION: u32 = 1;

pub fn document(report: &Report, allowed: &[Kind], show: bool) -> Value {
    json!({
        "version": VERSION,
        "clean": report.is_clean(allowed),
        "retention_seconds": report.retention.seconds(),
        "findings": report.findings.iter().map(|((host, store, kind), row)| {
            finding(host, store, *kind, row, allowed, show)
        }).collect::<Vec<_>>(),
        "logs": report.logs.iter().map(|((file, level, kind), row)| log(file, level, *kind, row, allowed)).collect::<Vec<_>>(),
        "needed": report.needed.iter().map(|((host, store), count)| {
            json!({ "host": host, "store": store, "count": count })
        }).collect::<Vec<_>>(),
        "looked_at": { "files": report.files, "entries": report.entries, "log_lines": report.log_lines },
        "not_looked_at": { "count": report.skipped.count, "example": report.skipped.example },
    })
}

fn finding(host: &str, store: &str, kind: Kind, row: &Row, allowed: &[Kind], show: bool) -> Value {
    json!({
        "host": host,
        "store": store,
        "kind": kind.name(),
        "count": row.count,
        "oldest_seconds": row.oldest.map(|age| age as u64),
        "newest_seconds": row.newest.map(|age| age as u64),
        "informational": kind.is_informational(),
        "allowed": allowed.contains(&kind),
        "example": { "place": row.place, "user": show.then_some(&row.user) },
    })
}

fn log(file: &str, level: &str, kind: Kind, row: &LogRow, allowed: &[Kind]) -> Value {
    json!({
        "file": file,
        "level": level,
        "kind": kind.name(),
        "count": row.count,
        "first_line": row.first_line,
        "allowed": allowed.contains(&kind),
    })
}
