//! The files of Prosody's internal storage.

use std::fmt::Display;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::entry::{Content, Entry, When};
use super::kind::Kind;
use super::report::Report;
use super::value::Value;
use super::{lua, period, stored, stores, upload};

/// Prosody itself reads such a file whole; one that is larger is not read.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;
/// One item of a list, which may have as many as it likes.
const LARGEST_ITEM: usize = 32 * 1024 * 1024;

/// A file of a store.
pub struct StoredFile<'a> {
    pub path: &'a Path,
    pub metadata: &'a Metadata,
    pub host: &'a str,
    pub store: &'a str,
    /// Empty for what belongs to the host.
    pub user: &'a str,
    pub extension: &'a str,
}

impl StoredFile<'_> {
    /// Audits a `.dat` file: a table of names and values, or one element.
    pub fn values(&self, report: &mut Report) {
        report.files += 1;
        let written = match self.whole() {
            Ok(written) => written,
            Err(error) => return self.unreadable(report, &error),
        };
        match lua::parse_file(&written) {
            Ok(element) if stored::is_element(&element) => self.value(report, 1, "", Content::Value(element)),
            Ok(Value::Table(pairs)) => {
                for (number, (name, value)) in (1..).zip(pairs) {
                    self.value(report, number, name.text().unwrap_or_default(), Content::Value(value));
                }
            }
            Ok(Value::Nil) => {}
            Ok(value) => self.value(report, 1, "", Content::Value(value)),
            Err(mistake) => self.unreadable(report, &mistake),
        }
    }

    fn value(&self, report: &mut Report, number: u64, name: &str, content: Content) {
        let place = format!("{}, entry {number}", self.shown());
        report.entry(&Entry { name, ..self.entry(&place, &content) });
    }

    /// Audits a `.list` file, item by item.
    pub fn items(&self, report: &mut Report) {
        report.files += 1;
        let mut items = match open(self.path) {
            Ok(file) => Items { lines: BufReader::new(file), next: Vec::new() },
            Err(error) => return self.unreadable(report, &error),
        };
        for number in 1_u64.. {
            match items.next() {
                Ok(Some(item)) => self.item(report, number, &item),
                Ok(None) => return,
                Err(error) => return self.unreadable(report, &format_args!("item {number}: {error}")),
            }
        }
    }

    fn item(&self, report: &mut Report, number: u64, written: &[u8]) {
        let value = match lua::parse_item(written) {
            Ok(value) => value,
            Err(mistake) => return self.unreadable(report, &format_args!("item {number}: {mistake}")),
        };
        let text = |name: &str| value.get(name).and_then(Value::text).unwrap_or_default().to_owned();
        let (key, with, when) = (text("key"), text("with"), when(&value));
        let place = format!("{}, item {number}", self.shown());
        let content = Content::Value(value);
        report.entry(&Entry { name: &key, with: &with, when, ..self.entry(&place, &content) });
    }

    /// Audits the content of an uploaded file: how old it is, and whether it is anything but ciphertext.
    pub fn upload(&self, report: &mut Report) {
        report.files += 1;
        let mut beginning = Vec::new();
        let read = open(self.path).and_then(|file| file.take(upload::GLIMPSE).read_to_end(&mut beginning));
        if let Err(error) = read {
            return self.unreadable(report, &error);
        }
        let when = self.metadata.modified().ok().map(period::seconds);
        let age = when.and_then(|when| report.retention.age(when));
        let is_too_old = when.is_some_and(|when| report.retention.is_too_old(when));
        let kinds = [(Kind::ReadableUpload, upload::is_readable(&beginning)), (Kind::TooOld, is_too_old)];
        for (kind, _) in kinds.into_iter().filter(|(_, is_so)| *is_so) {
            report.count(self.host, self.store, kind, age, "", &self.shown());
        }
    }

    fn entry<'a>(&'a self, place: &'a dyn Display, content: &'a Content) -> Entry<'a> {
        let Self { host, store, user, .. } = *self;
        Entry { place, host, store, user, name: "", when: When::Unsaid, with: "", content }
    }

    fn whole(&self) -> io::Result<Vec<u8>> {
        let mut written = Vec::new();
        open(self.path)?.take(LARGEST_FILE + 1).read_to_end(&mut written)?;
        if written.len() as u64 > LARGEST_FILE {
            return Err(io::Error::other("it is too large"));
        }
        Ok(written)
    }

    fn unreadable(&self, report: &mut Report, why: &dyn Display) {
        report.unreadable(self.host, self.store, self.user, &format_args!("{}: {why}", self.shown()));
    }

    /// The file in words that name nobody.
    fn shown(&self) -> String {
        let store = stores::shown(self.store);
        let star = if self.user.is_empty() { "" } else { "/*" };
        format!("{store}{star}.{}", self.extension)
    }
}

/// A file, if it still is one: links and pipes that took its place are refused.
pub fn open(path: &Path) -> io::Result<File> {
    let flags = nix::libc::O_NOFOLLOW | nix::libc::O_NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no file")) }
}

fn when(item: &Value) -> When {
    let stamp = || item.get("attr")?.get("stamp")?.text().and_then(period::stamp);
    match item.get("when") {
        Some(Value::Number(seconds)) => When::At(*seconds),
        Some(_) => When::Unclear,
        None => stamp().into(),
    }
}

/// The items of a list. Each begins a line, and no line inside one begins like it: so Prosody finds them, too.
struct Items<R> {
    lines: R,
    /// The first line of the item that comes next.
    next: Vec<u8>,
}

impl<R: BufRead> Items<R> {
    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut item = std::mem::take(&mut self.next);
        loop {
            let mut line = Vec::new();
            (&mut self.lines).take(LARGEST_ITEM as u64).read_until(b'\n', &mut line)?;
            let is_end = line.is_empty();
            if is_end || line.starts_with(b"item") && !is_blank(&item) {
                self.next = line;
                return Ok((!is_blank(&item)).then_some(item));
            }
            if item.len() + line.len() > LARGEST_ITEM {
                return Err(io::Error::other("it is too large"));
            }
            item.extend_from_slice(&line);
        }
    }
}

/// A write that failed leaves white space.
fn is_blank(item: &[u8]) -> bool {
    item.iter().all(u8::is_ascii_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_lists() {
        for (list, expected) in [
            ("", vec![]),
            ("item({});\n", vec!["item({});\n"]),
            ("\n  \nitem({\n1;\n});\nitem({});", vec!["\n  \nitem({\n1;\n});\n", "item({});"]),
            ("item(1);\n   \n", vec!["item(1);\n   \n"]),
            ("garbage\nitem(1);\n", vec!["garbage\n", "item(1);\n"]),
        ] {
            let mut items = Items { lines: list.as_bytes(), next: Vec::new() };
            let found: Vec<String> =
                std::iter::from_fn(|| items.next().unwrap()).map(|item| String::from_utf8(item).unwrap()).collect();
            assert_eq!(found, expected, "{list:?}");
        }
    }

    #[test]
    fn refuses_an_item_without_an_end() {
        let endless = std::io::repeat(b'x').take(LARGEST_ITEM as u64 * 2);
        let mut items = Items { lines: BufReader::new(endless), next: Vec::new() };
        assert!(items.next().is_err());
    }
}
