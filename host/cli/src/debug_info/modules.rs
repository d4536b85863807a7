//! The core modules of a component, as far as places in them are concerned.

use std::collections::HashMap;
use std::ops::Range;

use anyhow::Result;
use wasmparser::{Encoding, KnownCustom, Name, Parser, Payload};

/// A core module.
#[derive(Clone, Debug, Default)]
pub struct Module<'a> {
    /// Where its code begins in the file.
    pub start: usize,
    /// Its code.
    pub code: &'a [u8],
    imported_functions: u32,
    /// From where to where the functions of its own are, from the beginning of the code.
    functions: Vec<Range<usize>>,
    names: HashMap<u32, &'a str>,
    sections: HashMap<&'a str, &'a [u8]>,
}

fn in_memory(range: Range<u64>) -> Result<Range<usize>> {
    Ok(range.start.try_into()?..range.end.try_into()?)
}

/// The modules of a component, in their order.
pub fn read(component: &[u8]) -> Result<Vec<Module<'_>>> {
    let mut modules = Vec::new();
    let mut open: Option<Module<'_>> = None;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload?;
        match (payload, &mut open) {
            (Payload::Version { encoding: Encoding::Module, .. }, _) => open = Some(Module::default()),
            (Payload::End(_), Some(_)) => modules.extend(open.take()),
            (payload, Some(module)) => module.add(component, payload)?,
            _ => {}
        }
    }
    Ok(modules)
}

impl<'a> Module<'a> {
    fn add(&mut self, component: &'a [u8], payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    self.imported_functions += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionStart { unchecked_range, .. } => {
                let range = in_memory(unchecked_range)?;
                self.start = range.start;
                self.code = component.get(range).unwrap_or_default();
            }
            Payload::CodeSectionEntry(body) => {
                let range = in_memory(body.range())?;
                self.functions.push(range.start.saturating_sub(self.start)..range.end.saturating_sub(self.start));
            }
            Payload::CustomSection(section) => {
                self.sections.insert(section.name(), section.data());
                if let KnownCustom::Name(names) = section.as_known() {
                    self.add_names(names);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A damaged name is no name.
    fn add_names(&mut self, names: wasmparser::NameSectionReader<'a>) {
        for part in names.into_iter().flatten() {
            if let Name::Function(functions) = part {
                self.names.extend(functions.into_iter().flatten().map(|naming| (naming.index, naming.name)));
            }
        }
    }

    /// The same module in another file, where its code begins elsewhere.
    pub fn at(&self, start: usize) -> Self {
        Self { start, ..self.clone() }
    }

    pub fn has_lines(&self) -> bool {
        !self.section(".debug_line").is_empty()
    }

    pub fn section(&self, name: &str) -> &'a [u8] {
        self.sections.get(name).copied().unwrap_or_default()
    }

    pub fn contains(&self, offset: usize) -> bool {
        (self.start..self.start + self.code.len()).contains(&offset)
    }

    /// Line tables count from the beginning of the code.
    pub fn address(&self, offset: usize) -> u64 {
        offset.saturating_sub(self.start) as u64
    }

    /// The name of the function at an offset.
    pub fn function(&self, offset: usize) -> Option<&'a str> {
        let place = offset.checked_sub(self.start)?;
        let index = self.functions.iter().position(|range| range.contains(&place))?;
        self.names.get(&(u32::try_from(index).ok()? + self.imported_functions)).copied()
    }
}
