//! The fuzzer itself: libFuzzer, with the target that `FUZZ_TARGET` names. Its arguments are libFuzzer's own.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let name = std::env::var("FUZZ_TARGET").unwrap_or_default();
    let target = fuzz_lua::TARGETS.iter().find(|(other, _)| *other == name);
    let (name, text) = target.unwrap_or_else(|| panic!("FUZZ_TARGET is {name:?}, which is none of these targets"));
    fuzz_lua::run(name, text, bytes);
});
