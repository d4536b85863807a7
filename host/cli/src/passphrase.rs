//! The password of a secret key: from a file, or asked for.

use std::path::Path;

use anyhow::{Context, Result, ensure};

/// minisign takes no longer ones.
const LONGEST: usize = 1_024;

/// The password of a key that is there.
pub fn known(file: Option<&Path>) -> Result<String> {
    file.map_or_else(|| ask("Password of the secret key: "), in_file)
}

/// The password of a new key, asked for twice.
pub fn chosen(file: Option<&Path>) -> Result<String> {
    let Some(file) = file else {
        let password = ask("Password for the secret key: ")?;
        ensure!(!password.is_empty(), "a key without a password is made with --no-password");
        ensure!(ask("Once more: ")? == password, "these are two different passwords");
        return Ok(password);
    };
    in_file(file)
}

fn ask(prompt: &str) -> Result<String> {
    rpassword::prompt_password(prompt).context("cannot ask for the password; name a file with --password-file")
}

fn in_file(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let password = text.lines().next().unwrap_or_default();
    ensure!(!password.is_empty(), "the first line of {} is empty", file.display());
    ensure!(password.len() <= LONGEST, "the password in {} is longer than {LONGEST} bytes", file.display());
    Ok(password.to_owned())
}
