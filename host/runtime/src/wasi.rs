//! Components that want WASI: how to build them without. Compilers bring it along unasked.

/// componentize-qjs leaves this export in what it makes.
pub const JAVASCRIPT: &str = "init";
/// So does componentize-py.
pub const PYTHON: &str = "exports";

/// Why such a component is refused; `None` if it wants none.
pub fn refusal(imports: &[&str], exports: &[&str]) -> Option<String> {
    let mut wanted = imports.iter().filter(|name| name.starts_with("wasi:"));
    let first = wanted.next()?;
    let more = match wanted.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!("it imports {first}{more}, and policies run without WASI: {}", advice(exports)))
}

fn advice(exports: &[&str]) -> &'static str {
    if exports.contains(&JAVASCRIPT) {
        "build it with `prosody-wasm build`, or call componentize-qjs with --sync --stub-wasi"
    } else if exports.contains(&PYTHON) {
        "build it with `prosody-wasm build`, or call componentize-py with --stub-wasi"
    } else {
        "build it with `prosody-wasm build`. By hand: Rust for the target wasm32-unknown-unknown; JavaScript and Python \
         with --stub-wasi; C with -nostdlib, without wasi-libc"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_how_to_do_without() {
        let imports = ["prosody:policy/log@0.1.0", "wasi:cli/environment@0.2.12", "wasi:io/poll@0.2.12"];
        for (exports, expected) in
            [(&[JAVASCRIPT][..], "--sync --stub-wasi"), (&[PYTHON], "componentize-py"), (&[], "wasm32-unknown-unknown")]
        {
            let refusal = refusal(&imports, exports).unwrap();
            assert!(refusal.contains(expected) && refusal.contains("environment@0.2.12 and 1 more"), "{refusal}");
        }
        assert_eq!(refusal(&imports[..1], &[]), None);
    }
}
