//! What a signer states about a component, in the comment that minisign signs with it.
//!
//! A signature alone says that somebody signed some file. The statement says which policy it is and what it may do,
//! for people to read and for the host to compare: a sound `carbons` in the place of `e2ee` would judge nothing.

use std::fmt;

use anyhow::{Context, Result, ensure};

use crate::source::Source;
use crate::surface::Surface;

const HEAD: &str = "prosody-wasm";
/// No policy of this host has as many letters in its name, or words in its list.
const LONGEST: usize = 4_096;

/// The policy, the version of the contract, the permissions and the hash of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The name under which an operator runs it.
    pub policy: String,
    /// The version of the WIT package.
    pub wit: String,
    /// What it imports.
    pub permissions: Vec<String>,
    /// The sha256 of the component, in hex.
    pub sha256: String,
}

impl Statement {
    /// What is true of this component.
    pub fn of(policy: &str, source: &Source, surface: &Surface) -> Self {
        let permissions = surface.permissions.iter().map(|permission| permission.name().to_owned()).collect();
        Self { policy: policy.to_owned(), wit: surface.wit.clone(), permissions, sha256: source.sha256.clone() }
    }

    /// Reads a trusted comment.
    pub fn read(comment: &str) -> Result<Self> {
        let unknown = "but its trusted comment does not say which policy it is for: sign with `prosody-wasm sign`, or with \
                       minisign and the comment that `prosody-wasm sign --comment` prints";
        ensure!(comment.len() <= LONGEST, unknown);
        let mut words = comment.split_ascii_whitespace();
        ensure!(words.next() == Some(HEAD), unknown);
        let words: Vec<(&str, &str)> = words.filter_map(|word| word.split_once('=')).collect();
        let value = |name: &str| {
            let mut values = words.iter().filter(|(key, _)| *key == name).map(|(_, value)| *value);
            // Two of one name would be read by people one way and here another.
            values.next().filter(|_| values.next().is_none()).context(unknown)
        };
        let permissions = value("permissions")?.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(Self {
            policy: value("policy")?.to_owned(),
            wit: value("wit")?.to_owned(),
            permissions,
            sha256: value("sha256")?.to_owned(),
        })
    }

    /// Is it about the policy of this name, and about this file?
    pub fn check_file(&self, policy: &str, source: &Source) -> Result<()> {
        let shown = |text: &str| text.chars().filter(|letter| !letter.is_control()).take(60).collect::<String>();
        ensure!(
            self.policy == policy,
            "{} is signed as the policy \"{}\", not as \"{policy}\": name it so in wasm_policies, or sign it for that name",
            source.path.display(),
            shown(&self.policy)
        );
        ensure!(
            self.sha256.eq_ignore_ascii_case(&source.sha256),
            "the trusted comment of the signature of {} names the sha256 {}, which is not the file's",
            source.path.display(),
            shown(&self.sha256)
        );
        Ok(())
    }

    /// Is it true of what was loaded?
    pub fn check_surface(&self, surface: &Surface) -> Result<()> {
        let real: Vec<&str> = surface.permissions.iter().map(|permission| permission.name()).collect();
        let mut stated: Vec<&str> = self.permissions.iter().map(String::as_str).collect();
        let mut sorted = real.clone();
        stated.sort_unstable();
        sorted.sort_unstable();
        ensure!(
            stated == sorted && self.wit == surface.wit,
            "the trusted comment of its signature does not say what it is: it imports {} of WIT {}. Ask whoever signed it",
            real.join(", "),
            surface.wit
        );
        Ok(())
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { policy, wit, permissions, sha256 } = self;
        let permissions = permissions.join(",");
        write!(formatter, "{HEAD} policy={policy} wit={wit} permissions={permissions} sha256={sha256}")
    }
}
