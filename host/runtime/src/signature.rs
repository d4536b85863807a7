//! Signatures of components, in the format of minisign: `NAME.wasm.minisig` beside `NAME.wasm`.
//!
//! Who signed is decided before anything is compiled, and each time a component is read: an artifact in the cache
//! says nothing about that. What the signer stated about the component, its [`Statement`], is compared with what it
//! really is once it is loaded.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minisign_verify::{Error, PublicKey, Signature};

use crate::source::{self, Source};
use crate::statement::Statement;

/// Bytes of a signature's file. minisign's own comments have at most 8 KiB.
const LARGEST: u64 = 16 * 1024;
/// Keys of a host.
const MOST_KEYS: usize = 32;

/// Whose signatures count, as the operator writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// Public keys of minisign: `RW…`.
    pub keys: Vec<String>,
    /// Must every policy be signed?
    pub is_required: bool,
}

/// A signature that was found beside a component.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its file.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

impl Found {
    /// The signature of a component, if there is one. Where several policies are kept that are one component, each has its own:
    /// a signature says for which it is.
    pub fn beside(component: &Path, policy: &str) -> Result<Option<Self>> {
        let places = [path_for(component, policy), path_of(component)];
        let Some(path) = places.into_iter().find(|path| path.symlink_metadata().is_ok()) else { return Ok(None) };
        let unreadable = || format!("cannot read the signature {}", path.display());
        let bytes = source::read(&path, LARGEST, "it is larger than 16 KiB").with_context(unreadable)?;
        let text =
            String::from_utf8(bytes).ok().context("it is not a signature of minisign").with_context(unreadable)?;
        Ok(Some(Self { path, text }))
    }
}

/// Where it is for one of several policies.
pub fn path_for(component: &Path, policy: &str) -> PathBuf {
    let mut path = OsString::from(component);
    path.push(format!(".{policy}.minisig"));
    path.into()
}

/// Where the signature of a component is.
pub fn path_of(component: &Path) -> PathBuf {
    let mut path = OsString::from(component);
    path.push(".minisig");
    path.into()
}

impl Trust {
    /// Is there anything to check?
    pub fn is_used(&self) -> bool {
        self.is_required || !self.keys.is_empty()
    }

    /// Checks the signature beside a component. `None` when there is nothing to check.
    ///
    /// # Errors
    /// When it is not signed and must be, or not by one of the keys, or was changed after that.
    pub fn check(&self, source: &Source, found: Option<&Found>) -> Result<Option<Statement>> {
        if !self.is_used() {
            return Ok(None);
        }
        let keys = self.read_keys()?;
        let name = source.path.display();
        match found {
            None if !self.is_required => Ok(None),
            None => bail!(
                "{name} is not signed, and wasm_require_signatures is true: put its signature into {}, or sign it with \
                 `prosody-wasm sign`",
                path_of(&source.path).display()
            ),
            Some(found) => verify(&keys, source, found).map(Some),
        }
    }

    fn read_keys(&self) -> Result<Vec<PublicKey>> {
        ensure!(
            !self.keys.is_empty(),
            "signatures are required, and no key is trusted: name the public keys in wasm_trusted_keys, like {{ \"RW…\" }}"
        );
        ensure!(self.keys.len() <= MOST_KEYS, "wasm_trusted_keys has more than {MOST_KEYS} keys");
        self.keys.iter().map(|key| read_key(key)).collect()
    }
}

fn read_key(key: &str) -> Result<PublicKey> {
    PublicKey::from_base64(key.trim()).map_err(|_| {
        let shown: String = key.chars().filter(|letter| !letter.is_control()).take(60).collect();
        anyhow!(
            "wasm_trusted_keys has \"{shown}\", which is no public key: it is the second line of a .pub file, \"RW…\""
        )
    })
}

/// The statement of a signature by one of these keys.
fn verify(keys: &[PublicKey], source: &Source, found: &Found) -> Result<Statement> {
    let (component, path) = (source.path.display(), found.path.display());
    let signature =
        Signature::decode(&found.text).map_err(|error| anyhow!("{path} is not a signature of minisign: {error}"))?;
    for key in keys {
        match key.verify(&source.bytes, &signature, false) {
            Ok(()) => return Statement::read(signature.trusted_comment()).with_context(|| format!("{path} is sound")),
            Err(Error::UnexpectedKeyId) => {}
            Err(Error::UnexpectedAlgorithm) => bail!("{path} has the old format of minisign: sign it anew"),
            Err(_) => bail!(
                "{path} is not the signature of {component}: one of the two was changed or exchanged since it was signed. \
                 Fetch both again, or sign it anew"
            ),
        }
    }
    let by = key_id(&found.text).map(|id| format!(" {id}")).unwrap_or_default();
    bail!(
        "{component} is signed with the key{by}, which is not among wasm_trusted_keys: add its public key if you trust it"
    )
}

/// The name that minisign shows for a key, as it is in a signature.
fn key_id(signature: &str) -> Option<String> {
    let bytes = STANDARD.decode(signature.lines().nth(1)?).ok()?;
    let id = bytes.get(2..10)?.try_into().ok()?;
    Some(format!("{:016X}", u64::from_le_bytes(id)))
}

#[cfg(test)]
mod tests;
