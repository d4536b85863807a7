//! Everything that comes before a generation can be put into force.
//!
//! Reading and hashing a component, loading tens of megabytes of code, compiling and trying out: none of it may hold
//! up the server, so all of it is done in a thread, step by step, and what comes out is a [`Staged`] that only has to
//! be put in its place. A step that fails says which one it was.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Error, Result, anyhow, bail};

use crate::artifact::Artifact;
use crate::background;
use crate::cache::Cache;
use crate::compilation::{Claim, Compilation, Progress};
use crate::engine::{Engine, Purpose};
use crate::failure::Rejection;
use crate::folder::Folder;
use crate::gate::{self, Gate, Passed};
use crate::generation::Generation;
use crate::identity::identity;
use crate::policy::{NotLoadable, Policy, Terms};
use crate::probe;
use crate::schema;
use crate::signature::{Found, Trust};
use crate::source::Source;
use crate::statement::Statement;

/// How often the child that compiles is looked at.
const POLL: Duration = Duration::from_millis(20);

/// What is to be staged.
#[derive(Clone, Debug)]
pub struct Request {
    /// The name of the policy.
    pub name: String,
    /// The component.
    pub path: PathBuf,
    /// The hash it must have.
    pub sha256: Option<String>,
    /// Who must have signed it.
    pub trust: Trust,
    /// On which terms.
    pub terms: Terms,
    /// The permissions that were in force so far. Without grants in the terms it may import no others.
    pub accepted: Option<Vec<String>>,
    /// Where artifacts are.
    pub cache: PathBuf,
    /// The program that compiles.
    pub compiler: String,
    /// How long it may take.
    pub compile_seconds: u64,
    /// Where a copy of the component is kept, for a return to it.
    pub kept: Option<PathBuf>,
    /// Stop early when this is the identity that it would have.
    pub unless: Option<String>,
    /// A recording that it must pass.
    pub gate: Option<Gate>,
}

/// A step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// The file is read and hashed.
    Reading,
    /// Its signature is checked.
    Verifying,
    /// The settings are compared with its schema.
    Checking,
    /// A child compiles it.
    Compiling,
    /// Its code is loaded, and its imports and exports are compared with what this host has.
    Loading,
    /// What it imports is compared with what it is granted.
    Granting,
    /// It is instantiated and gets its settings.
    Configuring,
    /// It is asked about sample stanzas.
    Probing,
    /// It is asked about a recording.
    Gating,
    /// A copy of the component is put by.
    Keeping,
}

impl Phase {
    const ALL: [Self; 10] = [
        Self::Reading,
        Self::Verifying,
        Self::Checking,
        Self::Compiling,
        Self::Loading,
        Self::Granting,
        Self::Configuring,
        Self::Probing,
        Self::Gating,
        Self::Keeping,
    ];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Verifying => "verifying",
            Self::Checking => "checking",
            Self::Compiling => "compiling",
            Self::Loading => "loading",
            Self::Granting => "granting",
            Self::Configuring => "configuring",
            Self::Probing => "probing",
            Self::Gating => "gating",
            Self::Keeping => "keeping",
        }
    }
}

/// A generation that is ready to be put into force.
pub struct Staged {
    /// The generation, with an instance that nobody has asked yet.
    pub generation: Generation,
    /// Bytes of the component.
    pub size: usize,
    /// What became of the gate, if there was one.
    pub gate: Option<Passed>,
}

/// How staging ended.
pub enum End {
    /// Ready.
    Staged(Box<Staged>),
    /// It would be the generation that is in force already.
    Unchanged,
}

/// Why there is no generation.
#[derive(Debug)]
pub struct NotStaged {
    /// The step that failed.
    pub phase: Phase,
    /// Why.
    pub error: Error,
}

impl fmt::Display for NotStaged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:#}", self.error)
    }
}

/// Where a staging stands, for another thread to look at, and whether it is still wanted.
#[derive(Debug)]
pub struct Progression {
    phase: AtomicU8,
    is_cancelled: AtomicBool,
}

impl Progression {
    fn new() -> Self {
        Self { phase: AtomicU8::new(Phase::Reading as u8), is_cancelled: AtomicBool::new(false) }
    }

    fn enter(&self, phase: Phase) -> Result<()> {
        self.phase.store(phase as u8, Ordering::Release);
        match self.is_cancelled.load(Ordering::Acquire) {
            true => bail!("it was cancelled"),
            false => Ok(()),
        }
    }

    fn phase(&self) -> Phase {
        Phase::ALL.get(usize::from(self.phase.load(Ordering::Acquire))).copied().unwrap_or(Phase::Reading)
    }
}

/// Stages on this thread. Without `may_compile` it ends with the phase [`Phase::Compiling`] when there is no artifact.
pub fn stage(engine: &Engine, request: &Request, may_compile: bool) -> Result<End, NotStaged> {
    run(engine, request, may_compile, &Progression::new())
}

fn run(engine: &Engine, request: &Request, may_compile: bool, progress: &Progression) -> Result<End, NotStaged> {
    let staging = Staging { engine, request, may_compile, progress };
    staging.run().map_err(|error| NotStaged { phase: progress.phase(), error })
}

struct Staging<'a> {
    engine: &'a Engine,
    request: &'a Request,
    may_compile: bool,
    progress: &'a Progression,
}

impl Staging<'_> {
    fn run(&self) -> Result<End> {
        let Request { path, sha256, terms, .. } = self.request;
        self.progress.enter(Phase::Reading)?;
        let source = Source::read(path, sha256.as_deref())?;
        let (signature, statement) = self.verify(&source)?;
        let is_unchanged = self.request.unless.as_ref() == Some(&identity(&source.sha256, terms));
        if is_unchanged && statement.is_none() {
            return Ok(self.unchanged(&source, signature.as_ref()));
        }
        self.progress.enter(Phase::Checking)?;
        schema::check(&source, &terms.settings)?;
        let policy = self.load(&source)?;
        if let Some(statement) = statement {
            self.progress.enter(Phase::Verifying)?;
            statement.check_surface(&policy.surface)?;
        }
        // What is in force may have come into force before anybody had to sign it.
        if is_unchanged {
            return Ok(self.unchanged(&source, signature.as_ref()));
        }
        self.progress.enter(Phase::Granting)?;
        policy.check_permissions(self.request.accepted.as_deref())?;
        self.progress.enter(Phase::Configuring)?;
        let generation = Generation::start(self.engine, policy.clone(), now()).map_err(Rejection::from)?;
        self.progress.enter(Phase::Probing)?;
        probe::probe(self.engine, &policy, now())?;
        let gate = self.pass_gate(&policy)?;
        self.keep(&source, signature.as_ref())?;
        Ok(End::Staged(Box::new(Staged { generation, size: source.bytes.len(), gate })))
    }

    /// Nothing but a signature is new, and without a copy of that a later start looks for it beside the file.
    fn unchanged(&self, source: &Source, signature: Option<&Found>) -> End {
        let _ = self.keep(source, signature);
        End::Unchanged
    }

    /// Before anything else is done with it: what nobody trusted has signed is not even compiled.
    fn verify(&self, source: &Source) -> Result<(Option<Found>, Option<Statement>)> {
        self.progress.enter(Phase::Verifying)?;
        let Request { name, trust, .. } = self.request;
        let signature = Found::beside(&source.path, name);
        if !trust.is_used() {
            return Ok((signature.unwrap_or_default(), None));
        }
        let signature = signature?;
        let statement = trust.check(source, signature.as_ref())?;
        if let Some(statement) = &statement {
            statement.check_file(name, source)?;
        }
        Ok((signature, statement))
    }

    /// Children get killed, and artifacts spoilt: once may be bad luck, twice is not.
    fn load(&self, source: &Source) -> Result<Policy> {
        match self.load_once(source) {
            Err(error) if error.is::<NotLoadable>() => self.load_once(source),
            result => result,
        }
    }

    fn load_once(&self, source: &Source) -> Result<Policy> {
        if let Some(policy) = Policy::shared(self.engine, &source.sha256, &self.request.terms) {
            self.progress.enter(Phase::Loading)?;
            return policy;
        }
        let cache = Cache::open(&self.request.cache, Purpose::Server)?;
        let artifact = match cache.get(&source.sha256) {
            Some(artifact) => artifact,
            None => self.compile(source, &cache)?,
        };
        self.progress.enter(Phase::Loading)?;
        let policy = Policy::load(self.engine, artifact, &source.sha256, self.request.terms.clone());
        policy.inspect_err(|error| {
            if error.is::<NotLoadable>() {
                cache.remove(&source.sha256);
            }
        })
    }

    fn compile(&self, source: &Source, cache: &Cache) -> Result<Artifact> {
        self.progress.enter(Phase::Compiling)?;
        if !self.may_compile {
            bail!("it is not compiled yet");
        }
        let _claim = loop {
            match Claim::on(cache.path(&source.sha256)) {
                Some(claim) => break claim,
                // Another host compiles the same; what it makes is for all.
                None => self.wait()?,
            }
        };
        if let Some(artifact) = cache.get(&source.sha256) {
            return Ok(artifact);
        }
        let Request { compiler, cache: folder, compile_seconds, .. } = self.request;
        let mut compilation = Compilation::start(compiler, source, folder, *compile_seconds)?;
        while compilation.poll()? == Progress::Running {
            self.wait()?;
        }
        cache.get(&source.sha256).context("the compiler ended without a result")
    }

    fn wait(&self) -> Result<()> {
        thread::sleep(POLL);
        self.progress.enter(Phase::Compiling)
    }

    fn pass_gate(&self, policy: &Policy) -> Result<Option<Passed>> {
        let Some(gate) = &self.request.gate else { return Ok(None) };
        self.progress.enter(Phase::Gating)?;
        gate::pass(self.engine, policy, gate, || self.progress.enter(Phase::Gating)).map(Some)
    }

    fn keep(&self, source: &Source, signature: Option<&Found>) -> Result<()> {
        let Some(kept) = &self.request.kept else { return Ok(()) };
        self.progress.enter(Phase::Keeping)?;
        let (folder, name) = (Folder::open(kept, "component")?, format!("{}.wasm", source.sha256));
        keep_one(&folder, &name, &source.bytes)?;
        let of_policy = format!("{name}.{}.minisig", self.request.name);
        signature.map_or(Ok(()), |found| keep_one(&folder, &of_policy, found.text.as_bytes()))
    }
}

fn keep_one(folder: &Folder, name: &str, bytes: &[u8]) -> Result<()> {
    if folder.get(name).as_deref() != Some(bytes) {
        folder.put(name, &[bytes])?;
    }
    Ok(())
}

/// A staging in a thread of its own. Dropping it ends the thread.
pub struct Job {
    progress: Arc<Progression>,
    thread: Option<JoinHandle<Result<End, NotStaged>>>,
}

/// How a job stands.
pub enum Stand {
    /// It works, at this step.
    Running(Phase),
    /// It ended.
    Ended(Result<End, NotStaged>),
}

impl Job {
    /// Starts the thread. Not before the server has forked for the last time: no thread outlives that.
    pub fn start(engine: &Arc<Engine>, request: Request) -> Result<Self> {
        let (engine, progress) = (Arc::clone(engine), Arc::new(Progression::new()));
        let shared = Arc::clone(&progress);
        let thread = background::spawn_patient("wasm-staging", move || run(&engine, &request, true, &shared));
        Ok(Self { progress, thread: Some(thread.context("the thread that loads policies could not be started")?) })
    }

    /// Looks at it without waiting. It ends once.
    pub fn poll(&mut self) -> Stand {
        let phase = self.progress.phase();
        match self.thread.take_if(|thread| thread.is_finished()) {
            None if self.thread.is_some() => Stand::Running(phase),
            None => Stand::Ended(Err(NotStaged { phase, error: anyhow!("it has ended already") })),
            Some(thread) => {
                let panicked = |_| Err(NotStaged { phase, error: anyhow!("an error in mod_wasm itself") });
                Stand::Ended(thread.join().unwrap_or_else(panicked))
            }
        }
    }

    /// Ends the thread, and the child it may wait for. Waits for the step that is under way.
    pub fn cancel(&mut self) {
        self.progress.is_cancelled.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.cancel();
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default()
}
