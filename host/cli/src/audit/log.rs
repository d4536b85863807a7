//! Log files: at which level they name machines and people.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::address;
use super::kind::Kind;
use super::report::Report;

/// A longer line is judged in pieces of this length.
const LONGEST_LINE: u64 = 1024 * 1024;
const LEVELS: [&str; 4] = ["debug", "info", "warn", "error"];
/// Prosody says where it listens itself; that names no visitor.
const LISTENING: [&str; 4] = ["Activated service '", "Added listening service ", "Server FD ", "Serving '"];
/// gzip, zstd, xz, bzip2.
const COMPRESSED: [&[u8]; 4] = [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ", b"BZh"];

/// Audits a log. A compressed one cannot be read, which is a finding.
pub fn read(path: &Path, report: &mut Report) -> Result<()> {
    let cannot = || format!("cannot read {}", path.display());
    let file = File::open(path).with_context(cannot)?;
    ensure!(file.metadata().with_context(cannot)?.is_file(), "{} is no file; name the logs one by one", path.display());
    let shown = path.display().to_string();
    let mut lines = BufReader::new(file);
    report.files += 1;
    if COMPRESSED.iter().any(|magic| lines.fill_buf().is_ok_and(|beginning| beginning.starts_with(magic))) {
        report.log(&shown, "unknown", Kind::UnreadableFile, 1);
        return Ok(());
    }
    let (mut number, mut level, mut line) = (1, "unknown", Vec::new());
    while (&mut lines).take(LONGEST_LINE).read_until(b'\n', &mut line).with_context(cannot)? > 0 {
        let text = String::from_utf8_lossy(&line);
        // What follows a line without a level of its own belongs to it, as a traceback does.
        level = self::level(&text).unwrap_or(level);
        for kind in kinds(&text) {
            report.log(&shown, level, kind, number);
        }
        let is_whole = line.ends_with(b"\n");
        number += u64::from(is_whole);
        report.log_lines += u64::from(is_whole);
        line.clear();
    }
    Ok(())
}

fn kinds(line: &str) -> impl Iterator<Item = Kind> {
    let names_machine = !is_about_listening(line) && address::has_ip(line);
    let names_person = address::jids(line).next().is_some();
    [(names_machine, Kind::IpAddress), (names_person, Kind::Jid)]
        .into_iter()
        .filter(|(is_so, _)| *is_so)
        .map(|(_, kind)| kind)
}

/// Such a line begins so. Where no tab says where that is, it is looked for.
fn is_about_listening(line: &str) -> bool {
    LISTENING.iter().any(|words| match line.rsplit_once('\t') {
        Some((_, message)) => message.starts_with(words),
        None => line.contains(words),
    })
}

/// The level stands between tabs in a file, between blanks on a console and in a journal.
fn level(line: &str) -> Option<&'static str> {
    let named = |word: &str| LEVELS.into_iter().find(|level| *level == word.trim_matches(['[', ']', ':']));
    let fields = line.split('\t').take(4).find_map(|field| named(field.trim()));
    fields.or_else(|| line.split_whitespace().take(9).find_map(named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_levels() {
        for (line, expected) in [
            ("Nov 25 14:40:00 c2s5581\tinfo\tAuthenticated as alice@local.test", Some("info")),
            ("c2s5581             debug\tReceived", Some("debug")),
            ("Nov 25 14:40:00 host prosody[12]: mod_c2s: warn: too many", Some("warn")),
            ("\t[Lua]: in function <mod_c2s.lua:12>", None),
        ] {
            assert_eq!(level(line), expected, "{line}");
        }
    }

    #[test]
    fn judges_lines() {
        for (line, expected) in [
            ("x\tdebug\tFD 12 (192.0.2.1, 40000, 127.0.0.1, 5222)", vec![Kind::IpAddress]),
            ("x\tinfo\tAuthenticated as alice@local.test", vec![Kind::Jid]),
            ("x\tinfo\tActivated service 'http' on [127.0.0.1]:5280", vec![]),
            ("x\tinfo\tServing 'openmetrics' at http://127.0.0.1:5280/metrics", vec![]),
            ("x\tdebug\tServer FD 12 (127.0.0.1, 20504) created", vec![]),
            ("x\tdebug\tNew connection FD 20 (192.0.2.1, 46611) on server FD 17 (::, 5222)", vec![Kind::IpAddress]),
            ("x\tdebug\t192.0.2.1 says Serving 'x'", vec![Kind::IpAddress]),
            ("prosody info Serving 'openmetrics' at http://127.0.0.1:5280/metrics", vec![]),
            ("x\tinfo\tClient connected", vec![]),
        ] {
            assert_eq!(kinds(line).collect::<Vec<_>>(), expected, "{line}");
        }
    }
}
