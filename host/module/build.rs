//! Linker settings of the library.

fn main() {
    // Lua closes its libraries at exit while our thread may still be running in this one.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
}
