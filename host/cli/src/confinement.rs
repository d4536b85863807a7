//! Limits that the program sets itself before it touches a component that somebody else made.

use anyhow::{Context, Result};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Processor time in seconds, also for a policy of 20 MB.
const PROCESSOR_SECONDS: u64 = 120;
/// Address space: the largest policies known (CPython) compile in a quarter of it.
const ADDRESS_SPACE: u64 = 8 << 30;
/// The largest file that may be written: an artifact is a few times the size of its component.
const FILE_SIZE: u64 = 512 << 20;

/// Confines this process. Lower limits that are set already stay.
pub fn confine() -> Result<()> {
    let limits = [
        (Resource::RLIMIT_CPU, PROCESSOR_SECONDS),
        (Resource::RLIMIT_AS, ADDRESS_SPACE),
        (Resource::RLIMIT_FSIZE, FILE_SIZE),
        (Resource::RLIMIT_CORE, 0),
    ];
    for (resource, limit) in limits {
        let (soft, hard) = getrlimit(resource).context("cannot read the limits of this process")?;
        setrlimit(resource, soft.min(limit), hard.min(limit)).context("cannot limit this process")?;
    }
    Ok(())
}
