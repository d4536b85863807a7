//! Custom sections of a component's file: what it carries besides code.
//!
//! Only those of the component itself count, not those of the modules and components inside it: these have tools'
//! notes of their own. A file is a preamble, then sections of a kind, a length and so many bytes (Component Model,
//! Binary.md); custom ones begin with their name.

use anyhow::{Context, Result, bail, ensure};

use crate::limits;

/// The section with the JSON Schema of a policy's settings.
pub const SETTINGS_SCHEMA: &str = "prosody-settings-schema";

const PREAMBLE: &[u8] = b"\0asm\x0d\0\x01\0";
const CUSTOM: u8 = 0;
/// A number of 32 bits has at most so many bytes.
const LONGEST_NUMBER: usize = 5;

/// The content of the section with this name; an error when there are two, or too many bytes in it.
pub fn find<'a>(component: &'a [u8], name: &str) -> Result<Option<&'a [u8]>> {
    let mut found = None;
    for section in sections(component)? {
        let Some(content) = section?.content_of(name)? else { continue };
        ensure!(found.is_none(), "it has two sections {name}, of which one would be overlooked");
        check_size(name, content)?;
        found = Some(content);
    }
    Ok(found)
}

/// The component with this section, which takes the place of any of the same name.
pub fn put(component: &[u8], name: &str, content: &[u8]) -> Result<Vec<u8>> {
    check_size(name, content)?;
    let mut file = PREAMBLE.to_vec();
    for section in sections(component)? {
        let section = section?;
        if section.content_of(name)?.is_none() {
            file.extend_from_slice(section.whole);
        }
    }
    let mut body = number(name.len())?;
    body.extend_from_slice(name.as_bytes());
    body.extend_from_slice(content);
    file.push(CUSTOM);
    file.extend(number(body.len())?);
    file.extend(body);
    Ok(file)
}

fn check_size(name: &str, content: &[u8]) -> Result<()> {
    let most = limits::SECTION;
    ensure!(content.len() <= most, "its section {name} is larger than {} KiB", most >> 10);
    Ok(())
}

/// A section: all of it, and what comes after kind and length.
struct Section<'a> {
    whole: &'a [u8],
    body: &'a [u8],
}

impl<'a> Section<'a> {
    /// What is in it, when it is a custom one with this name.
    fn content_of(&self, name: &str) -> Result<Option<&'a [u8]>> {
        if self.whole.first() != Some(&CUSTOM) {
            return Ok(None);
        }
        let mut reader = Reader(self.body);
        let length = reader.number()?;
        let found = reader.take(length)?;
        Ok((found == name.as_bytes()).then_some(reader.0))
    }
}

fn sections(component: &[u8]) -> Result<impl Iterator<Item = Result<Section<'_>>>> {
    let mut reader = Reader(component.strip_prefix(PREAMBLE).context("it is not a component")?);
    Ok(std::iter::from_fn(move || {
        let section = (!reader.0.is_empty()).then(|| reader.section());
        // After an error there is no telling where the next one begins.
        if matches!(section, Some(Err(_))) {
            reader.0 = &[];
        }
        section
    }))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn section(&mut self) -> Result<Section<'a>> {
        let start = self.0;
        self.take(1)?;
        let length = self.number()?;
        let body = self.take(length)?;
        Ok(Section { whole: &start[..start.len() - self.0.len()], body })
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self
            .0
            .split_at_checked(length)
            .context("it ends in the middle of a section: build it, or copy it, again")?;
        self.0 = rest;
        Ok(taken)
    }

    /// LEB128, as everywhere in WebAssembly.
    fn number(&mut self) -> Result<usize> {
        let mut value = 0_u64;
        for place in 0..LONGEST_NUMBER {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(usize::try_from(u32::try_from(value)?)?);
            }
        }
        bail!("the length of a section has more than {LONGEST_NUMBER} bytes")
    }
}

fn number(value: usize) -> Result<Vec<u8>> {
    let mut rest = u32::try_from(value).context("a section of 4 GiB")?;
    let mut bytes = Vec::new();
    loop {
        let low = (rest & 0x7f) as u8;
        rest >>= 7;
        if rest == 0 {
            bytes.push(low);
            return Ok(bytes);
        }
        bytes.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = SETTINGS_SCHEMA;

    fn with(sections: &[&[u8]]) -> Vec<u8> {
        [PREAMBLE, &sections.concat()].concat()
    }

    #[test]
    fn what_is_put_is_found_once() {
        // A core module inside, whose own custom section of that name is not the component's.
        let inner = put(PREAMBLE, NAME, b"inner").unwrap();
        let mut module = vec![1];
        module.extend(number(inner.len()).unwrap());
        module.extend(inner);
        let bare = with(&[&module]);
        assert_eq!(find(&bare, NAME).unwrap(), None);
        let long = vec![b'x'; 20_000];
        for content in [&b"{}"[..], b"", &long] {
            let once = put(&bare, NAME, content).unwrap();
            assert_eq!(find(&once, NAME).unwrap(), Some(content));
            let other = put(&once, "other", b"y").unwrap();
            let again = put(&other, NAME, b"new").unwrap();
            assert_eq!(find(&again, NAME).unwrap(), Some(&b"new"[..]));
            assert_eq!(find(&again, "other").unwrap(), Some(&b"y"[..]));
            assert_eq!(again.len(), put(&put(&bare, "other", b"y").unwrap(), NAME, b"new").unwrap().len());
        }
    }

    fn refused(file: &[u8], expected: &str) {
        let error = find(file, NAME).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn hostile_files_are_refused() {
        let sound = put(PREAMBLE, NAME, b"{}").unwrap();
        let section = &sound[PREAMBLE.len()..];
        refused(b"", "not a component");
        refused(b"\0asm\x01\0\0\0", "not a component");
        refused(&with(&[section, section]), "two sections");
        refused(&with(&[&[0, 0x80, 0x80, 0x80, 0x80, 0x80, 0]]), "more than 5 bytes");
        refused(&with(&[&[0, 0xff, 0xff, 0xff, 0xff, 0x7f]]), "out of range");
        refused(&with(&[&[0, 0xff, 0xff, 0xff, 0xff, 0x0f]]), "in the middle");
        refused(&with(&[&[0, 2, 9, b'x']]), "in the middle");
        refused(&with(&[&[0, 0]]), "in the middle");
        let mut large = vec![NAME.len() as u8];
        large.extend(NAME.as_bytes());
        large.resize(limits::SECTION + 100, b' ');
        refused(&with(&[&[0], &number(large.len()).unwrap(), &large]), "larger than 64 KiB");
        assert!(put(PREAMBLE, NAME, &large).is_err());
        for length in PREAMBLE.len() + 1..sound.len() {
            refused(&sound[..length], "in the middle");
        }
    }
}
