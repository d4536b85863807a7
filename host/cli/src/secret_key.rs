//! Reading a secret key, of `prosody-wasm key new` or of minisign.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use minisign::{SecretKey, SecretKeyBox};

use crate::passphrase;

/// Algorithms, salt and cost of the password; then the number of the key, the key, and a checksum.
const LENGTH: usize = 158;
const NUMBER: usize = 54;
const CHECKSUM: usize = 126;

/// The key in a file; asks for its password if it has one.
pub fn read(path: &Path, password_file: Option<&Path>) -> Result<SecretKey> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read the key {}", path.display()))?;
    let bytes = text.lines().nth(1).and_then(|line| STANDARD.decode(line).ok()).unwrap_or_default();
    ensure!(bytes.len() == LENGTH, "{} is no secret key of minisign", path.display());
    let key = match &bytes[2..4] {
        [0, 0] => SecretKey::from_bytes(&with_checksum(bytes)),
        _ => {
            let password = passphrase::known(password_file)?;
            SecretKeyBox::from_string(&text).and_then(|key| key.into_secret_key(Some(password)))
        }
    };
    key.map_err(|error| anyhow!("{}: {error}", path.display()))
}

/// minisign itself writes none beside a key without a password, and the library asks for one.
fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = Blake2b::<U32>::new().chain_update(&bytes[..2]).chain_update(&bytes[NUMBER..CHECKSUM]).finalize();
    bytes.splice(CHECKSUM.., checksum);
    bytes
}
