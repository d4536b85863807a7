//! Compiled artifacts, named by what they were compiled from and for.
//!
//! An artifact is code: loading one that somebody else wrote is running it. So the folder must belong to
//! the server's user and be closed to others, the file carries a checksum, and it is read into memory
//! rather than mapped (a mapped file that is overwritten kills the process).

use std::fs::{self, DirBuilder, Metadata, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use nix::fcntl::OFlag;

use crate::engine::{Engine, Purpose};
use crate::source::sha256;

const MAGIC: &[u8] = b"prosody-wasm artifact 1\n";
/// A sha256 in hex.
const HASH: usize = 64;

/// A folder of artifacts for one purpose.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
    purpose: Purpose,
}

impl Cache {
    /// The cache in `folder`, which is made if it is not there (mode 0700).
    pub fn open(folder: &Path, purpose: Purpose) -> Result<Self> {
        if !folder.exists() {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.with_context(|| format!("cannot make the cache folder {}", folder.display()))?;
        }
        let metadata =
            fs::metadata(folder).with_context(|| format!("cannot use the cache folder {}", folder.display()))?;
        ensure!(metadata.is_dir(), "the cache {} is not a folder", folder.display());
        ensure!(
            metadata.uid() == nix::unistd::geteuid().as_raw() && metadata.mode() & 0o022 == 0,
            "others can write to the cache folder {}: it must belong to the server's user, with mode 0700",
            folder.display()
        );
        Ok(Self { folder: folder.to_owned(), purpose })
    }

    /// Where the artifact of this component is, or would be.
    pub fn path(&self, component: &str) -> PathBuf {
        self.folder.join(format!("{component}-{}.cwasm", Engine::key(self.purpose)))
    }

    /// The artifact of this component, if there is a sound one.
    pub fn get(&self, component: &str) -> Option<Vec<u8>> {
        // Not through a link, and without waiting for the other end of a pipe.
        let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
        let mut file = OpenOptions::new().read(true).custom_flags(flags.bits()).open(self.path(component)).ok()?;
        let mut bytes = Vec::new();
        file.metadata().ok().filter(Metadata::is_file)?;
        file.read_to_end(&mut bytes).ok()?;
        let (seal, artifact) = bytes.strip_prefix(MAGIC)?.split_at_checked(HASH)?;
        (seal == self.seal(component, artifact).as_bytes()).then(|| artifact.to_vec())
    }

    /// Is there one? Reads it: a damaged one counts as none.
    pub fn has(&self, component: &str) -> bool {
        self.get(component).is_some()
    }

    /// Puts an artifact in place, by rename: a reader sees the whole of it or nothing.
    pub fn put(&self, component: &str, artifact: &[u8]) -> Result<PathBuf> {
        let path = self.path(component);
        let temporary = self.folder.join(format!(".{component}-{}.part", std::process::id()));
        let seal = self.seal(component, artifact);
        let written = write(&temporary, &seal, artifact).and_then(|()| fs::rename(&temporary, &path));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
        written.with_context(|| format!("cannot write the artifact {}", path.display()))?;
        Ok(path)
    }

    /// Removes an artifact that turned out not to load, so that it is compiled again.
    pub fn remove(&self, component: &str) {
        let _ = fs::remove_file(self.path(component));
    }

    /// Binds the code to the component it was made from: an artifact under another's name is none.
    fn seal(&self, component: &str, artifact: &[u8]) -> String {
        let name = format!("{component} {}\n", Engine::key(self.purpose));
        sha256(&[name.as_bytes(), artifact].concat())
    }
}

fn write(path: &Path, seal: &str, artifact: &[u8]) -> std::io::Result<()> {
    let _ = fs::remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(MAGIC)?;
    file.write_all(seal.as_bytes())?;
    file.write_all(artifact)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn keeps_and_checks() {
        let folder = std::env::temp_dir().join(format!("cache-{}", std::process::id()));
        let cache = Cache::open(&folder, Purpose::Server).unwrap();
        assert_eq!(cache.get("a"), None);
        let path = cache.put("a", b"code").unwrap();
        assert_eq!(cache.get("a").as_deref(), Some(&b"code"[..]));
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let bytes = fs::read(&path).unwrap();
        fs::copy(&path, cache.path("b")).unwrap();
        assert!(!cache.has("b"), "the artifact of another component");
        for length in 0..bytes.len() {
            fs::write(&path, &bytes[..length]).unwrap();
            assert!(!cache.has("a"), "{length}");
        }
        fs::write(&path, [&bytes[..], b"!"].concat()).unwrap();
        assert!(!cache.has("a"));
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(Cache::open(&folder, Purpose::Server).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
