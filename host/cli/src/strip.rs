//! `strip`: a component without the names and lines of its source, which stay in the file it was made from.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Args;
use prosody_wasm_runtime::Source;
use wasm_encoder::{ComponentSectionId, Encode, SectionId};
use wasmparser::BinaryReader;

use crate::replacing::replace;
use crate::{confinement, nesting, print};

/// Write a component without the names and lines of its source; `explain --debug` finds them in the original
#[derive(Args)]
pub struct Arguments {
    /// The component
    file: PathBuf,
    /// Where to write the smaller one
    output: PathBuf,
}

/// Bytes before the first section: the magic word, the version and what it is.
const HEADER: usize = 8;
const IS_COMPONENT: u8 = 1;

pub fn run(arguments: &Arguments) -> Result<bool> {
    confinement::confine()?;
    let source = Source::read(&arguments.file, None)?;
    nesting::check(&source.bytes).with_context(|| arguments.file.display().to_string())?;
    let stripped = stripped(&source.bytes);
    let stripped = stripped.with_context(|| format!("{} is not a sound component", arguments.file.display()))?;
    replace(&arguments.output, &stripped).with_context(|| format!("cannot write {}", arguments.output.display()))?;
    print::line(&format!("{}: {} of {} bytes", arguments.output.display(), stripped.len(), source.bytes.len()));
    Ok(true)
}

/// A component or module, with all that is inside, without what is only for people. The code stays as it is.
fn stripped(bytes: &[u8]) -> Result<Vec<u8>> {
    ensure!(bytes.len() >= HEADER, "it is too short");
    let is_component = bytes[6] == IS_COMPONENT;
    let mut output = bytes[..HEADER].to_vec();
    let mut reader = BinaryReader::new(&bytes[HEADER..], HEADER as u64);
    while !reader.eof() {
        let (id, length) = (reader.read_u8()?, reader.read_var_u32()?);
        let data = reader.read_bytes(length as usize)?;
        if id == SectionId::Custom as u8 && is_for_people(data)? {
            continue;
        }
        let inner =
            is_component && [ComponentSectionId::CoreModule as u8, ComponentSectionId::Component as u8].contains(&id);
        let data = if inner { stripped(data)? } else { data.to_vec() };
        output.push(id);
        data[..].encode(&mut output);
    }
    Ok(output)
}

fn is_for_people(section: &[u8]) -> Result<bool> {
    let name = BinaryReader::new(section, 0).read_string()?;
    Ok(name == "name" || name == "component-name" || name.starts_with(".debug_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_and_lines_go() {
        let section = |name: &str, data: &[u8]| {
            let name = [&[name.len() as u8], name.as_bytes(), data].concat();
            [&[0, name.len() as u8], &name[..]].concat()
        };
        let module = b"\0asm\x01\0\0\0".to_vec();
        let rich =
            [module.clone(), section("name", b"x"), section(".debug_line", b"y"), section("other", b"z")].concat();
        let plain = [module, section("other", b"z")].concat();
        let component = |module: &[u8]| [b"\0asm\x0d\0\x01\0", &[1, module.len() as u8][..], module].concat();
        assert_eq!(stripped(&component(&rich)).unwrap(), component(&plain));
        for broken in
            [&b"\0asm"[..], b"\0asm\x0d\0\x01\0\0", b"\0asm\x0d\0\x01\0\x01\x7f", b"\0asm\x0d\0\x01\0\x00\x01\x05"]
        {
            assert!(stripped(broken).is_err(), "{broken:?}");
        }
    }
}
