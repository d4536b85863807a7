//! Compiling in a child process: the server has no compiler, and a hostile component meets it elsewhere.
//!
//! The child is `prosody-wasm compile`, which limits its own processor time, memory and file size; this
//! side limits its time by the clock. Nothing here blocks.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use crate::source::Source;

/// Bytes of the child's last words that are kept.
const LAST_WORDS: u64 = 4_096;

/// A compilation under way. Dropping it ends the child.
#[derive(Debug)]
pub struct Compilation {
    child: Child,
    deadline: Instant,
    seconds: u64,
}

/// The right to compile an artifact, of which there is one in a process: hosts share their cache.
pub struct Claim {
    artifact: PathBuf,
}

static CLAIMED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

impl Claim {
    /// `None` when another thread has it.
    pub fn on(artifact: PathBuf) -> Option<Self> {
        let mut claimed = CLAIMED.lock().unwrap_or_else(PoisonError::into_inner);
        // Not `then_some`: a claim that nobody gets would be dropped here, and its drop waits for this lock.
        claimed.insert(artifact.clone()).then(|| Self { artifact })
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        CLAIMED.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.artifact);
    }
}

/// How a compilation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The child works.
    Running,
    /// The child ended well: the artifact should be in the cache.
    Done,
}

impl Compilation {
    /// Starts the child. `compiler` is the path or name of `prosody-wasm`.
    pub fn start(compiler: &str, source: &Source, cache: &Path, seconds: u64) -> Result<Self> {
        let child = Command::new(compiler)
            .arg("compile")
            .arg(&source.path)
            .arg("--cache")
            .arg(cache)
            .args(["--expect-sha256", &source.sha256, "--child"])
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| {
                format!("cannot start the compiler {compiler}; is prosody-wasm installed? (option wasm_compiler)")
            })?;
        Ok(Self { child, deadline: Instant::now() + Duration::from_secs(seconds), seconds })
    }

    /// Looks at the child without waiting for it.
    pub fn poll(&mut self) -> Result<Progress> {
        match self.child.try_wait() {
            Ok(None) if Instant::now() < self.deadline => Ok(Progress::Running),
            Ok(None) => {
                self.end();
                Err(anyhow!(
                    "compiling took longer than {} s and was ended (option wasm_compile_seconds)",
                    self.seconds
                ))
            }
            Ok(Some(status)) if status.success() => Ok(Progress::Done),
            Ok(Some(status)) => Err(self.failure(status)),
            // The server reaps children itself: whether this one did its work is seen in the cache.
            Err(_) => Ok(Progress::Done),
        }
    }

    fn failure(&mut self, status: ExitStatus) -> anyhow::Error {
        let mut words = Vec::new();
        if let Some(stderr) = self.child.stderr.take() {
            let _ = stderr.take(LAST_WORDS).read_to_end(&mut words);
        }
        let words = String::from_utf8_lossy(&words);
        match words.trim().lines().next_back() {
            Some(line) => anyhow!("{}", line.trim_start_matches("prosody-wasm: ").escape_debug()),
            None => anyhow!("the compiler was ended ({status}); too little memory, processor time or file size?"),
        }
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Compilation {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, seconds: u64) -> Result<Progress> {
        let child = Command::new("sh").args(["-c", script]).stderr(Stdio::piped()).spawn().unwrap();
        let deadline = Instant::now() + Duration::from_secs(seconds);
        let mut compilation = Compilation { child, deadline, seconds };
        loop {
            match compilation.poll() {
                Ok(Progress::Running) => std::thread::sleep(Duration::from_millis(5)),
                end => return end,
            }
        }
    }

    #[test]
    fn ends() {
        assert_eq!(run("exit 0", 60).unwrap(), Progress::Done);
        for (script, seconds, expected) in [
            ("echo 'prosody-wasm: no such world' >&2; exit 1", 60, "no such world"),
            ("kill -9 $$", 60, "the compiler was ended (signal: 9"),
            ("sleep 60", 0, "longer than 0 s"),
        ] {
            let error = run(script, seconds).unwrap_err().to_string();
            assert!(error.starts_with(expected) || error.contains(expected), "{error}");
        }
    }

    #[test]
    fn one_has_the_claim() {
        let artifact = PathBuf::from("/claimed/by/one");
        let claim = Claim::on(artifact.clone());
        assert!(claim.is_some() && Claim::on(artifact.clone()).is_none());
        assert!(Claim::on(artifact.clone()).is_none(), "whoever did not get it gave nothing back");
        drop(claim);
        assert!(Claim::on(artifact).is_some());
    }

    #[test]
    fn a_missing_compiler_is_an_error() {
        let source = Source { path: "/x.wasm".into(), bytes: Vec::new(), sha256: String::new() };
        let error = Compilation::start("/nonexistent/prosody-wasm", &source, Path::new("/tmp"), 1).unwrap_err();
        assert!(format!("{error:#}").contains("wasm_compiler"), "{error:#}");
    }
}
