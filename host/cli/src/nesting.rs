//! How deep components are inside each other: each level costs whoever compiles it more than the bytes that it has.

use anyhow::{Result, ensure};
use wasmparser::{Parser, Payload};

/// Deeper than any tool nests them: a policy is one component with modules, those of languages have a second level.
pub const DEEPEST: usize = 32;

/// Looks before anything else is done with a component. What is wrong with it otherwise, the compiler says better.
pub fn check(component: &[u8]) -> Result<()> {
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload {
            Ok(Payload::ComponentSection { .. } | Payload::ModuleSection { .. }) => depth += 1,
            Ok(Payload::End(_)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
            Err(_) => return Ok(()),
        }
        ensure!(depth <= DEEPEST, "more than {DEEPEST} components are inside each other: no tool builds that");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Components in each other, the innermost empty.
    fn nested(levels: usize) -> Vec<u8> {
        (0..levels).fold(b"\0asm\x0d\0\x01\0".to_vec(), |inner, _| {
            let mut length = Vec::new();
            wasm_encoder::Encode::encode(&inner.len(), &mut length);
            [b"\0asm\x0d\0\x01\0\x04", &length[..], &inner].concat()
        })
    }

    #[test]
    fn has_an_end() {
        for (levels, is_fine) in [(0, true), (1, true), (DEEPEST, true), (DEEPEST + 1, false), (20_000, false)] {
            assert_eq!(check(&nested(levels)).is_ok(), is_fine, "{levels}");
        }
        assert!(check(b"\0asm").is_ok(), "whatever is no component");
    }
}
