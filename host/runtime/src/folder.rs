//! Folders that belong to the server's user alone, in which files are whole or not there.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, ensure};
use nix::fcntl::OFlag;
use rustix::process::{Resource, getrlimit};

/// A folder that nobody else can write to.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens the folder, which is made if it is not there (mode 0700). `what` it is, for errors.
    pub fn open(path: &Path, what: &str) -> Result<Self> {
        if !path.exists() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
            made.with_context(|| {
                format!(
                    "cannot make the {what} folder {}; give the folder above it to the server's user, or name another",
                    path.display()
                )
            })?;
        }
        let metadata =
            fs::metadata(path).with_context(|| format!("cannot use the {what} folder {}", path.display()))?;
        ensure!(metadata.is_dir(), "the {what} {} is not a folder", path.display());
        ensure!(
            metadata.uid() == nix::unistd::geteuid().as_raw() && metadata.mode() & 0o022 == 0,
            "others can write to the {what} folder {}: it must belong to the server's user, with mode 0700",
            path.display()
        );
        Ok(Self { path: path.to_owned() })
    }

    /// Where a file of this name is, or would be.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A file to read, with its length; `None` when there is no such file.
    pub fn open_file(&self, name: &str) -> Option<(File, u64)> {
        // Not through a link, and without waiting for the other end of a pipe.
        let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
        let file = OpenOptions::new().read(true).custom_flags(flags.bits()).open(self.file(name)).ok()?;
        let length = file.metadata().ok().filter(Metadata::is_file)?.len();
        Some((file, length))
    }

    /// The bytes of a file, read into memory; `None` when there is no such file.
    pub fn get(&self, name: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.open_file(name)?.0.read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// A file for so many bytes that has no name and never gets one: it goes with the last who has it open or mapped.
    pub fn nameless(&self, length: u64) -> io::Result<File> {
        // Beyond this limit a write does not fail: it ends the process.
        if getrlimit(Resource::Fsize).current.is_some_and(|most| length > most) {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        // O_EXCL: nobody can give it a name later. A file system that knows no such files refuses, and makes none.
        let flags = OFlag::O_TMPFILE | OFlag::O_EXCL;
        OpenOptions::new().read(true).write(true).custom_flags(flags.bits()).mode(0o400).open(&self.path)
    }

    /// Puts a file in place, by rename: a reader sees the whole of it or nothing.
    pub fn put(&self, name: &str, pieces: &[&[u8]]) -> Result<PathBuf> {
        // Threads of one process write at the same time.
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let (path, temporary) = (self.file(name), self.file(&format!(".{name}-{}-{number}.part", std::process::id())));
        let written = write(&temporary, pieces).and_then(|()| fs::rename(&temporary, &path));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written.with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Removes a file, if it is there.
    pub fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.file(name));
    }
}

fn write(path: &Path, pieces: &[&[u8]]) -> io::Result<()> {
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    pieces.iter().try_for_each(|piece| file.write_all(piece))?;
    file.sync_all()
}
