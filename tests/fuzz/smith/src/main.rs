//! `smith FOLDER COUNT SEED`: components of arbitrary types and modules, and policies of which the core modules are arbitrary.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use arbitrary::Unstructured;
use wasm_smith::{Component, Config, Module};
use wit_component::StringEncoding;

use guest::{Reply, World};

#[path = "../../src/choices.rs"]
mod choices;
#[path = "../../src/guest.rs"]
#[allow(dead_code, reason = "only what makes a module is used here")]
mod guest;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().context("usage: smith FOLDER COUNT SEED");
    let (folder, count, seed) = (PathBuf::from(next()?), next()?.parse::<u64>()?, next()?.parse::<u64>()?);
    fs::create_dir_all(&folder)?;
    let world = World::new(1);
    for number in 0..count {
        let bytes = noise(seed.wrapping_add(number));
        let made = if number % 2 == 0 { component(&bytes) } else { policy(&world, &bytes) };
        if let Some(component) = made.filter(|component| component.len() <= LARGEST) {
            fs::write(folder.join(format!("smith-{number}")), component)?;
        }
    }
    Ok(())
}

/// What a fuzzer changes with any effect.
const LARGEST: usize = 16 * 1024;

/// The same bytes for the same number.
fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let step = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 24) as u8
    };
    std::iter::repeat_with(step).take(2_048).collect()
}

/// What can be compiled in a moment.
fn limits() -> Config {
    Config {
        max_instructions: 200,
        max_memory32_bytes: 64 << 20,
        max_memories: 2,
        max_table_elements: 30_000,
        max_funcs: 20,
        max_imports: 20,
        max_components: 8,
        max_nesting_depth: 6,
        memory64_enabled: false,
        relaxed_simd_enabled: false,
        threads_enabled: false,
        gc_enabled: false,
        exceptions_enabled: false,
        custom_page_sizes_enabled: false,
        ..Config::default()
    }
}

fn component(bytes: &[u8]) -> Option<Vec<u8>> {
    Some(Component::new(limits(), &mut Unstructured::new(bytes)).ok()?.to_bytes())
}

/// A module with the exports of a policy, whatever is in them.
fn policy(world: &World, bytes: &[u8]) -> Option<Vec<u8>> {
    let exports = Some(guest::module(world, Reply::Pass));
    let config = Config { exports, max_imports: 0, min_memories: 1, ..limits() };
    let module = Module::new(config, &mut Unstructured::new(bytes)).ok()?;
    guest::encode(world, module.to_bytes(), StringEncoding::UTF8).ok()
}
