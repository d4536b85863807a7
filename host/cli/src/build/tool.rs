//! The programs that other languages bring.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The program of this name, if it can be found as a shell would find it.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Runs a program in a folder. What it says is shown when it fails, and not else.
pub fn run(program: &Path, folder: &Path, arguments: &[&OsStr]) -> Result<()> {
    let output = Command::new(program).args(arguments).current_dir(folder.join(".")).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("cannot start {}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    bail!(
        "{} could not build the policy ({}):\n{}",
        name(program),
        output.status,
        shortened(&String::from_utf8_lossy(&said))
    )
}

/// Where the tools put what they make, in the project's folder.
pub const MADE: &str = "build/made.wasm";

/// What a tool made. Only the component that comes of it stays in the folder.
pub fn take(folder: &Path) -> Result<Vec<u8>> {
    let made = folder.join(MADE);
    let bytes = std::fs::read(&made).with_context(|| format!("cannot read {}", made.display()))?;
    std::fs::remove_file(&made).with_context(|| format!("cannot remove {}", made.display()))?;
    Ok(bytes)
}

fn name(program: &Path) -> String {
    program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned()
}

/// Without the tool's own insides: both that are written in Rust end with a backtrace of themselves.
fn shortened(said: &str) -> &str {
    said.split("Stack backtrace:").next().unwrap_or(said).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_failed() {
        let shell = on_path("sh").unwrap();
        let script = "echo 'policy.x:3: no such thing'; echo 'Stack backtrace:'; echo '   0: insides'; exit 3";
        let error = run(&shell, Path::new(""), &[OsStr::new("-c"), OsStr::new(script)]).unwrap_err().to_string();
        assert!(error.contains("policy.x:3: no such thing") && error.contains("exit status: 3"), "{error}");
        assert!(!error.contains("insides"), "{error}");
        assert!(on_path("no-such-program-anywhere").is_none());
    }
}
