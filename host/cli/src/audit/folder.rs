//! A data folder of Prosody: `HOST/STORE/USER.dat` and the like, and an SQLite database beside the hosts.
//!
//! A link is followed if it stays in the folder, which it must for another look at the same files; one that leads out
//! is a finding, because what it leads to is not audited. The names of one folder are in memory at a time.

use std::ffi::OsStr;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use super::file::StoredFile;
use super::report::Report;
use super::sqlite;

/// Folders that hold what policies are made of, and nothing of people.
const COMPONENT_FOLDERS: [&str; 2] = ["wasm-cache", "wasm-generations"];
/// Companions of a database or of an item list, which are read with it or hold numbers only.
const COMPANIONS: [&str; 4] = [".lidx", "-wal", "-shm", ".pid"];

/// What is behind a name.
enum Place {
    Folder(PathBuf),
    File(PathBuf, Metadata),
    /// A link that leads out of the data folder.
    Outside,
    /// A socket, a device or a link to nowhere.
    Other,
}

/// Audits a data folder, or a single SQLite database.
pub fn read(data: &Path, report: &mut Report) -> Result<()> {
    let root = data.canonicalize().with_context(|| format!("cannot read {}", data.display()))?;
    if root.is_file() {
        let is_read = sqlite::is_database(&root) && sqlite::read(&root, report)?;
        ensure!(is_read, "{} is neither a data folder nor an SQLite database of Prosody's", data.display());
        return Ok(());
    }
    let names = names(&root).with_context(|| format!("cannot read {}", data.display()))?;
    let mut folder = Folder { root: &root, report, is_prosodys: false };
    for name in names {
        folder.entry(&name)?;
    }
    let is_prosodys = folder.is_prosodys;
    ensure!(is_prosodys, "{} holds neither hosts nor a database of Prosody's; is it the data_path?", data.display());
    Ok(())
}

struct Folder<'a> {
    root: &'a Path,
    report: &'a mut Report,
    is_prosodys: bool,
}

impl Folder<'_> {
    /// Something beside the hosts' folders.
    fn entry(&mut self, name: &str) -> Result<()> {
        match self.place(&self.root.join(name)) {
            Place::Folder(_) if COMPONENT_FOLDERS.contains(&name) => {}
            Place::Folder(path) if is_host(name) => {
                self.is_prosodys = true;
                self.host(&path, &decoded(name));
            }
            Place::File(path, _) if sqlite::is_database(&path) => match sqlite::read(&path, self.report)? {
                true => self.is_prosodys = true,
                false => self.report.skip(name),
            },
            Place::Outside => self.report.unreadable("", name, "", &"a link that leads out of the data folder"),
            _ if is_companion(name) => {}
            _ => self.report.skip(name),
        }
        Ok(())
    }

    fn host(&mut self, folder: &Path, host: &str) {
        for name in self.names(folder, host, "") {
            match self.place(&folder.join(&name)) {
                Place::Folder(path) => self.store(&path, host, &decoded(&name)),
                Place::File(path, metadata) => self.file(&path, &metadata, host, None, &name),
                Place::Outside => self.report.unreadable(host, &name, "", &"a link that leads out of the data folder"),
                Place::Other => self.report.skip(&format!("a file of {host}")),
            }
        }
    }

    fn store(&mut self, folder: &Path, host: &str, store: &str) {
        for name in self.names(folder, host, store) {
            match self.place(&folder.join(&name)) {
                Place::File(path, metadata) => self.file(&path, &metadata, host, Some(store), &name),
                Place::Outside => {
                    self.report.unreadable(host, store, &name, &"a link that leads out of the data folder");
                }
                Place::Folder(_) | Place::Other => self.report.skip(&format!("something in {store} of {host}")),
            }
        }
    }

    /// `USER.dat` in the folder of a store, or `STORE.dat` in that of a host.
    fn file(&mut self, path: &Path, metadata: &Metadata, host: &str, store: Option<&str>, name: &str) {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let stem = decoded(stem);
        let (store, user) = store.map_or((stem.as_str(), ""), |store| (store, stem.as_str()));
        let file = StoredFile { path, metadata, host, store, user, extension };
        match extension.trim_end_matches('~') {
            _ if is_companion(name) => {}
            "dat" => file.values(self.report),
            "list" => file.items(self.report),
            "bin" => file.upload(self.report),
            _ => self.report.skip(&format!("a file in {store} of {host}")),
        }
    }

    /// A folder that cannot be listed is a finding.
    fn names(&mut self, folder: &Path, host: &str, store: &str) -> Vec<String> {
        names(folder).unwrap_or_else(|error| {
            self.report.unreadable(host, store, "", &format_args!("the folder: {}", error.kind()));
            Vec::new()
        })
    }

    fn place(&self, path: &Path) -> Place {
        let Ok(metadata) = path.symlink_metadata() else { return Place::Other };
        let (path, metadata) = match metadata.is_symlink() {
            false => (path.to_owned(), metadata),
            true => match path.canonicalize().and_then(|target| Ok((target.metadata()?, target))) {
                Ok((_, target)) if !target.starts_with(self.root) => return Place::Outside,
                Ok((metadata, target)) => (target, metadata),
                Err(_) => return Place::Other,
            },
        };
        match metadata {
            metadata if metadata.is_dir() => Place::Folder(path),
            metadata if metadata.is_file() => Place::File(path, metadata),
            _ => Place::Other,
        }
    }
}

fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in folder.read_dir()? {
        names.push(OsStr::to_string_lossy(&entry?.file_name()).into_owned());
    }
    names.sort();
    Ok(names)
}

/// Prosody writes everything but letters and digits of a host as `%xx`, so that other folders are told from hosts.
fn is_host(name: &str) -> bool {
    name == "_global" || !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '%')
}

fn is_companion(name: &str) -> bool {
    COMPANIONS.iter().any(|end| name.trim_end_matches('~').ends_with(end))
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
