//! From an offset in a component to a line of its author's source.
//!
//! Offsets are what a server knows of a failure. Lines come from the line tables (DWARF) of the component, or of a
//! file beside it that has the same code: a component that is installed need not carry its own.

mod depth;
mod modules;

use std::path::Path;

use addr2line::Context;
use addr2line::gimli::{Dwarf, EndianSlice, LittleEndian};
use anyhow::{Context as _, Result};

use modules::Module;

type Slice<'a> = EndianSlice<'a, LittleEndian>;

/// What is known of the places in a component.
pub struct DebugInfo<'a> {
    /// The modules of the component, with those that know their lines.
    modules: Vec<(Module<'a>, Option<Context<Slice<'a>>>)>,
}

/// A place in the source: a function, and where it was in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its name, as its author wrote it.
    pub function: Option<String>,
    /// File, line and column.
    pub position: Option<String>,
    /// Does it belong to a library?
    pub is_library: bool,
}

impl<'a> DebugInfo<'a> {
    /// Reads a component, and a file beside it that has the lines of the same code.
    pub fn read(component: &'a [u8], beside: Option<&'a [u8]>) -> Result<Self> {
        let others = beside.map(modules::read).transpose().context("the file with the lines")?.unwrap_or_default();
        let modules = modules::read(component)?.into_iter().map(|module| {
            let other = others.iter().find(|other| other.code == module.code && other.has_lines());
            let module = other.map_or(module.clone(), |other| other.at(module.start));
            let lines = module.has_lines().then(|| lines(&module)).transpose()?;
            Ok((module, lines))
        });
        Ok(Self { modules: modules.collect::<Result<_>>()? })
    }

    /// Does it know any line?
    pub fn has_lines(&self) -> bool {
        self.modules.iter().any(|(_, lines)| lines.is_some())
    }

    /// Is there code at this offset?
    pub fn has_code(&self, offset: usize) -> bool {
        self.modules.iter().any(|(module, _)| module.contains(offset))
    }

    /// The places at an offset: a function, and those that it was put into by the compiler. The innermost first.
    pub fn places(&self, offset: usize) -> Vec<Place> {
        let Some((module, lines)) = self.modules.iter().find(|(module, _)| module.contains(offset)) else {
            return Vec::new();
        };
        let places = lines.as_ref().map(|lines| found(lines, module.address(offset))).unwrap_or_default();
        match (places.is_empty(), module.function(offset)) {
            (true, Some(name)) => vec![Place::new(Some(demangled(name)), None)],
            _ => places,
        }
    }
}

impl Place {
    fn new(function: Option<String>, position: Option<(&str, u32, u32)>) -> Self {
        let is_library = position.is_some_and(|(file, ..)| is_library(file))
            || function.as_ref().is_some_and(|name| is_library_function(name));
        let position = position.map(|(file, line, column)| format!("{}:{line}:{column}", shown(file)));
        Self { function, position, is_library }
    }
}

fn lines<'a>(module: &Module<'a>) -> Result<Context<Slice<'a>>> {
    let dwarf =
        Dwarf::load(|id| Ok::<_, addr2line::gimli::Error>(EndianSlice::new(module.section(id.name()), LittleEndian)))?;
    depth::check(&dwarf)?;
    Context::from_dwarf(dwarf).context("its line tables are damaged")
}

fn found(lines: &Context<Slice<'_>>, address: u64) -> Vec<Place> {
    let mut places = Vec::new();
    let Ok(mut frames) = lines.find_frames(address).skip_all_loads() else { return places };
    while let Ok(Some(frame)) = frames.next() {
        let function = frame.function.and_then(|function| function.raw_name().ok().map(|name| demangled(&name)));
        let position =
            frame.location.and_then(|location| Some((location.file?, location.line?, location.column.unwrap_or(1))));
        places.push(Place::new(function, position));
    }
    places
}

fn demangled(name: &str) -> String {
    let name = addr2line::demangle_auto(name.into(), None);
    // With the hash that tells apart what people do not.
    let plain = name.rsplit_once("::h").filter(|(_, hash)| hash.len() == 16).map_or(&*name, |(path, _)| path);
    plain.to_owned()
}

/// What comes with the language, from its registry or with the SDK.
fn is_library(file: &str) -> bool {
    [
        "/rustc/",
        "/.cargo/registry/",
        "/lib/rustlib/",
        "/rust/deps/",
        "library/std/",
        "library/core/",
        "library/alloc/",
        "/guest-plugins/sdk/",
        "/prosody-wasm/sdk/",
    ]
    .iter()
    .any(|part| file.contains(part) || file.starts_with(part.trim_start_matches('/')))
}

/// The same, and what makes exports of functions.
fn is_library_function(name: &str) -> bool {
    [
        "core::",
        "std::",
        "alloc::",
        "<core::",
        "<alloc::",
        "<std::",
        "__rust",
        "prosody_policy::",
        "rust_panic",
        "_export_",
        "export_",
    ]
    .iter()
    .any(|library| name.starts_with(library))
}

/// A file below the current folder by its shorter name.
fn shown(file: &str) -> &str {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| Path::new(file).strip_prefix(here).ok());
    below.and_then(Path::to_str).unwrap_or(file)
}
