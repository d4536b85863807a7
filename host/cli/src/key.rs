//! `key`: a pair of keys for signatures, in the files of minisign.

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{Args, Subcommand};
use minisign::KeyPair;

use crate::{passphrase, print};

/// Make keys for signatures of policies
#[derive(Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a pair of keys: NAME.key to sign with, which stays secret, and NAME.pub for everybody
    New(New),
}

#[derive(Args)]
struct New {
    /// Where: NAME.key and NAME.pub
    name: PathBuf,
    /// Do not protect the secret key by a password: for machines
    #[arg(long)]
    no_password: bool,
    /// Take the password from the first line of a file
    #[arg(long, value_name = "FILE", conflicts_with = "no_password")]
    password_file: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    let Command::New(new) = &arguments.command;
    let (secret, public) = (beside(&new.name, "key"), beside(&new.name, "pub"));
    for path in [&secret, &public] {
        ensure!(!path.exists(), "{} is there already: a key that is lost cannot be made again", path.display());
    }
    let pair = pair(new)?;
    let comment = format!("secret key of {}", new.name.display());
    write(&secret, 0o600, &pair.sk.to_box(Some(&comment))?.to_bytes())?;
    write(&public, 0o644, &pair.pk.to_box()?.to_bytes())?;
    print::line(&format!("{}: keep it secret, and a copy of it safe", secret.display()));
    print::line(&format!("{}: give it to those who run your policies; they write", public.display()));
    print::line(&format!("  wasm_trusted_keys = {{ \"{}\" }}", pair.pk.to_base64()));
    Ok(true)
}

fn pair(new: &New) -> Result<KeyPair> {
    if new.no_password {
        return Ok(KeyPair::generate_unencrypted_keypair()?);
    }
    let password = passphrase::chosen(new.password_file.as_deref())?;
    Ok(KeyPair::generate_encrypted_keypair(Some(password))?)
}

/// A name may have dots of its own.
fn beside(name: &Path, ending: &str) -> PathBuf {
    let mut path = name.as_os_str().to_owned();
    path.push(".");
    path.push(ending);
    path.into()
}

fn write(path: &Path, mode: u32, bytes: &[u8]) -> Result<()> {
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let written = file.and_then(|mut file| file.write_all(bytes));
    written.with_context(|| format!("cannot write {}", path.display()))
}
