//! How a policy can fail. Each is judged by its `on_error`.

use std::fmt;
use std::str::Utf8Error;
use std::sync::Arc;

use wasmtime::{Store, Trap};

use crate::scene::Scene;
use crate::session::Session;

/// Why there is no decision, and what is known of the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong.
    pub kind: Kind,
    /// Where it was, when it was inside the policy.
    pub scene: Option<Arc<Scene>>,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It ran longer than it may.
    Timeout,
    /// It asked for more memory than it may have and could not go on without, in this call of its instance.
    Memory(u32),
    /// It stopped by a trap.
    Trap(Cause),
    /// It called the host in a way that is not allowed.
    Misuse(Misuse),
    /// Its reply was not one.
    Reply(&'static str),
    /// Its instance cannot be made. The text is ours or, from `configure`, the policy's word to its operator.
    Setup(String),
    /// It failed too often and waits for its next try.
    Quarantine,
    /// It has used up its processor time and was not asked.
    OverBudget,
    /// A mistake of the host's own, while it was asked.
    Host,
}

/// Calls after which an instance that runs out of memory has kept something of each.
const MANY: u32 = 10;

const NO_MEMORY: &str = "the system gives this process no more memory or address space: raise ulimit -v, or LimitAS or MemoryMax of this service in systemd";
const NO_FILE_IN_MEMORY: &str = "the system lets this process make no file in memory: allow memfd_create in SystemCallFilter of this service in systemd, and descriptors in LimitNOFILE";

/// Why it trapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Calls within calls.
    Stack,
    /// What a panic comes to, too.
    Unreachable,
    /// An address that is not its own.
    Bounds,
    /// A division, or a conversion of a number.
    Arithmetic,
    /// Another one.
    Other,
}

/// A call of the host that is not allowed. The texts are ours, so that they can be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misuse(pub &'static str);

impl fmt::Display for Misuse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for Misuse {}

/// There is no thread that would cut the call, so it did not begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoWatchdog;

impl fmt::Display for NoWatchdog {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "the thread that cuts calls could not be started; raise TasksMax or LimitNPROC of this service in systemd",
        )
    }
}

impl std::error::Error for NoWatchdog {}

/// The host panicked in a call, most likely below a function that the guest called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HostPanicked;

impl fmt::Display for HostPanicked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .write_str("the host panicked while it was asked, which is a mistake of mod_wasm and not of the policy")
    }
}

impl std::error::Error for HostPanicked {}

impl From<Kind> for Failure {
    fn from(kind: Kind) -> Self {
        Self { kind, scene: None }
    }
}

impl Failure {
    /// Its instance cannot be made.
    pub(crate) fn setup(why: impl Into<String>) -> Self {
        Kind::Setup(why.into()).into()
    }

    /// Its reply was not one.
    pub(crate) fn reply(what: &'static str) -> Self {
        Kind::Reply(what).into()
    }

    /// The reason as a word for logs and replays.
    pub fn reason(&self) -> &'static str {
        self.kind.reason()
    }

    /// Is the instance of no use any more? A trap leaves its memory in an unknown state.
    pub fn is_fatal(&self) -> bool {
        !matches!(self.kind, Kind::Setup(_))
    }

    /// What an author or operator can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        self.kind.hint()
    }

    /// What went wrong, and where.
    pub fn sentence(&self) -> String {
        match self.scene.as_ref().and_then(|scene| scene.place()) {
            Some(place) => format!("{self}, {place}"),
            None => self.to_string(),
        }
    }

    /// The same, with the step in which it happened.
    pub(crate) fn within(self, step: &str) -> Self {
        Self { kind: Kind::Setup(format!("{step}: {self}")), scene: self.scene }
    }

    /// Of an error of wasmtime. Nothing of its text is kept: parts of it may be the guest's.
    #[cold]
    pub(crate) fn of(error: &wasmtime::Error, store: &Store<Session>) -> Self {
        let session = store.data();
        let memory = session.limiter.refused.then_some(session.calls);
        let scene = Scene::of(error, session);
        let kind = match Kind::classify(error, memory) {
            // Where languages keep a stack of their own, its end is the end of the memory.
            Kind::Trap(Cause::Bounds) if scene.is_recursion() => Kind::Trap(Cause::Stack),
            kind => kind,
        };
        Self { kind, scene: Some(Arc::new(scene)) }
    }
}

/// A failure while a policy was made ready: nothing came into force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// What was done with it, as the beginning of a sentence; empty when that is plain.
    pub step: &'static str,
    /// How it failed.
    pub failure: Failure,
}

impl From<Failure> for Rejection {
    fn from(failure: Failure) -> Self {
        Self { step: "", failure }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}", self.step, self.failure.sentence())?;
        self.failure.hint().map_or(Ok(()), |hint| write!(formatter, "; {hint}"))
    }
}

impl std::error::Error for Rejection {}

impl Kind {
    /// The reason as a word for logs and replays.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Memory(_) => "out-of-memory",
            Self::Trap(_) => "trap",
            Self::Misuse(_) => "misuse",
            Self::Reply(_) => "bad-reply",
            Self::Setup(_) => "setup-failed",
            Self::Quarantine => "quarantined",
            Self::OverBudget => "over-budget",
            Self::Host => "internal-error",
        }
    }

    /// `memory_refused`: in which call, if it was.
    fn classify(error: &wasmtime::Error, memory_refused: Option<u32>) -> Self {
        if let Some(misuse) = error.downcast_ref::<Misuse>() {
            return Self::Misuse(*misuse);
        }
        if let Some(missing) = error.downcast_ref::<NoWatchdog>() {
            return Self::Setup(missing.to_string());
        }
        if error.is::<HostPanicked>() {
            return Self::Host;
        }
        match (error.downcast_ref::<Trap>(), memory_refused) {
            (Some(Trap::Interrupt | Trap::OutOfFuel), _) => Self::Timeout,
            (_, Some(call)) => Self::Memory(call),
            (Some(trap), None) => Self::Trap(Cause::of(*trap)),
            (None, None) => Self::of_system(error).unwrap_or_else(|| Self::of_values(error)),
        }
    }

    /// The system refused what an instance is made of. No text of a guest ends like that.
    fn of_system(error: &wasmtime::Error) -> Option<Self> {
        let texts: Vec<String> = error.chain().map(|cause| cause.to_string()).collect();
        let is_refused = texts.last().is_some_and(|text| text.ends_with(')') && text.contains(" (os error "));
        let what = match is_refused {
            false => return None,
            true if texts.iter().any(|text| text.contains("memfd")) => NO_FILE_IN_MEMORY,
            true => NO_MEMORY,
        };
        Some(Self::Setup(what.into()))
    }

    /// The host could not take what it passed.
    fn of_values(error: &wasmtime::Error) -> Self {
        Self::Reply(match error.root_cause().to_string() {
            _ if error.downcast_ref::<Utf8Error>().is_some() => "a text that it passed is not UTF-8",
            text if text.contains("fuel") => "what it passed in one call is larger than 4 MiB",
            _ => "the values it passed do not fit the interface, or there is no memory for them",
        })
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Timeout => {
                Some("let it do less in one call: to decide it has its limits.milliseconds, to set up 250 ms")
            }
            Self::Memory(calls) if *calls > MANY => Some(
                "look for what every call keeps: a cache without a bound, or results that are not freed (post-return)",
            ),
            Self::Memory(_) => Some("let it keep less, or allow it more with limits.memory"),
            Self::Trap(cause) => Some(cause.hint()),
            Self::Misuse(_) => Some("docs/limits.md names what a policy may ask of the host in one call"),
            Self::Reply(_) => {
                Some("build it with the SDK of its language, pass texts as UTF-8, and no more than 4 MiB in one call")
            }
            Self::Host => Some("please report it, with what the server wrote to its standard error"),
            Self::Setup(_) | Self::Quarantine | Self::OverBudget => None,
        }
    }
}

impl Cause {
    fn of(trap: Trap) -> Self {
        match trap {
            Trap::StackOverflow => Self::Stack,
            Trap::UnreachableCodeReached => Self::Unreachable,
            Trap::MemoryOutOfBounds | Trap::TableOutOfBounds => Self::Bounds,
            Trap::IntegerDivisionByZero | Trap::IntegerOverflow => Self::Arithmetic,
            _ => Self::Other,
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Stack => "let it call itself less deeply: the depth of a stanza is chosen by its sender",
            Self::Unreachable => "look for unwrap, expect, indexing and arithmetic that a stanza can make fail",
            Self::Bounds => "look for recursion, large local variables and pointers",
            Self::Arithmetic => "check the divisor, or the number, before",
            Self::Other => "run it offline with prosody-wasm replay",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Stack => "its stack overflowed",
            Self::Unreachable => "it panicked or reached unreachable code",
            Self::Bounds => "it accessed memory out of bounds, or its stack overflowed",
            Self::Arithmetic => "it divided by zero or overflowed",
            Self::Other => "it trapped",
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(formatter)
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => formatter.write_str("it ran longer than its limits.milliseconds"),
            Self::Memory(calls) if *calls > MANY => {
                write!(formatter, "it needed more than its limits.memory, in call {calls} of its instance")
            }
            Self::Memory(_) => formatter.write_str("it needed more than its limits.memory"),
            Self::Trap(cause) => cause.fmt(formatter),
            Self::Reply(what) => formatter.write_str(what),
            Self::Misuse(misuse) => write!(formatter, "it called the host wrongly: {misuse}"),
            Self::Setup(why) => formatter.write_str(why),
            Self::Quarantine => formatter.write_str("it failed too often and waits for its next try"),
            Self::OverBudget => formatter.write_str("it has used up its limits.budget and was not asked"),
            Self::Host => HostPanicked.fmt(formatter),
        }
    }
}
