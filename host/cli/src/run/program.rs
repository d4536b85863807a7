//! The Prosody that is run: the installed one, or one that was only unpacked.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, ensure};

use super::configuration::FILE;
use super::tied;

/// Where a Prosody is.
pub enum Program {
    /// A program that knows where its parts are.
    Installed(PathBuf),
    /// A folder with `usr/bin/prosody` in it, and the other parts.
    Unpacked(PathBuf),
}

impl Program {
    /// The unpacked one, if it is named, else that in `PATH`.
    pub fn find(unpacked: Option<&Path>) -> Result<Self> {
        if let Some(folder) = unpacked {
            let folder = folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))?;
            let program = folder.join("usr/bin/prosody");
            ensure!(program.is_file(), "there is no Prosody in {}: no {}", folder.display(), program.display());
            return Ok(Self::Unpacked(folder));
        }
        let places = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&places).map(|folder| folder.join("prosody")).find(|file| file.is_file());
        let missing =
            "there is no Prosody: install it (apt-get install prosody), or name an unpacked one with --prosody";
        found.map(Self::Installed).context(missing)
    }

    /// Starts it with the configuration in this folder.
    pub fn start(&self, folder: &Path) -> Result<Child> {
        let mut command = match self {
            Self::Installed(program) => tied::command(program)?,
            Self::Unpacked(package) => {
                let mut command = tied::command(&adapted(package, folder)?)?;
                libraries(package).map(|folder| command.env("LD_LIBRARY_PATH", folder));
                command
            }
        };
        command.args(["-F", "--config"]).arg(folder.join(FILE)).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start Prosody")
    }
}

/// The program names its folders in its first lines; nothing in the environment overrides them.
fn adapted(package: &Path, folder: &Path) -> Result<PathBuf> {
    let original = package.join("usr/bin/prosody");
    let text = std::fs::read_to_string(&original).with_context(|| format!("cannot read {}", original.display()))?;
    let parts = package.join("usr/lib/prosody");
    let places =
        [("CFG_SOURCEDIR=", parts.display().to_string()), ("CFG_PLUGINDIR=", format!("{}/modules/", parts.display()))];
    let lines = text.lines().map(|line| match places.iter().find(|(variable, _)| line.starts_with(variable)) {
        Some((variable, place)) => format!("{variable}'{place}';\n"),
        None => format!("{line}\n"),
    });
    let program = folder.join("prosody");
    std::fs::write(&program, lines.collect::<String>())?;
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o700))?;
    Ok(program)
}

/// Shared libraries that were unpacked with it.
fn libraries(package: &Path) -> Option<PathBuf> {
    let mut entries = package.join("usr/lib").read_dir().ok()?.flatten();
    entries.find(|entry| entry.file_name().to_string_lossy().contains("-linux-")).map(|entry| entry.path())
}
