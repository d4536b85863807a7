//! How deep functions are inside each other in line tables: whoever reads what was inlined calls itself for each level.

use addr2line::gimli::{self, Dwarf, Unit};
use anyhow::{Context as _, Result, ensure};

use super::Slice;

/// Deeper than any compiler nests functions, blocks and namespaces, and less than the stack of a thread has room for.
pub const DEEPEST: isize = 500;

/// Looks at all of it before any of it is read.
pub fn check(dwarf: &Dwarf<Slice<'_>>) -> Result<()> {
    let mut units = dwarf.units();
    while let Some(header) = units.next().context("its line tables are damaged")? {
        // One that cannot be read is left out later, too.
        let Ok(unit) = dwarf.unit(header) else { continue };
        let depth = depth(&unit).context("its line tables are damaged")?;
        ensure!(depth <= DEEPEST, "its line tables are deeper than {DEEPEST} levels: no compiler makes such");
    }
    Ok(())
}

fn depth(unit: &Unit<Slice<'_>>) -> gimli::Result<isize> {
    let (mut entries, mut deepest) = (unit.entries_raw(None)?, 0);
    while !entries.is_empty() && deepest <= DEEPEST {
        deepest = deepest.max(entries.next_depth());
        if let Some(entry) = entries.read_abbreviation()? {
            entries.skip_attributes(entry.attributes())?;
        }
    }
    Ok(deepest)
}

#[cfg(test)]
mod tests {
    use crate::debug_info::DebugInfo;

    use super::*;

    /// A unit with a function and the rest inlined into each other, all with the one byte of code there is.
    const ABBREVIATIONS: &[u8] = &[
        1, 0x11, 1, 0x11, 0x01, 0x12, 0x0b, 0, 0, // a unit: where it begins, and how long it is
        2, 0x2e, 1, 0x03, 0x08, 0x11, 0x01, 0x12, 0x0b, 0, 0, // a function: its name, too
        3, 0x1d, 1, 0x03, 0x08, 0x11, 0x01, 0x12, 0x0b, 0, 0, // an inlined one
        0,
    ];

    fn information(levels: usize) -> Vec<u8> {
        let mut entries = b"\x01\0\0\0\0\x01".to_vec();
        for level in 1..levels {
            entries.extend(if level == 1 { b"\x02f\0\0\0\0\0\x01" } else { b"\x03g\0\0\0\0\0\x01" });
        }
        entries.resize(entries.len() + levels, 0);
        // Version 4, the first abbreviations, addresses of four bytes.
        let header = [4, 0, 0, 0, 0, 0, 4];
        let length = u32::try_from(header.len() + entries.len()).unwrap();
        [&length.to_le_bytes()[..], &header, &entries].concat()
    }

    fn component(levels: usize) -> Vec<u8> {
        let information = information(levels);
        let code: &[u8] = b"\x01\x02\0\x0b";
        let sections = [(".debug_info", &information[..]), (".debug_abbrev", ABBREVIATIONS), (".debug_line", b"x")];
        let mut module = wasm_encoder::Module::new();
        module.section(&wasm_encoder::RawSection { id: 1, data: b"\x01\x60\0\0" });
        module.section(&wasm_encoder::RawSection { id: 3, data: b"\x01\0" });
        module.section(&wasm_encoder::RawSection { id: 10, data: code });
        for (name, data) in sections {
            module.section(&wasm_encoder::CustomSection { name: name.into(), data: data.into() });
        }
        let mut component = wasm_encoder::Component::new();
        component.section(&wasm_encoder::ModuleSection(&module));
        component.finish()
    }

    #[test]
    fn the_deepest_are_shown() {
        let component = component(usize::try_from(DEEPEST).unwrap());
        let info = DebugInfo::read(&component, None).unwrap();
        let code = component.windows(4).position(|bytes| bytes == b"\x01\x02\0\x0b").unwrap();
        let places = info.places(code);
        let names: Vec<_> = places.iter().map(|place| place.function.as_deref().unwrap_or_default()).collect();
        assert_eq!((names.len(), names.first(), names.last()), (499, Some(&"g"), Some(&"f")));
    }

    #[test]
    fn deeper_ones_are_refused() {
        for levels in [usize::try_from(DEEPEST).unwrap() + 1, 100_000] {
            let error = DebugInfo::read(&component(levels), None).err().map(|error| format!("{error:#}"));
            let expected = "its line tables are deeper than 500 levels: no compiler makes such";
            assert_eq!(error.as_deref(), Some(expected), "{levels}");
        }
    }
}
