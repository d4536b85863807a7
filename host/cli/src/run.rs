//! `run`: a throwaway Prosody with the project's policy in it, which is built again when its source is saved.

mod configuration;
mod event;
mod line;
mod lua;
mod program;
pub mod tied;

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, mkdtemp};

use crate::print;
use crate::project::Project;
use crate::sources::Sources;
use configuration::{HOST, PASSWORD, USERS};
use event::{Event, Events};
use program::Program;

/// How often the sources are looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long the server may take to end before it is killed.
const END: Duration = Duration::from_secs(10);

/// Start a Prosody of its own with the project's policy, show what it decides, and build again on save
#[derive(Args)]
pub struct Arguments {
    /// The project's folder
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// An unpacked Prosody; the installed one when left out
    #[arg(long, env = "PROSODY_WASM_PROSODY", value_name = "FOLDER")]
    prosody: Option<PathBuf>,
    /// The port for clients; a free one when left out
    #[arg(long)]
    port: Option<u16>,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    let project = Project::open(&arguments.folder)?;
    let program = Program::find(arguments.prosody.as_deref())?;
    let events = Events::listen()?;
    if !build(&project)?.wait().context("cannot wait for the build")?.success() {
        return Ok(false);
    }
    let folder = Folder::new()?;
    let port = arguments.port.map_or_else(free_port, Ok)?;
    configuration::write_files(&folder.0, &project, port)?;
    let mut server = Server(program.start(&folder.0)?);
    events.read(server.0.stdout.take().context("Prosody has no output")?);
    greet(&project, port);
    watch(&project, &events)?;
    server.end()?;
    Ok(true)
}

/// Until somebody ends it, or the server ends by itself.
fn watch(project: &Project, events: &Events) -> Result<()> {
    let mut sources = Sources::of(project);
    let mut building: Option<Child> = None;
    loop {
        match events.next(LOOK)? {
            Event::Line(line) => line::shown(&line, &project.name).iter().for_each(|line| print::line(line)),
            Event::Signal => break,
            Event::End => anyhow::bail!("Prosody ended by itself; what it said is above"),
            Event::Nothing => building = go_on(project, building, &mut sources)?,
        }
    }
    building.map_or(Ok(()), |mut child| end(&mut child, Signal::SIGTERM))
}

/// Builds when something was saved. The server follows the file, and says in its log what becomes of it.
fn go_on(project: &Project, building: Option<Child>, sources: &mut Sources) -> Result<Option<Child>> {
    if let Some(mut child) = building {
        return match child.try_wait()? {
            None => Ok(Some(child)),
            Some(status) if status.success() => Ok(None),
            Some(_) => {
                print::line("It was not built: the policy before goes on.");
                Ok(None)
            }
        };
    }
    let Some(saved) = sources.saved() else { return Ok(None) };
    print::line(&format!("{} was saved: building", saved.display()));
    build(project).map(Some)
}

/// In a process of its own, which limits itself before it touches what the language's tool made.
fn build(project: &Project) -> Result<Child> {
    let program = std::env::current_exe().context("cannot find this program")?;
    let folder = if project.folder.as_os_str().is_empty() { Path::new(".") } else { &project.folder };
    let child = tied::command(&program)?.arg("build").arg(folder).stdin(Stdio::null()).spawn();
    child.context("cannot start the build")
}

fn greet(project: &Project, port: u16) {
    print::line(&format!("Prosody starts with the policy {} on {HOST}. Log in with any XMPP client:", project.name));
    for user in USERS {
        print::line(&format!("  account  {user}@{HOST}  password {PASSWORD}"));
    }
    print::line(&format!("  server   127.0.0.1, port {port}, without TLS"));
    print::line("Saving a source builds and loads it again. Ctrl-C ends it.");
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("there is no free port")?;
    Ok(listener.local_addr()?.port())
}

/// A folder that nobody else can read, and that is gone in the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let template = std::env::temp_dir().join("prosody-wasm-run-XXXXXX");
        Ok(Self(mkdtemp(&template).context("cannot make a folder for the server")?))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{} cannot be removed: {error}", self.0.display());
        }
    }
}

/// The server, which ends with this program, however that ends.
struct Server(Child);

impl Server {
    fn end(&mut self) -> Result<()> {
        end(&mut self.0, Signal::SIGTERM)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!("Prosody may run on: {error:#}");
        }
    }
}

/// Ends a process that this one started; one that does not listen is killed.
fn end(child: &mut Child, signal: Signal) -> Result<()> {
    let until = Instant::now() + END;
    if child.try_wait()?.is_none() {
        kill(Pid::from_raw(i32::try_from(child.id())?), signal).context("cannot end a process")?;
    }
    while child.try_wait()?.is_none() {
        if Instant::now() > until {
            child.kill()?;
            child.wait()?;
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    ensure!(child.try_wait()?.is_some(), "a process does not end");
    Ok(())
}
