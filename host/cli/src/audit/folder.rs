//! A data folder of Prosody: `HOST/STORE/USER.dat` and the like, and an SQLite database beside the hosts.
//!
//! A link is followed if it stays in the folder, which it must for another look at the same files; one that leads out
//! is a finding, because what it leads to is not audited. The names of one folder are in memory at a time.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};

use super::file::StoredFile;
use super::harmless;
use super::place::{Place, names};
use super::report::Report;
use super::sqlite;

/// Where Prosody puts the files that were uploaded.
const UPLOADS: &str = "http_file_share";

/// Audits a data folder, or a single SQLite database. The logs in it are audited as such.
pub fn read(data: &Path, logs: &[PathBuf], report: &mut Report) -> Result<()> {
    let root = data.canonicalize().with_context(|| format!("cannot read {}", data.display()))?;
    if root.is_file() {
        return single(&root, report).with_context(|| format!("cannot read {}", data.display()));
    }
    let names = names(&root).with_context(|| format!("cannot read {}", data.display()))?;
    let logs = logs.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut folder = Folder { root: &root, logs, report, is_prosodys: false };
    for name in names {
        folder.entry(&name);
    }
    let is_prosodys = folder.is_prosodys;
    ensure!(
        is_prosodys,
        "{} holds neither hosts nor a database of Prosody's that can be read; is it the data_path?",
        data.display()
    );
    Ok(())
}

fn single(database: &Path, report: &mut Report) -> Result<()> {
    let is_read = sqlite::is_database(database)
        && sqlite::read(database, report).map_err(|error| anyhow!("{}", sqlite::reason(&error)))?;
    ensure!(is_read, "it is neither a data folder nor an SQLite database of Prosody's");
    Ok(())
}

struct Folder<'a> {
    root: &'a Path,
    logs: Vec<PathBuf>,
    report: &'a mut Report,
    is_prosodys: bool,
}

impl Folder<'_> {
    /// Something beside the hosts' folders.
    fn entry(&mut self, name: &str) {
        match Place::of(&self.root.join(name), self.root) {
            Place::Folder(_) if harmless::is_folder(name) => {}
            Place::Folder(path) if is_host(name) => {
                self.is_prosodys = true;
                self.host(&path, &decoded(name));
            }
            Place::Folder(path) => self.unknown_folder(path, "", name),
            Place::File(path, _) if sqlite::is_database(&path) => self.database(&path, name),
            Place::File(..) if harmless::is_file(self.root, name) => {}
            Place::File(path, _) => self.unknown(&path, "", "", name),
            Place::Closed(why) => self.report.unreadable("", name, "", &why),
            Place::Other => self.report.skip(name),
        }
    }

    fn database(&mut self, path: &Path, name: &str) {
        match sqlite::read(path, self.report) {
            Ok(true) => self.is_prosodys = true,
            Ok(false) => self.unknown(path, "", "", name),
            Err(error) => self.report.unreadable("", "", "", &format_args!("{name}: {}", sqlite::reason(&error))),
        }
    }

    fn host(&mut self, folder: &Path, host: &str) {
        for name in self.names(folder, host, "") {
            match Place::of(&folder.join(&name), self.root) {
                Place::Folder(path) => self.store(&path, host, &decoded(&name)),
                Place::File(path, metadata) => self.file(&path, &metadata, host, None, &name),
                Place::Closed(why) => self.report.unreadable(host, &name, "", &why),
                Place::Other => self.report.skip(&format!("a file of {host}")),
            }
        }
    }

    fn store(&mut self, folder: &Path, host: &str, store: &str) {
        for name in self.names(folder, host, store) {
            match Place::of(&folder.join(&name), self.root) {
                Place::File(path, metadata) => self.file(&path, &metadata, host, Some(store), &name),
                Place::Folder(path) => self.unknown_folder(path, host, store),
                Place::Closed(why) => self.report.unreadable(host, store, &name, &why),
                Place::Other => self.report.skip(&format!("something in {store} of {host}")),
            }
        }
    }

    /// `USER.dat` in the folder of a store, or `STORE.dat` in that of a host.
    fn file(&mut self, path: &Path, metadata: &Metadata, host: &str, store: Option<&str>, name: &str) {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let stem = decoded(stem);
        let folder = store.unwrap_or_default();
        let (store, user) = store.map_or((stem.as_str(), ""), |store| (store, stem.as_str()));
        let file = StoredFile { path, metadata, host, store, user, extension };
        match extension.trim_end_matches('~') {
            "dat" => file.values(self.report),
            "list" => file.items(self.report),
            "bin" if folder == UPLOADS => file.upload(self.report),
            _ if harmless::is_index(name) || harmless::is_certificate(host, name) => {}
            _ => self.unknown(path, host, folder, name),
        }
    }

    /// A folder where Prosody's storage has none. A link in it leads to what is looked at under its own name.
    fn unknown_folder(&mut self, folder: PathBuf, host: &str, store: &str) {
        let mut rest = vec![folder];
        while let Some(folder) = rest.pop() {
            for name in self.names(&folder, host, store) {
                match Place::of(&folder.join(&name), self.root) {
                    Place::Folder(path) if path == folder.join(&name) => rest.push(path),
                    Place::File(path, _) => self.unknown(&path, host, store, &name),
                    Place::Closed(why) => self.report.unreadable(host, store, &name, &why),
                    Place::Folder(_) => {}
                    Place::Other => self.report.skip(&format!("something in {store}")),
                }
            }
        }
    }

    /// A file that nobody here can say anything of, unless it is a log that is audited as one.
    fn unknown(&mut self, path: &Path, host: &str, store: &str, name: &str) {
        let is_log = path.canonicalize().is_ok_and(|path| self.logs.contains(&path));
        if !is_log {
            self.report.unknown(host, store, name);
        }
    }

    /// A folder that cannot be listed is a finding.
    fn names(&mut self, folder: &Path, host: &str, store: &str) -> Vec<String> {
        names(folder).unwrap_or_else(|error| {
            self.report.unreadable(host, store, "", &format_args!("the folder: {}", error.kind()));
            Vec::new()
        })
    }
}

/// Prosody writes everything but letters and digits of a host as `%xx`, so that other folders are told from hosts.
fn is_host(name: &str) -> bool {
    name == "_global" || !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '%')
}

/// Turns `%40` into `@`.
fn decoded(name: &str) -> String {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        match digits.and_then(|digits| u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_names() {
        for (name, expected) in
            [("local%2etest", "local.test"), ("a%", "a%"), ("%4", "%4"), ("%zz%41", "%zzA"), ("%c3%a4", "ä")]
        {
            assert_eq!(decoded(name), expected);
        }
        assert!(is_host("local%2etest") && is_host("_global") && !is_host("custom_plugins") && !is_host("wasm-cache"));
    }
}
