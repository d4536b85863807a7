//! Components that [wasm-smith](https://docs.rs/wasm-smith) makes of bytes: any, and such as are a policy from outside.

use std::collections::HashMap;

use libfuzzer_sys::arbitrary::Unstructured;
use wasm_encoder::{CodeSection, Function, RawSection};
use wasm_smith::{Component, Config, Module};
use wasmparser::{ExternalKind, Parser, Payload, TypeRef};
use wit_component::StringEncoding;

use super::choices::Choices;
use super::guest::{self, World};

/// A component of any types, modules and instances. `None` when the bytes do not yield one.
pub fn component(choices: &mut Choices<'_>) -> Option<Vec<u8>> {
    let config = Config { max_components: 8, max_nesting_depth: 6, ..config(choices) };
    let made = Component::new(config, &mut Unstructured::new(choices.rest())).ok()?;
    Some(made.to_bytes())
}

/// A component with the imports and exports of a policy, in which the functions are whatever the bytes yield. Is it
/// `presentable`, then what is called before it judges anything is a policy's: else few would get so far.
pub fn policy(world: &World, presentable: bool, choices: &mut Choices<'_>) -> Option<Vec<u8>> {
    let shape = guest::shape(world, choices);
    let config = Config { module_shape: Some(shape), allow_start_export: !presentable, ..config(choices) };
    let made = Module::new(config, &mut Unstructured::new(choices.rest())).ok()?.to_bytes();
    let module = if presentable { with_functions(&made, &guest::introduction(world))? } else { made };
    guest::encode(world, module, StringEncoding::UTF8).ok()
}

/// What is compiled in a moment. Once in eight times with what the host does not have.
fn config(choices: &mut Choices<'_>) -> Config {
    let strange = choices.once_in(8);
    Config {
        max_instructions: 200,
        max_funcs: 20,
        max_imports: 20,
        max_memory32_bytes: 64 << 20,
        compact_imports_enabled: strange,
        custom_page_sizes_enabled: strange,
        exceptions_enabled: strange,
        gc_enabled: strange,
        memory64_enabled: strange,
        reference_types_enabled: strange,
        relaxed_simd_enabled: strange,
        threads_enabled: strange,
        wide_arithmetic_enabled: strange,
        ..Config::default()
    }
}

/// The module with these bodies in place of its own, by the names of exports.
fn with_functions(module: &[u8], bodies: &HashMap<String, Function>) -> Option<Vec<u8>> {
    let mut made = wasm_encoder::Module::new();
    let (mut imported, mut replaced) = (0, HashMap::new());
    let (mut code, mut left) = (CodeSection::new(), 0);
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.ok()?;
        match &payload {
            Payload::ImportSection(imports) => {
                let imports = imports.clone().into_imports();
                imported = imports.flatten().filter(|import| matches!(import.ty, TypeRef::Func(_))).count() as u32;
            }
            Payload::ExportSection(exports) => {
                let functions = exports.clone().into_iter().flatten().filter(|one| one.kind == ExternalKind::Func);
                replaced.extend(functions.filter_map(|one| Some((one.index, bodies.get(one.name)?))));
            }
            Payload::CodeSectionStart { count, .. } => left = *count,
            Payload::CodeSectionEntry(body) => {
                match replaced.get(&(imported + code.len())) {
                    Some(function) => code.function(function),
                    None => code.raw(body.as_bytes()),
                };
                left -= 1;
                if left == 0 {
                    made.section(&code);
                }
            }
            _ => {}
        }
        if let Some((id, range)) = payload.as_section().filter(|(id, _)| *id != CODE) {
            made.section(&RawSection { id, data: module.get(range.start as usize..range.end as usize)? });
        }
    }
    Some(made.finish())
}

/// The number of the section with code.
const CODE: u8 = 10;
