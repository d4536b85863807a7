//! `prosody-wasm pages`: the manual pages and the completions for shells, written from what the program accepts. For
//! whoever packages it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Command};
use clap_complete::{Shell, generate_to};

/// The shells that Debian has and clap knows.
const SHELLS: [Shell; 3] = [Shell::Bash, Shell::Fish, Shell::Zsh];

/// Write the manual pages and the completions for shells.
#[derive(Args)]
pub struct Arguments {
    /// Folder to write them into; it is made
    folder: PathBuf,
}

/// Writes one page for the program and one for each of its commands, and one file for each shell.
pub fn run(arguments: &Arguments, program: Command) -> Result<bool> {
    let folder = &arguments.folder;
    let failure = || format!("cannot write the pages into {}", folder.display());
    fs::create_dir_all(folder).with_context(failure)?;
    // The page of the program says what the pages of `help` would.
    let mut program = program.disable_help_subcommand(true);
    for shell in SHELLS {
        generate_to(shell, &mut program, "prosody-wasm", folder).with_context(failure)?;
    }
    clap_mangen::generate_to(program, folder).with_context(failure)?;
    Ok(true)
}
