//! Linker settings of the library.

fn main() {
    // Lua closes its libraries at exit while our thread may still be running in this one.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    // A table of 10,000 relocations in a tenth of its size (glibc 2.36, which Debian 12 has).
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,pack-relative-relocs");
}
