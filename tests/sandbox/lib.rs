//! Components in a chain, for tests and benchmarks.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prosody_stanza::{Limits as StanzaLimits, xml};
use prosody_wasm_runtime::slot::{Mode, OnError, Slot};
use prosody_wasm_runtime::{
    Chain, Direction, Engine, Facts, Failure, Generation, Limits, Outcome, Party, Passage, Policy, Purpose, Question,
    StanzaKind, Terms, Thresholds, Verdict,
};

/// A chain with its engine.
pub struct Host {
    /// The chain.
    pub chain: Chain,
    engine: Arc<Engine>,
}

/// A policy to install: which guest, under which terms.
#[derive(Clone)]
pub struct Guest<'a> {
    /// Its name in the chain.
    pub name: &'a str,
    /// Its file, without `.wasm`.
    pub file: &'a str,
    /// Its settings.
    pub settings: &'a str,
    /// Its grants.
    pub grants: Option<&'a [&'a str]>,
    /// What happens when it fails.
    pub on_error: OnError,
    /// What it may use.
    pub limits: Limits,
}

impl Default for Guest<'_> {
    /// With all the time there is: tests ask as fast as they can, on machines that do other things besides.
    fn default() -> Self {
        let (on_error, limits) = (OnError::Deny, Limits { budget: 1_000, ..Limits::default() });
        Self { name: "guest", file: "scripted", settings: "{}", grants: None, on_error, limits }
    }
}

impl Default for Host {
    fn default() -> Self {
        Self::new()
    }
}

impl Host {
    /// An empty chain, with the engine of the server.
    pub fn new() -> Self {
        let configuration = Engine::configuration(Purpose::Server);
        Self::on(Engine::new(Purpose::Server, &configuration).expect("the engine starts"))
    }

    /// An empty chain on this engine.
    pub fn on(engine: Engine) -> Self {
        let engine = Arc::new(engine);
        Self { chain: Chain::new(Arc::clone(&engine)), engine }
    }

    /// A chain with these guests.
    ///
    /// # Panics
    /// When one of them is refused.
    pub fn with(guests: &[Guest<'_>]) -> Self {
        let mut host = Self::new();
        for guest in guests {
            host.install(guest).unwrap_or_else(|refusal| panic!("{}: {refusal}", guest.name));
        }
        host
    }

    /// Declares a guest and puts it into force, in place of whatever is there.
    pub fn install(&mut self, guest: &Guest<'_>) -> Result<(), String> {
        self.chain.declare(guest.name, guest.on_error, Mode::Enforce);
        self.replace(guest, false, None)
    }

    /// Puts a guest into force that takes over the state of the one that is there, unless it is to start afresh.
    pub fn replace(&mut self, guest: &Guest<'_>, fresh: bool, probation: Option<Thresholds>) -> Result<(), String> {
        let generation = self.start(guest)?;
        self.replace_all([(guest.name, generation)], fresh, probation)
    }

    /// Puts several into force, all or none.
    pub fn replace_all<'a>(
        &mut self,
        guests: impl IntoIterator<Item = (&'a str, Generation)>,
        fresh: bool,
        probation: Option<Thresholds>,
    ) -> Result<(), String> {
        let mut next = guests.into_iter().map(|(name, generation)| (name.to_owned(), generation)).collect();
        self.chain.hand_over(&mut next, fresh, 1).map_err(|failure: Failure| failure.to_string())?;
        self.chain.publish(next, probation.map(|thresholds| (Duration::from_secs(600), thresholds)));
        Ok(())
    }

    /// A guest, ready to be put into force.
    pub fn start(&self, guest: &Guest<'_>) -> Result<Generation, String> {
        let policy = self.load(guest).map_err(|error| format!("{error:#}"))?;
        Generation::start(&self.engine, policy, 1).map_err(|failure| failure.to_string())
    }

    /// Tries a guest out on samples, as it is done before it comes into force.
    pub fn probe(&self, guest: &Guest<'_>) -> Result<(), String> {
        let policy = self.load(guest).map_err(|error| format!("{error:#}"))?;
        prosody_wasm_runtime::probe(&self.engine, &policy, 1).map_err(|error| format!("{error:#}"))
    }

    fn load(&self, guest: &Guest<'_>) -> Result<Policy, impl std::fmt::Display + use<>> {
        let terms = Terms {
            settings: guest.settings.to_owned(),
            grants: guest.grants.map(|grants| grants.iter().map(|grant| (*grant).to_owned()).collect()),
            limits: guest.limits,
            on_error: guest.on_error,
        };
        let policy = Policy::load(&self.engine, artifact(guest.file).into(), "0123", terms)?;
        policy.check_permissions(None)?;
        anyhow::Ok(policy)
    }

    /// What is to happen to a message between two users.
    pub fn judge(&mut self, text: &str) -> Outcome {
        self.judge_on(outgoing(), false, text)
    }

    /// What is to happen to a stanza on this road, or at another decision point.
    pub fn judge_on(&mut self, question: impl Into<Question>, again: bool, text: &str) -> Outcome {
        let stanza = xml::parse(text, "jabber:client", &StanzaLimits::default());
        self.chain.decide(stanza, question, again, &Facts { now: 1, ..Facts::default() })
    }

    /// The slot of a guest.
    ///
    /// # Panics
    /// When there is none.
    pub fn slot(&self, name: &str) -> &Slot {
        self.chain.slots().iter().find(|slot| slot.name == name).expect("a declared guest")
    }
}

/// A stanza of this kind between two users of one host, on its way in.
///
/// # Panics
/// When there is no such kind.
pub fn passage(kind: &str) -> Passage {
    let (_, kind) = Question::named(kind, false).expect("a kind of stanza");
    Passage { kind, direction: Direction::Incoming, ..outgoing() }
}

/// A message between two users of one host.
pub fn outgoing() -> Passage {
    let (source, destination) = (Party::User, Party::User);
    Passage { kind: StanzaKind::Message, direction: Direction::Outgoing, source, destination }
}

/// The outcome in one word with its reason, and the stanza as it is delivered.
pub fn told(outcome: &Outcome) -> String {
    let word = match outcome.verdict {
        Verdict::Pass if outcome.edits.is_empty() => "pass",
        Verdict::Pass => "edit",
        Verdict::Drop => "drop",
        Verdict::Bounce(_) => "bounce",
    };
    format!("{} {word} {}", outcome.policy.as_deref().unwrap_or("-"), outcome.reason)
}

/// The folder of the guests that `make test-guests` builds.
pub fn guests() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/wasm32-unknown-unknown/guest/examples")
}

static ARTIFACTS: Mutex<Option<HashMap<String, Vec<u8>>>> = Mutex::new(None);

/// A guest, compiled for the server; once for all tests.
///
/// # Panics
/// When it is not there or not sound.
pub fn artifact(file: &str) -> Vec<u8> {
    let mut artifacts = ARTIFACTS.lock().unwrap_or_else(PoisonError::into_inner);
    let artifacts = artifacts.get_or_insert_default();
    artifacts.entry(file.to_owned()).or_insert_with(|| compile(&read(file))).clone()
}

/// From now on this component is the guest of that name.
///
/// # Panics
/// When it is not sound.
pub fn assemble(file: &str, component: &[u8]) {
    let mut artifacts = ARTIFACTS.lock().unwrap_or_else(PoisonError::into_inner);
    artifacts.get_or_insert_default().insert(file.to_owned(), compile(component));
}

fn read(file: &str) -> Vec<u8> {
    let path = match file {
        "e2ee" | "archive" | "carbons" | "csi" | "push" | "upload" | "rooms" | "blocking" | "firewall" => {
            guests().join(format!("../{file}.wasm"))
        }
        _ if file.starts_with("frozen/") => {
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("guests/{file}.wasm"))
        }
        _ => guests().join(format!("{file}.wasm")),
    };
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}; run `make test-guests policies`", path.display()))
}

fn compile(component: &[u8]) -> Vec<u8> {
    let engine = wasmtime::Engine::new(&Engine::configuration(Purpose::Server)).expect("the compiler starts");
    engine.precompile_component(component).expect("a sound component")
}
