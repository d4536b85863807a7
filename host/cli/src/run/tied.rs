//! A program that ends with this one, even when this one is killed: the kernel sees to that, but only whoever is
//! about to become the program can ask it to.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;

/// Become a program that ends with whoever started it
#[derive(Args)]
pub struct Arguments {
    /// The program, and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

/// Starts a program through [`run`].
pub fn command(program: &Path) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("cannot find this program")?);
    command.arg("tied").arg("--").arg(program);
    Ok(command)
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    set_pdeathsig(Signal::SIGTERM).context("cannot tie this process to its parent")?;
    let (program, rest) = arguments.command.split_first().context("no program is named")?;
    let error = Command::new(program).args(rest).exec();
    Err(error).with_context(|| format!("cannot start {}", program.display()))
}
