//! Stanzas in the forms in which Prosody stores them.

use prosody_stanza::{Builder, Excess, Limits, STREAM_NAMESPACE, Stanza, xml};

use super::value::Value;

/// More than Prosody lets anybody send, because a PEP item or a vCard may hold a picture.
pub const LIMITS: Limits =
    Limits { depth: 200, nodes: 200_000, attributes: 256, bytes: 16 * 1024 * 1024, text: 16 * 1024 * 1024 };

/// Is this table an element as `util.stanza.preserialize` writes it?
pub fn is_element(value: &Value) -> bool {
    value.get("name").is_some_and(|name| name.text().is_some())
        && value.get("attr").is_some_and(|attributes| matches!(attributes, Value::Table(_)))
}

/// Reads an element from its table: a name, attributes, and children under numbers. Does not recurse.
pub fn from_table(root: &Value) -> Result<Stanza, Excess> {
    let mut builder = Builder::new(LIMITS);
    let mut open = vec![children(&mut builder, root)?];
    while let Some(rest) = open.last_mut() {
        match rest.next() {
            Some(Value::Text(text)) => builder.text(text.as_bytes())?,
            Some(child) if is_element(child) => open.push(children(&mut builder, child)?),
            Some(_) => return Err(Excess::Malformed),
            None => {
                builder.close()?;
                open.pop();
            }
        }
    }
    builder.finish()
}

/// Opens an element; what is inside is left to the caller.
fn children<'a>(builder: &mut Builder, element: &'a Value) -> Result<std::vec::IntoIter<&'a Value>, Excess> {
    let attribute = |name: &str| element.get("attr").and_then(|attributes| attributes.get(name)).and_then(Value::text);
    let name = element.get("name").and_then(Value::text).unwrap_or_default();
    builder.open(name.as_bytes(), attribute("xmlns").map(str::as_bytes))?;
    for (name, value) in element.get("attr").map(Value::pairs).unwrap_or_default() {
        match (name.text(), value.text()) {
            (Some("xmlns"), _) => {}
            (Some(name), Some(value)) => builder.attribute(name.as_bytes(), value.as_bytes())?,
            _ => return Err(Excess::Malformed),
        }
    }
    Ok(element.list().into_iter())
}

/// What stands in the table of an element and is no part of it. An archive's own notes are not.
pub fn beside_element(element: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let named = element.pairs().iter().filter_map(|(key, value)| Some((key.text()?, value)));
    named.filter(|(name, _)| !["name", "attr", "key", "when", "with"].contains(name))
}

/// Reads an element from XML, as the SQL store keeps it.
pub fn from_xml(text: &str) -> Result<Stanza, Excess> {
    xml::parse(text, STREAM_NAMESPACE, &LIMITS)
}

#[cfg(test)]
mod tests {
    use super::super::lua::parse_file;
    use super::*;

    fn read(written: &str) -> Result<String, Excess> {
        from_table(&parse_file(format!("return {written}").as_bytes()).unwrap()).map(|stanza| stanza.to_xml())
    }

    #[test]
    fn reads_preserialised_elements() {
        let written = "{ name = 'message'; attr = { to = 'a@b'; }; when = 1; { name = 'body'; attr = {}; 'x'; 'y' }; }";
        assert_eq!(read(written).unwrap(), from_xml("<message to='a@b'><body>xy</body></message>").unwrap().to_xml());
    }

    #[test]
    fn refuses_other_tables() {
        for written in
            ["{ name = 'm'; attr = {}; 1 }", "{ name = 'm'; attr = {}; {} }", "{ name = 'm'; attr = { a = 1 } }"]
        {
            assert_eq!(read(written), Err(Excess::Malformed), "{written}");
        }
        assert!(!is_element(&parse_file(b"return { name = 'm' }").unwrap()));
    }
}
