//! `explain`: the lines of the author's source at the offsets that a server logged.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use prosody_wasm_runtime::Source;
use prosody_wasm_runtime::library::Library;

use crate::debug_info::{DebugInfo, Place};
use crate::{confinement, print};

/// Show the lines of source at offsets in a policy, as the server's log names them
#[derive(Args)]
pub struct Arguments {
    /// The component, or the name of a bundled policy
    file: String,
    /// Offsets, the innermost first
    #[arg(required = true, value_name = "OFFSET", value_parser = offset)]
    offsets: Vec<usize>,
    /// A file with the lines of the same code; when left out, NAME.debug.wasm beside the component
    #[arg(long, value_name = "FILE")]
    debug: Option<PathBuf>,
    /// Show what belongs to libraries, too
    #[arg(long)]
    all: bool,
}

pub fn run(arguments: &Arguments) -> Result<bool> {
    confinement::confine()?;
    let file = Library::from_environment(std::env::var_os("PROSODY_WASM_PATH").as_deref()).find(&arguments.file)?;
    let source = Source::read(&file, None)?;
    let beside = beside(arguments, &file)?;
    let info = DebugInfo::read(&source.bytes, beside.as_deref());
    let info = info.with_context(|| format!("{} is not a sound component", file.display()))?;
    let is_code = arguments.offsets.iter().any(|offset| info.has_code(*offset));
    ensure!(is_code, "no code of {} is at these offsets: are they of another version of it?", file.display());
    let places = arguments.offsets.iter().flat_map(|offset| info.places(*offset));
    let shown: Vec<Place> = places.filter(|place| arguments.all || !place.is_library).collect();
    all(&shown).iter().for_each(|line| print::line(line));
    if !info.has_lines() {
        print::line(&format!("{NO_LINES}, {BESIDE}"));
    }
    Ok(info.has_lines() && !shown.is_empty())
}

/// The file with the lines. Only one that was named must be there.
fn beside(arguments: &Arguments, component: &Path) -> Result<Option<Vec<u8>>> {
    if let Some(named) = &arguments.debug {
        return Source::read(named, None).map(|source| Some(source.bytes));
    }
    let found = Source::read(&component.with_extension("debug.wasm"), None);
    Ok(found.ok().map(|source| source.bytes))
}

/// What to do about a component without line tables.
pub const NO_LINES: &str =
    "it carries no line tables: build it with debug = \"line-tables-only\" and strip = \"none\" in its profile";
const BESIDE: &str = "or name the file from before it was stripped with --debug FILE";

/// Places in a line each; what called itself, in one.
pub fn all(places: &[Place]) -> Vec<String> {
    let runs = places.chunk_by(PartialEq::eq);
    runs.filter_map(|run| Some((line(run.first()?), run.len())))
        .map(|(line, times)| if times > 1 { format!("{line}  ({times} times)") } else { line })
        .collect()
}

/// Letters of a name that are shown.
const LONGEST: usize = 300;

/// A place in one line.
fn line(place: &Place) -> String {
    // Both are what is written in a file that others made.
    let shown = |text: &str| print::plain(&text.chars().take(LONGEST).collect::<String>());
    let function = shown(place.function.as_deref().unwrap_or("a function without a name"));
    match &place.position {
        Some(position) => format!("{}  in {function}", shown(position)),
        None => format!("in {function}"),
    }
}

fn offset(text: &str) -> Result<usize> {
    let number = match text.strip_prefix("0x") {
        Some(digits) => usize::from_str_radix(digits, 16),
        None => text.parse(),
    };
    number.map_err(|_| anyhow!("an offset is a number such as 0x1a2b"))
}
