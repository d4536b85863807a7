//! `prosody-wasm`: what an operator and an author do with a policy outside the server.

mod audit;
mod bench;
mod build;
mod cases;
mod check;
mod compile;
mod compiler;
mod confinement;
mod debug_info;
mod explain;
mod failure;
mod inspect;
mod key;
mod language;
mod name;
mod nesting;
mod new;
mod pages;
mod passphrase;
mod print;
mod producers;
mod project;
mod reference;
mod rehearsal;
mod replacing;
mod replay;
mod run;
mod schema;
mod sdk;
mod secret_key;
mod settings_table;
mod sign;
mod situation;
mod sources;
mod strip;
mod templates;
mod test;
mod verify;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Policies for the Prosody XMPP server: make, build, test, run, check, inspect, replay and sign them, and audit what a server keeps.
#[derive(Parser)]
#[command(name = "prosody-wasm", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Audit(audit::Arguments),
    Bench(bench::Arguments),
    Build(build::Arguments),
    Compile(compile::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Inspect(inspect::Arguments),
    Key(key::Arguments),
    New(new::Arguments),
    #[command(hide = true)]
    Pages(pages::Arguments),
    #[command(hide = true)]
    Reference(reference::Arguments),
    Replay(replay::Arguments),
    Run(run::Arguments),
    Strip(strip::Arguments),
    Schema(schema::Arguments),
    Sign(sign::Arguments),
    Test(test::Arguments),
    Verify(verify::Arguments),
    #[command(hide = true)]
    Tied(run::tied::Arguments),
}

/// 0: done and well. 1: done, and the answer is no. 2: could not be done.
fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Audit(arguments) => audit::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Build(arguments) => build::run(&arguments),
        Command::Compile(arguments) => compile::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Key(arguments) => key::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Pages(arguments) => pages::run(&arguments, Arguments::command()),
        Command::Reference(arguments) => reference::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Run(arguments) => run::run(&arguments),
        Command::Strip(arguments) => strip::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Sign(arguments) => sign::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Tied(arguments) => run::tied::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            print::error(&error);
            ExitCode::from(2)
        }
    }
}
