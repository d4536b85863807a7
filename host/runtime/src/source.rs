//! A policy's file, read once.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use nix::fcntl::OFlag;
use sha2::{Digest, Sha256};

use crate::limits;

/// The bytes of a component, with the path they came from and their hash.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where they came from.
    pub path: PathBuf,
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The hash of the bytes, in hex.
    pub sha256: String,
}

impl Source {
    /// Reads a file that must be a component, with this hash if one is given.
    pub fn read(path: &Path, expected: Option<&str>) -> Result<Self> {
        let bytes =
            read(path, limits::COMPONENT, TOO_LARGE).with_context(|| format!("cannot read {}", path.display()))?;
        check_kind(&bytes).with_context(|| path.display().to_string())?;
        let sha256 = sha256(&bytes);
        if let Some(expected) = expected {
            ensure!(
                expected.eq_ignore_ascii_case(&sha256),
                "{} has sha256 {sha256}, not the configured {expected}; if you replaced the file, change sha256",
                path.display()
            );
        }
        Ok(Self { path: path.to_owned(), bytes, sha256 })
    }
}

/// The sha256 in hex.
pub fn sha256(bytes: &[u8]) -> String {
    sha256_of(&[bytes])
}

/// The sha256 of the pieces as one, in hex.
pub fn sha256_of(pieces: &[&[u8]]) -> String {
    hex(pieces.iter().fold(Sha256::new(), |digest, piece| digest.chain_update(piece)))
}

/// The hash of all that was put in, in hex.
pub(crate) fn hex(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

const TOO_LARGE: &str = "it is larger than 64 MiB: take out what is only for people, with prosody-wasm strip";

/// A regular file of bounded size: not a pipe, which could block the server, nor a device.
pub(crate) fn read(path: &Path, most: u64, too_large: &str) -> Result<Vec<u8>> {
    // Without waiting for the other end of a pipe.
    let file = OpenOptions::new().read(true).custom_flags(OFlag::O_NONBLOCK.bits()).open(path);
    let file = file.map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow!("there is no such file: correct the path, or build it first"),
        _ => error.into(),
    })?;
    let metadata = file.metadata()?;
    ensure!(metadata.is_file(), "it is not a file: name the component itself");
    // Room for all of it at once, and for a look behind its end: growing would copy it several times.
    let mut bytes = Vec::with_capacity(metadata.len().min(most) as usize + 1);
    file.take(most + 1).read_to_end(&mut bytes)?;
    ensure!(bytes.len() as u64 <= most, "{too_large}");
    Ok(bytes)
}

/// The preamble tells a component from a core module (Component Model, Binary.md).
fn check_kind(bytes: &[u8]) -> Result<()> {
    match bytes {
        [0, b'a', b's', b'm', 0x0d, 0, 1, 0, ..] => Ok(()),
        [0, b'a', b's', b'm', 1, 0, 0, 0, ..] => bail!(
            "this is a core module, not a component: link it with wasm-component-ld, or run `wasm-tools component new`"
        ),
        [0, b'a', b's', b'm', ..] => bail!("this is WebAssembly of a kind that this host does not know"),
        _ => bail!("this is not WebAssembly: give the .wasm file that the build made"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: &str) {
        let path = std::env::temp_dir().join(format!("source-{}-{}", std::process::id(), bytes.len()));
        std::fs::write(&path, bytes).unwrap();
        let error = Source::read(&path, Some(&"0".repeat(64))).unwrap_err();
        std::fs::remove_file(&path).unwrap();
        assert!(format!("{error:#}").contains(expected), "{error:#}");
    }

    #[test]
    fn refusals_name_the_reason() {
        check(b"", "not WebAssembly");
        check(b"\0asm\x01\0\0\0", "core module");
        check(b"\0asm\x0d\0\x01\0x", "has sha256");
        for (path, expected) in [("/nonexistent", "no such file"), ("/tmp", "not a file"), ("/dev/zero", "not a file")]
        {
            let error = Source::read(Path::new(path), None).unwrap_err();
            assert!(format!("{error:#}").contains(expected), "{error:#}");
        }
    }
}
