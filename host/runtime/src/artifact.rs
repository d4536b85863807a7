//! Compiled code on its way from the cache into the process.
//!
//! Mapped from a file, code takes memory only where it is looked at, and the kernel may take that back. But a mapped file that is
//! truncated kills the process, and one that is overwritten changes its code. So what is mapped is a copy that never has
//! a name: nobody can open it but through this process, which only its user and root may look into, and its user not to write.
//!
//! Nobody waits until the copy is on the disk: it need not outlive the process. One in memory (`memfd_create`) would be no gain: there
//! is nowhere else to which the kernel could put it.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::os::fd::AsRawFd;
use std::path::PathBuf;

/// Code whose seal was checked.
#[derive(Debug)]
pub enum Artifact {
    /// In a file without a name.
    Nameless(File),
    /// Where there can be no such file: the disk is full or the file system knows none, or the process may not write so much.
    InMemory(Vec<u8>),
}

impl Artifact {
    /// The path by which this process, and no other, maps a file without a name.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        match self {
            Self::Nameless(file) => Some(format!("/proc/self/fd/{}", file.as_raw_fd()).into()),
            Self::InMemory(_) => None,
        }
    }

    /// The code itself, for when it must not be executed where its file is.
    pub fn into_bytes(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Nameless(mut file) => {
                let mut bytes = Vec::new();
                file.rewind()?;
                file.read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            Self::InMemory(bytes) => Ok(bytes),
        }
    }
}

impl From<Vec<u8>> for Artifact {
    fn from(bytes: Vec<u8>) -> Self {
        Self::InMemory(bytes)
    }
}
