//! The custom sections of a component: what it carries besides code.

use anyhow::{Result, ensure};

/// The JSON Schema of the policy's settings.
const SCHEMA: &str = "prosody-settings-schema";

/// A component with the schema of its settings in it.
pub fn with_schema(mut component: Vec<u8>, schema: &[u8]) -> Result<Vec<u8>> {
    let mut section = Vec::new();
    number(&mut section, SCHEMA.len())?;
    section.extend_from_slice(SCHEMA.as_bytes());
    section.extend_from_slice(schema);
    component.push(0);
    number(&mut component, section.len())?;
    component.extend(section);
    Ok(component)
}

/// LEB128, as WebAssembly writes numbers.
fn number(bytes: &mut Vec<u8>, number: usize) -> Result<()> {
    ensure!(u32::try_from(number).is_ok(), "a section of {number} bytes is too large");
    let mut rest = number;
    while rest >= 0x80 {
        bytes.push((rest & 0x7f) as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_has_its_size_and_its_name() {
        let component = with_schema(b"\0asm".to_vec(), &[b' '; 200]).unwrap();
        assert_eq!(
            component[..7],
            [0, b'a', b's', b'm', 0, 0xe0, 1],
            "223 bytes follow, and one for the name's length"
        );
        assert_eq!(component.len(), 7 + 224);
    }
}
