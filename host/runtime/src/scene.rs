//! What is known of the moment at which a policy failed: where it was, what it had said, what it had used.
//!
//! Names of functions come from the component, and lines from what it logged; both are cut and escaped. A line was
//! scrubbed when it was logged.

use std::fmt::{self, Write};
use std::time::Duration;

use wasmtime::WasmBacktrace;

use crate::bindings::LogLevel;
use crate::effect::Effect;
use crate::limits;
use crate::session::Session;

/// How the SDK begins a line with the words of a panic. They may be made of a stanza, so no server repeats them.
pub const PANIC_WORDS: &str = "panic: ";

/// The moment of a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scene {
    /// The functions it was in, the innermost first.
    pub frames: Vec<Frame>,
    /// The last lines it logged in the call that failed.
    pub lines: Vec<(LogLevel, String)>,
    /// What it had used.
    pub used: Used,
}

/// One function that had been called and had not returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its name, when the component has names.
    pub function: Option<String>,
    /// Where in the file of the component the next instruction is.
    pub offset: usize,
}

/// What a call had used when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Used {
    /// Processor time, known to the millisecond.
    Time(Duration),
    /// Fuel, where it is counted.
    Fuel(u64),
}

impl Default for Used {
    fn default() -> Self {
        Self::Time(Duration::ZERO)
    }
}

impl Scene {
    pub(crate) fn of(error: &wasmtime::Error, session: &Session) -> Self {
        let frames = error.downcast_ref::<WasmBacktrace>().map(WasmBacktrace::frames).unwrap_or_default();
        let frames = frames.iter().filter_map(|frame| {
            Some(Frame { function: frame.func_name().map(function), offset: frame.module_offset()? })
        });
        let used = match session.is_offline {
            true => Used::Fuel(session.fuel),
            false => Used::Time(session.stopwatch.used()),
        };
        Self { frames: frames.collect(), lines: last_lines(&session.effects, session.is_offline), used }
    }

    /// Where it was: the innermost function that the author may have written.
    pub fn place(&self) -> Option<&Frame> {
        self.frames.iter().find(|frame| !frame.is_of_the_language()).or(self.frames.first())
    }

    /// Was one function in itself as deep as frames are kept?
    pub fn is_recursion(&self) -> bool {
        let same = |frame: &Frame| self.frames.iter().filter(|other| other.offset == frame.offset).count();
        self.frames.len() >= limits::FRAMES && self.frames.iter().any(|frame| same(frame) >= limits::FRAMES / 4)
    }

    /// The offsets of its frames, as `prosody-wasm explain` takes them.
    pub fn offsets(&self) -> String {
        self.frames.iter().fold(String::new(), |mut text, frame| {
            let space = if text.is_empty() { "" } else { " " };
            let _ = write!(text, "{space}{:#x}", frame.offset);
            text
        })
    }
}

impl Frame {
    /// Does the function belong to the language's library, as the machinery of a panic does?
    fn is_of_the_language(&self) -> bool {
        const LIBRARIES: [&str; 9] =
            ["prosody_policy::", "core::", "<core::", "std::", "<std::", "alloc::", "<alloc::", "__rust", "rust_panic"];
        const MANGLED: [&str; 4] = ["_4core", "_3std", "_5alloc", "___rustc"];
        self.function.as_ref().is_some_and(|name| {
            LIBRARIES.iter().any(|library| name.starts_with(library))
                || (name.starts_with("_R") && MANGLED.iter().any(|library| name.contains(library)))
        })
    }
}

impl fmt::Display for Frame {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.function {
            Some(function) => write!(formatter, "in {function} at {:#x}", self.offset),
            None => write!(formatter, "at {:#x}", self.offset),
        }
    }
}

impl fmt::Display for Used {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(Duration::ZERO) => formatter.write_str("less than 1 ms"),
            Self::Time(time) => write!(formatter, "{} ms", time.as_millis()),
            Self::Fuel(fuel) => write!(formatter, "{fuel} fuel"),
        }
    }
}

fn last_lines(effects: &[Effect], is_offline: bool) -> Vec<(LogLevel, String)> {
    let shown = effects.iter().rev().filter_map(|effect| match effect {
        Effect::Log { level, line } if is_offline || !line.starts_with(PANIC_WORDS) => Some((*level, line.clone())),
        _ => None,
    });
    let mut lines: Vec<_> = shown.take(limits::LAST_LINES).collect();
    lines.reverse();
    lines
}

/// A name, as it may be printed.
fn function(name: &str) -> String {
    let name = limits::cut(name, limits::FUNCTION_MANGLED);
    let name = path(name).unwrap_or_else(|| name.to_owned());
    name.chars().filter(|character| !character.is_control()).take(limits::FUNCTION).collect()
}

/// The path in a name of Rust's: `_ZN6policy6decide17h0123456789abcdefE`. The library that knows all of its names is
/// too large for a server, and `prosody-wasm explain` has it.
fn path(mangled: &str) -> Option<String> {
    let mut rest = mangled.strip_prefix("_ZN")?;
    let mut path: Vec<&str> = Vec::new();
    while !rest.starts_with('E') {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let length: usize = rest[..digits].parse().ok()?;
        path.push(rest.get(digits..digits.checked_add(length)?)?);
        rest = &rest[digits + length..];
    }
    let (hash, path) = path.split_last()?;
    hash.starts_with('h').then(|| path.join("::"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable_and_short() {
        for (name, expected) in [
            ("_ZN6policy4Mine6decide17h0123456789abcdefE", "policy::Mine::decide"),
            ("decide", "decide"),
            ("_ZN6policy", "_ZN6policy"),
            ("_ZN99999999999999999999xE", "_ZN99999999999999999999xE"),
            ("_ZN3é", "_ZN3é"),
            ("two\nlines\u{1b}", "twolines"),
        ] {
            assert_eq!(function(name), expected);
        }
        assert_eq!(function(&"x".repeat(100_000)).len(), limits::FUNCTION);
    }

    #[test]
    fn the_place_is_the_authors() {
        let frame = |name: &str| Frame { function: Some(function(name)), offset: name.len() };
        let frames =
            ["_RNvCs7_7___rustc10rust_panic", "_ZN4core9panicking9panic_fmt17h0123456789abcdefE", "mine", "other"];
        let scene = Scene { frames: frames.map(frame).into(), ..Scene::default() };
        assert_eq!(scene.place().unwrap().to_string(), "in mine at 0x4");
        assert!(scene.offsets().ends_with(" 0x4 0x5"), "{}", scene.offsets());
        assert_eq!(Scene::default().place(), None);
    }
}
