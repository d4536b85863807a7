//! Targets for a fuzzer, and what they have in common. Each is a function that takes bytes and panics when something
//! that must always be true is not. See docs/fuzzing.md.

mod abi_guest;
pub mod choices;
mod component_load;
mod formats;
mod guest;
mod hostcall_sequence;
mod house;
mod lifecycle;
mod policy_metamorphic;
mod smith;

/// A target by its name, which is also that of the folder with its seeds.
pub const TARGETS: &[(&str, fn(&[u8]))] = &[
    ("abi-guest", abi_guest::run),
    ("component-load", component_load::run),
    ("formats", formats::run),
    ("hostcall-sequence", hostcall_sequence::run),
    ("lifecycle", lifecycle::run),
    ("policy-metamorphic", policy_metamorphic::run),
];

/// The target with this name.
pub fn named(name: &str) -> Option<fn(&[u8])> {
    TARGETS.iter().find(|(other, _)| *other == name).map(|(_, run)| *run)
}
