//! Compiled artifacts, named by what they were compiled from and for.
//!
//! An artifact is code: loading one that somebody else wrote is running it. So the [folder](Folder) belongs to
//! the server's user and is closed to others, the file carries a checksum, and what is mapped is a
//! copy of it without a name (`artifact.rs`).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::artifact::Artifact;
use crate::engine::{Engine, Purpose};
use crate::folder::Folder;
use crate::source::hex;

const MAGIC: &[u8] = b"prosody-wasm artifact 1\n";
/// A sha256 in hex.
const HASH: usize = 64;
/// The largest file that is written or read: an artifact is a few times the size of its component.
pub const LARGEST: u64 = 512 << 20;
const HEAD: usize = MAGIC.len() + HASH;
/// Bytes that are looked at at once: what the processor has at hand need not be fetched again.
const PIECE: usize = 64 * 1024;

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
    pub fn get(&self, component: &str) -> Option<Artifact> {
        let (file, length) = self.folder.open_file(&self.name(component))?;
        let length = length.checked_sub(HEAD as u64).filter(|_| length <= LARGEST)?;
        let (artifact, is_sound) =
            self.copy_aside(component, &file, length).or_else(|_| self.read(component, &file, length)).ok()?;
        is_sound.then_some(artifact)
    }

    /// Is there one? Reads it: a damaged one counts as none.
    pub fn has(&self, component: &str) -> bool {
        let found = self.folder.open_file(&self.name(component));
        found.is_some_and(|(file, length)| self.check(component, &file, length, io::sink()).unwrap_or(false))
    }

    fn copy_aside(&self, component: &str, file: &File, length: u64) -> io::Result<(Artifact, bool)> {
        let copy = self.folder.nameless(length)?;
        let is_sound = self.check(component, file, length, &copy)?;
        Ok((Artifact::Nameless(copy), is_sound))
    }

    fn read(&self, component: &str, file: &File, length: u64) -> io::Result<(Artifact, bool)> {
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(usize::try_from(length).map_err(io::Error::other)?)?;
        let is_sound = self.check(component, file, length, &mut bytes)?;
        Ok((Artifact::InMemory(bytes), is_sound))
    }

    /// Copies so much code at most to `place`, and says whether that is what was sealed.
    fn check(&self, component: &str, mut file: &File, most: u64, mut place: impl Write) -> io::Result<bool> {
        let mut head = [0; HEAD];
        file.seek(SeekFrom::Start(0))?;
        file.read_exact(&mut head)?;
        let (mut code, mut digest, mut piece) = (file.take(most), self.begin_seal(component), vec![0; PIECE]);
        loop {
            match code.read(&mut piece)? {
                0 => return Ok(head.strip_prefix(MAGIC) == Some(hex(digest).as_bytes())),
                length => {
                    let piece = piece.get(..length).unwrap_or_default();
                    digest.update(piece);
                    place.write_all(piece)?;
                }
            }
        }
    }

    /// Puts an artifact in place.
    pub fn put(&self, component: &str, artifact: &[u8]) -> Result<PathBuf> {
        let seal = hex(self.begin_seal(component).chain_update(artifact));
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
    fn begin_seal(&self, component: &str) -> Sha256 {
        Sha256::new_with_prefix(format!("{component} {}\n", Engine::key(self.purpose)))
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
        assert!(cache.get("a").is_none());
        let path = cache.put("a", b"code").unwrap();
        assert_eq!(cache.get("a").unwrap().into_bytes().unwrap(), b"code");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let bytes = fs::read(&path).unwrap();
        fs::copy(&path, cache.path("b")).unwrap();
        assert!(!cache.has("b"), "the artifact of another component");
        for length in 0..bytes.len() {
            fs::write(&path, &bytes[..length]).unwrap();
            assert!(!cache.has("a") && cache.get("a").is_none(), "{length}");
        }
        fs::write(&path, [&bytes[..], b"!"].concat()).unwrap();
        assert!(!cache.has("a"));
        // Mostly holes, so it takes no room here; its copy would.
        File::options().write(true).open(&path).unwrap().set_len(LARGEST + 1).unwrap();
        assert!(cache.get("a").is_none());
        for (position, bit) in (0..bytes.len()).flat_map(|position| (0..8).map(move |bit| (position, bit))) {
            let mut flipped = bytes.clone();
            flipped[position] ^= 1 << bit;
            fs::write(&path, &flipped).unwrap();
            assert!(!cache.has("a") && cache.get("a").is_none(), "bit {bit} of byte {position}");
        }
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        assert!(Cache::open(&folder, Purpose::Server).is_err());
        fs::remove_dir_all(&folder).unwrap();
    }

    /// Whoever spoils what is in the cache does not reach what was taken out of it.
    #[test]
    fn a_copy_has_no_name() {
        let folder = std::env::temp_dir().join(format!("nameless-{}", std::process::id()));
        let cache = Cache::open(&folder, Purpose::Server).unwrap();
        let code: Vec<u8> = (0..3 * PIECE + 1).map(|number| number as u8).collect();
        let path = cache.put("a", &code).unwrap();
        let artifact = cache.get("a").unwrap();
        fs::write(&path, b"spoilt").unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        // Not every file system knows them.
        match &artifact {
            Artifact::Nameless(file) => {
                let metadata = file.metadata().unwrap();
                assert_eq!((metadata.nlink(), metadata.mode() & 0o777), (0, 0o400));
            }
            Artifact::InMemory(_) => assert!(cache.folder.nameless(1).is_err()),
        }
        assert!(artifact.into_bytes().unwrap() == code);
        fs::remove_dir_all(&folder).unwrap();
    }
}
