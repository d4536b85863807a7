//! The report for people.

use std::collections::BTreeMap;

use super::kind::Kind;
use super::period;
use super::report::{Report, Row};

pub fn lines(report: &Report, allowed: &[Kind], show: bool) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(findings(report, allowed, show));
    lines.extend(logs(report, allowed));
    lines.extend(summary(report));
    lines.push(verdict(report, allowed));
    lines
}

fn findings(report: &Report, allowed: &[Kind], show: bool) -> Vec<String> {
    let mut rows = vec![["kind", "", "host", "store", "count", "oldest", "newest", "example"].map(str::to_owned)];
    for ((host, store, kind), row) in &report.findings {
        let age = |age: Option<f64>| age.map_or_else(|| "-".to_owned(), period::words);
        rows.push([
            kind.name().to_owned(),
            remark(*kind, allowed).to_owned(),
            host.clone(),
            store.clone(),
            row.count.to_string(),
            age(row.oldest),
            age(row.newest),
            example(row, show),
        ]);
    }
    table(&rows)
}

fn remark(kind: Kind, allowed: &[Kind]) -> &'static str {
    match kind {
        kind if allowed.contains(&kind) => "allowed",
        kind if kind.is_informational() => "for your information",
        _ => "",
    }
}

fn example(row: &Row, show: bool) -> String {
    match show && !row.user.is_empty() {
        true => format!("{} of {}", row.place, row.user),
        false => row.place.clone(),
    }
}

fn logs(report: &Report, allowed: &[Kind]) -> Vec<String> {
    let mut rows = vec![["kind", "", "log", "level", "count", "first line"].map(str::to_owned)];
    for ((file, level, kind), row) in &report.logs {
        let remark = remark(*kind, allowed).to_owned();
        let (count, line) = (row.count.to_string(), row.first_line.to_string());
        rows.push([kind.name().to_owned(), remark, file.clone(), (*level).to_owned(), count, line]);
    }
    table(&rows)
}

/// Columns as wide as their longest word; nothing when there is only a heading.
fn table<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> Vec<String> {
    if rows.len() < 2 {
        return Vec::new();
    }
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: [usize; COLUMNS] = std::array::from_fn(width);
    let line = |row: &[String; COLUMNS]| {
        let cells = row.iter().zip(widths).filter(|(_, width)| *width > 0);
        cells.map(|(cell, width)| format!("{cell:width$}  ")).collect::<String>().trim_end().to_owned()
    };
    rows.iter().map(line).chain([String::new()]).collect()
}

fn summary(report: &Report) -> Vec<String> {
    let mut lines = vec![format!(
        "Looked at: files and tables {}, entries {}, log lines {}. Too old is what is older than {}.",
        report.files,
        report.entries,
        report.log_lines,
        period::words(report.retention.seconds() as f64)
    )];
    let mut stores = BTreeMap::<&str, u64>::new();
    for ((_, store), count) in &report.needed {
        *stores.entry(store).or_default() += count;
    }
    if !stores.is_empty() {
        let words: Vec<String> = stores.iter().map(|(store, count)| format!("{store} {count}")).collect();
        lines.push(format!("Needed by any server: {}.", words.join(", ")));
    }
    if let Some(example) = &report.skipped.example {
        lines.push(format!(
            "Not looked at: {} sockets, devices and links to nowhere, such as {example}.",
            report.skipped.count
        ));
    }
    lines
}

fn verdict(report: &Report, allowed: &[Kind]) -> String {
    let counts = || report.findings.iter().map(|((_, _, kind), row)| (*kind, row.count));
    let logged = || report.logs.iter().map(|((_, _, kind), row)| (*kind, row.count));
    let counted = counts().chain(logged()).filter(|(kind, _)| !kind.is_informational() && !allowed.contains(kind));
    match counted.map(|(_, count)| count).sum() {
        0_u64 => "Nothing readable that was not allowed.".to_owned(),
        1 => "1 finding.".to_owned(),
        count => format!("{count} findings."),
    }
}
