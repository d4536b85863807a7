//! What the program does to itself before it touches a component that somebody else made.

use std::fs::read_dir;

use anyhow::{Context, Result};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;
use prosody_wasm_runtime::cache::LARGEST;

/// Processor time in seconds, also for a policy of 20 MB.
const PROCESSOR_SECONDS: u64 = 120;
/// Address space: the largest policies known (CPython) compile in a quarter of it.
const ADDRESS_SPACE: u64 = 8 << 30;

/// Confines this process. Lower limits that are set already stay.
pub fn confine() -> Result<()> {
    let limits = [
        (Resource::RLIMIT_CPU, PROCESSOR_SECONDS),
        (Resource::RLIMIT_AS, ADDRESS_SPACE),
        (Resource::RLIMIT_FSIZE, LARGEST),
        (Resource::RLIMIT_CORE, 0),
    ];
    for (resource, limit) in limits {
        let (soft, hard) = getrlimit(resource).context("cannot read the limits of this process")?;
        setrlimit(resource, soft.min(limit), hard.min(limit)).context("cannot limit this process")?;
    }
    Ok(())
}

/// Lets go of the server that started this process: its sockets and logs stay open in a child unless the child
/// closes them, and would outlive the server. Ends with it, too.
pub fn let_go() -> Result<()> {
    set_pdeathsig(Signal::SIGKILL).context("cannot tie this process to the server")?;
    let open: Vec<i32> = read_dir("/proc/self/fd")
        .context("cannot see the open files of this process")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    for descriptor in open.into_iter().filter(|descriptor| *descriptor > 2) {
        // One of them was the folder that has just been read.
        let _ = nix::unistd::close(descriptor);
    }
    Ok(())
}
