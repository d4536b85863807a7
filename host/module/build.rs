//! Linker settings of the library.

fn main() {
    // Lua closes its libraries at exit while our thread may still be running in this one.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    // A thirtieth of its size: what is to be relocated, in few bytes. Debian 12 has the first C library that reads it.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,pack-relative-relocs");
}
