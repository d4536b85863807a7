//! How a policy can fail. Each is judged by its `on_error`.

use std::fmt;

use wasmtime::Trap;

/// Why there is no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It ran longer than it may.
    Timeout,
    /// It asked for more memory than it may have and could not go on without.
    Memory,
    /// It stopped by a trap: a panic, an access out of bounds, a stack overflow, …
    Trap(&'static str),
    /// It called the host in a way that is not allowed.
    Misuse(Misuse),
    /// Its reply was not one.
    Reply(&'static str),
    /// Its instance cannot be made. The text is ours or, from `configure`, the policy's word to its operator.
    Setup(String),
    /// It failed too often and waits for its next try.
    Quarantine,
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

impl Failure {
    /// The reason as a word for logs and replays.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Memory => "out-of-memory",
            Self::Trap(_) => "trap",
            Self::Misuse(_) => "misuse",
            Self::Reply(_) => "bad-reply",
            Self::Setup(_) => "setup-failed",
            Self::Quarantine => "quarantined",
        }
    }

    /// Is the instance of no use any more? A trap leaves its memory in an unknown state.
    pub fn is_fatal(&self) -> bool {
        !matches!(self, Self::Setup(_))
    }

    /// Sorts an error of wasmtime. Nothing of its text is kept: parts of it may be the guest's.
    pub(crate) fn classify(error: &wasmtime::Error, memory_refused: bool) -> Self {
        if let Some(misuse) = error.downcast_ref::<Misuse>() {
            return Self::Misuse(*misuse);
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::Interrupt | Trap::OutOfFuel) => Self::Timeout,
            Some(_) if memory_refused => Self::Memory,
            Some(Trap::StackOverflow) => Self::Trap("its stack overflowed"),
            Some(Trap::UnreachableCodeReached) => Self::Trap("it panicked or reached unreachable code"),
            Some(Trap::MemoryOutOfBounds | Trap::TableOutOfBounds) => {
                Self::Trap("it accessed memory out of bounds, or its stack overflowed")
            }
            Some(Trap::IntegerDivisionByZero | Trap::IntegerOverflow) => Self::Trap("it divided by zero or overflowed"),
            Some(_) => Self::Trap("it trapped"),
            None if memory_refused => Self::Memory,
            None => Self::Reply(
                "the values it passed do not fit the interface or are too large, or there is no memory for it",
            ),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => formatter.write_str("it ran longer than its limits.milliseconds"),
            Self::Memory => formatter.write_str("it needed more than its limits.memory"),
            Self::Trap(what) | Self::Reply(what) => formatter.write_str(what),
            Self::Misuse(misuse) => write!(formatter, "it called the host wrongly: {misuse}"),
            Self::Setup(why) => formatter.write_str(why),
            Self::Quarantine => formatter.write_str("it failed too often and waits for its next try"),
        }
    }
}
