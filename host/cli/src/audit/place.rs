//! What is behind a name in a data folder.

use std::ffi::OsStr;
use std::fs::Metadata;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What is behind a name.
pub enum Place {
    Folder(PathBuf),
    File(PathBuf, Metadata),
    /// What cannot be audited, and why.
    Closed(&'static str),
    /// A socket, a device or a link to nowhere.
    Other,
}

impl Place {
    /// Looks at a path in the folder `root`. A link is followed if it does not lead out.
    pub fn of(path: &Path, root: &Path) -> Self {
        Self::found(path, root).unwrap_or_else(|error| match error.kind() {
            ErrorKind::NotFound if path.display().to_string().contains(char::REPLACEMENT_CHARACTER) => {
                Self::Closed("its name is not UTF-8")
            }
            // What was there a moment ago.
            ErrorKind::NotFound => Self::Other,
            _ => Self::Closed("it cannot be looked at"),
        })
    }

    fn found(path: &Path, root: &Path) -> io::Result<Self> {
        let is_link = path.symlink_metadata()?.is_symlink();
        let target = if is_link { path.canonicalize()? } else { path.to_owned() };
        if is_link && !target.starts_with(root) {
            return Ok(Self::Closed("a link that leads out of the data folder"));
        }
        Ok(match target.metadata()? {
            metadata if metadata.is_dir() => Self::Folder(target),
            metadata if metadata.is_file() => Self::File(target, metadata),
            _ => Self::Other,
        })
    }
}

/// The names in a folder, in order.
pub fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in folder.read_dir()? {
        names.push(OsStr::to_string_lossy(&entry?.file_name()).into_owned());
    }
    names.sort();
    Ok(names)
}
