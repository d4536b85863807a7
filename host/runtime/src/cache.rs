//! Compiled artifacts, named by what they were compiled from and for.
//!
//! An artifact is code: loading one that somebody else wrote is running it. So the [folder](Folder) belongs to
//! the server's user and is closed to others, the file carries a checksum, and it is read into memory rather
//! than mapped (a mapped file that is overwritten kills the process).

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::engine::{Engine, Purpose};
use crate::folder::Folder;
use crate::source::sha256_of;

const MAGIC: &[u8] = b"prosody-wasm artifact 1\n";
/// A sha256 in hex.
const HASH: usize = 64;

/// A folder of artifacts for one purpose.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: Folder,
    purpose: Purpose,
}

impl Cache {
    /// The cache in `folder`, which is made if it is not there (mode 0700).
    pub fn open(folder: &Path, purpose: Purpose) -> Result<Self> {
        Ok(Self { folder: Folder::open(folder, "cache")?, purpose })
    }

    /// Where the artifact of this component is, or would be.
    pub fn path(&self, component: &str) -> PathBuf {
        self.folder.file(&self.name(component))
    }

    /// The artifact of this component, if there is a sound one.
    pub fn get(&self, component: &str) -> Option<Vec<u8>> {
        let bytes = self.folder.get(&self.name(component))?;
        let (seal, artifact) = bytes.strip_prefix(MAGIC)?.split_at_checked(HASH)?;
        (seal == self.seal(component, artifact).as_bytes()).then(|| artifact.to_vec())
    }

    /// Is there one? Reads it: a damaged one counts as none.
    pub fn has(&self, component: &str) -> bool {
        self.get(component).is_some()
    }

    /// Puts an artifact in place.
    pub fn put(&self, component: &str, artifact: &[u8]) -> Result<PathBuf> {
        let seal = self.seal(component, artifact);
        self.folder.put(&self.name(component), &[MAGIC, seal.as_bytes(), artifact])
    }

    /// Removes an artifact that turned out not to load, so that it is compiled again.
    pub fn remove(&self, component: &str) {
        self.folder.remove(&self.name(component));
    }

    fn name(&self, component: &str) -> String {
        format!("{component}-{}.cwasm", Engine::key(self.purpose))
    }

    /// Binds the code to the component it was made from: an artifact under another's name is none.
    fn seal(&self, component: &str, artifact: &[u8]) -> String {
        let name = format!("{component} {}\n", Engine::key(self.purpose));
        sha256_of(&[name.as_bytes(), artifact])
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

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
        for (position, bit) in (0..bytes.len()).flat_map(|position| (0..8).map(move |bit| (position, bit))) {
            let mut flipped = bytes.clone();
            flipped[position] ^= 1 << bit;
            fs::write(&path, &flipped).unwrap();
            assert!(!cache.has("a"), "bit {bit} of byte {position}");
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(Cache::open(&folder, Purpose::Server).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }
}
