//! XML text, in and out.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write;

use quick_xml::escape::escape;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, NamespaceResolver, PrefixDeclaration, QName, ResolveResult};
use quick_xml::reader::NsReader;

use crate::element::Element;
use crate::{Builder, Excess, Limits, STREAM_NAMESPACE, Stanza};

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// Parses one stanza that arrived on a stream whose default namespace is `stream`.
///
/// Comments, processing instructions and document types are refused, as XMPP does (RFC 6120 §11.1).
pub fn parse(text: &str, stream: &str, limits: &Limits) -> Result<Stanza, Excess> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut parser = Parser { builder: Builder::new(*limits), text: String::new(), limits, stream };
    loop {
        match reader.read_event().map_err(|_| Excess::Malformed)? {
            Event::Start(start) => {
                parser.flush()?;
                parser.open(reader.resolver(), &start)?;
            }
            Event::End(_) => {
                parser.flush()?;
                parser.builder.close()?;
            }
            Event::Text(piece) => parser.push(&with_line_ends(&piece))?,
            Event::CData(piece) => parser.push(&with_line_ends(&piece))?,
            Event::GeneralRef(reference) => {
                let name = &*reference;
                let text =
                    quick_xml::escape::unescape(&format!("&{name};")).map_err(|_| Excess::Malformed)?.into_owned();
                parser.push(&text)?;
            }
            Event::Eof => return parser.builder.finish(),
            _ => return Err(Excess::Malformed),
        }
    }
}

struct Parser<'a> {
    builder: Builder,
    /// Adjacent text, joined as Prosody's parser does.
    text: String,
    limits: &'a Limits,
    stream: &'a str,
}

impl Parser<'_> {
    fn open(&mut self, resolver: &NamespaceResolver, start: &BytesStart<'_>) -> Result<(), Excess> {
        qualified(start.name())?;
        let (resolved, local) = resolver.resolve_element(start.name());
        let namespace = match resolved {
            ResolveResult::Bound(bound) => self::namespace(bound)?,
            ResolveResult::Unbound => Cow::Borrowed(self.stream),
            ResolveResult::Unknown(_) => return Err(Excess::Malformed),
        };
        self.builder.open(local.into_inner().as_bytes(), Some(namespace.as_bytes()))?;
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| Excess::Malformed)?;
            qualified(attribute.key)?;
            if attribute.key.as_namespace_binding().is_some_and(|binding| is_declaration(&binding)) {
                continue;
            }
            let value = normalized(&attribute)?;
            let (resolved, local) = resolver.resolve_attribute(attribute.key);
            self.builder.attribute(attribute_name(&resolved, local.into_inner())?.as_bytes(), value.as_bytes())?;
        }
        Ok(())
    }

    fn push(&mut self, piece: &str) -> Result<(), Excess> {
        if self.text.len() + piece.len() > self.limits.bytes {
            return Err(Excess::Bytes);
        }
        self.text.push_str(piece);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Excess> {
        if self.text.is_empty() {
            return Ok(());
        }
        let text = std::mem::take(&mut self.text);
        self.builder.text(text.as_bytes())
    }
}

/// The reader takes whatever stands before `=` or a space for a name. It is one of XML, with a prefix at most (Namespaces in
/// XML §4).
fn qualified(QName(name): QName<'_>) -> Result<(), Excess> {
    name.splitn(2, ':').all(is_name).then_some(()).ok_or(Excess::Malformed)
}

fn is_name(name: &str) -> bool {
    name.chars().next().is_some_and(starts_name) && name.chars().all(continues_name)
}

/// XML 1.0 §2.3, without the colon.
fn starts_name(character: char) -> bool {
    matches!(character, 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}' | '\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn continues_name(character: char) -> bool {
    starts_name(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}' | '\u{2040}')
}

/// Whatever ends a line is a line feed (XML 1.0 §2.11). One that was written as a reference stays what it is.
fn with_line_ends(text: &str) -> Cow<'_, str> {
    match text.contains('\r') {
        true => Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n")),
        false => Cow::Borrowed(text),
    }
}

/// What a reader would take for something else is written as a reference: line ends, in attributes all white space.
fn written(text: &str, changed: &[(char, &str)]) -> String {
    let escaped = escape(text).into_owned();
    let needed = changed.iter().filter(|(character, _)| text.contains(*character));
    needed.fold(escaped, |text, (character, reference)| text.replace(*character, reference))
}

const IN_TEXTS: [(char, &str); 1] = [('\r', "&#13;")];
const IN_ATTRIBUTES: [(char, &str); 3] = [('\r', "&#13;"), ('\n', "&#10;"), ('\t', "&#9;")];

fn is_declaration(binding: &PrefixDeclaration<'_>) -> bool {
    matches!(binding, PrefixDeclaration::Default | PrefixDeclaration::Named(_))
}

/// An attribute's value with its references resolved.
fn normalized<'a>(attribute: &Attribute<'a>) -> Result<Cow<'a, str>, Excess> {
    attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|_| Excess::Malformed)
}

/// A namespace, which the reader gives as its declaration is written, although that is an attribute like any other.
fn namespace(Namespace(written): Namespace<'_>) -> Result<Cow<'_, str>, Excess> {
    let name = normalized(&Attribute { key: QName("xmlns"), value: Cow::Borrowed(written) })?;
    // No character of XML 1.0, and what Prosody puts between a namespace and a name.
    if name.contains('\u{1}') { Err(Excess::Malformed) } else { Ok(name) }
}

/// Prosody's spelling: `xml:lang` as it is, others as `NAMESPACE\u{1}LOCAL`.
fn attribute_name(resolved: &ResolveResult<'_>, local: &str) -> Result<String, Excess> {
    match resolved {
        ResolveResult::Unbound => Ok(local.to_owned()),
        ResolveResult::Bound(bound) => match &*namespace(*bound)? {
            XML_NAMESPACE => Ok(format!("xml:{local}")),
            name => Ok(format!("{name}\u{1}{local}")),
        },
        ResolveResult::Unknown(_) => Err(Excess::Malformed),
    }
}

impl Stanza {
    /// The stanza as XML text. Namespaces are written where they change, so the text is not byte for byte
    /// what arrived, but says the same.
    pub fn to_xml(&self) -> String {
        let mut writer = Writer { text: String::new(), open: Vec::new() };
        for number in 0..self.len() as u32 {
            writer.close_until(number);
            match (self.element(number), self.text_node(number)) {
                (Some(element), _) => writer.open(element, self.nodes[number as usize].end),
                (None, text) => writer.text.push_str(&written(text.unwrap_or_default(), &IN_TEXTS)),
            }
        }
        writer.close_until(self.len() as u32);
        writer.text
    }
}

struct Writer<'a> {
    text: String,
    /// The elements around, and the node number at which each ends.
    open: Vec<(&'a str, u32)>,
}

impl<'a> Writer<'a> {
    fn open(&mut self, element: Element<'a>, end: u32) {
        let _ = write!(self.text, "<{}", element.name());
        let around = element.parent().map_or(STREAM_NAMESPACE, Element::namespace);
        if around != element.namespace() {
            let _ = write!(self.text, " xmlns='{}'", written(element.namespace(), &IN_ATTRIBUTES));
        }
        self.attributes(element);
        match end == element.number() + 1 {
            true => self.text.push_str("/>"),
            false => {
                self.text.push('>');
                self.open.push((element.name(), end));
            }
        }
    }

    fn attributes(&mut self, element: Element<'_>) {
        let mut prefixes = HashMap::new();
        for (name, value) in element.attributes() {
            let value = written(value, &IN_ATTRIBUTES);
            let _ = match name.split_once('\u{1}') {
                None => write!(self.text, " {name}='{value}'"),
                Some((namespace, local)) => {
                    let next = prefixes.len();
                    let prefix = *prefixes.entry(namespace).or_insert(next);
                    if prefix == next {
                        let namespace = written(namespace, &IN_ATTRIBUTES);
                        let _ = write!(self.text, " xmlns:ns{prefix}='{namespace}'");
                    }
                    write!(self.text, " ns{prefix}:{local}='{value}'")
                }
            };
        }
    }

    fn close_until(&mut self, number: u32) {
        while let Some((name, end)) = self.open.last()
            && *end <= number
        {
            let _ = write!(self.text, "</{name}>");
            self.open.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Node;

    fn shape(element: Element<'_>) -> Vec<String> {
        element
            .children()
            .map(|child| match child {
                Node::Element(element) => format!("{}|{}", element.namespace(), element.name()),
                Node::Text(_, text) => format!("{text:?}"),
            })
            .collect()
    }

    fn check(text: &str, stream: &str, expected: &[&str]) {
        let stanza = parse(text, stream, &Limits::default()).unwrap();
        assert_eq!(shape(stanza.root()), expected, "{text}");
        let again = parse(&stanza.to_xml(), "jabber:client", &Limits::default()).unwrap();
        assert_eq!(again.to_xml(), stanza.to_xml());
    }

    #[test]
    fn children_and_namespaces() {
        check("<message><body>a</body>b</message>", "jabber:client", &["jabber:client|body", "\"b\""]);
        check("<message><body xmlns='jabber:server'>a</body></message>", "jabber:client", &["jabber:client|body"]);
        check("<message><body>a</body></message>", "jabber:server", &["jabber:client|body"]);
        check("<message><p:x xmlns:p='urn:x'/></message>", "jabber:client", &["urn:x|x"]);
        check("<message>a<![CDATA[<b>]]>&amp;&#99;</message>", "jabber:client", &["\"a<b>&c\""]);
        check("<message>a\r\nb\rc<![CDATA[\r\n]]>&#13;</message>", "jabber:client", &["\"a\\nb\\nc\\n\\r\""]);
        check(
            "<message xmlns:p='urn:p' p:a='1' xml:lang='de'><x xmlns='urn:x'><y xmlns=''/></x></message>",
            "jabber:client",
            &["urn:x|x"],
        );
    }

    /// White space in attributes is no other when it was written and read.
    #[test]
    fn attributes_stay_what_they_are() {
        let stanza = parse("<a b='1&#10;2&#9;3&#13;4\n5'/>", "jabber:client", &Limits::default()).unwrap();
        assert_eq!(stanza.root().attribute("b"), Some("1\n2\t3\r4 5"));
        assert_eq!(parse(&stanza.to_xml(), "jabber:client", &Limits::default()), Ok(stanza));
    }

    /// A fuzzer found one that was another when it was written and read.
    #[test]
    fn namespaces_are_values_of_attributes() {
        check("<message><x xmlns='urn:a&amp;b&#39;\r\n'/></message>", "jabber:client", &["urn:a&b' |x"]);
        check("<message><p:x xmlns:p='a&lt;b'><p:y/></p:x></message>", "jabber:client", &["a<b|x"]);
        check("<message><body xmlns='jabber&#58;server'>a</body></message>", "jabber:client", &["jabber:client|body"]);
        check("<message xmlns='urn:m'><body xmlns='jabber:client'/></message>", "urn:s", &["jabber:client|body"]);
        check("<message><x xmlns='a&#10;b&#13;'/></message>", "jabber:client", &["a\nb\r|x"]);
        let stanza = parse("<a xmlns:p='a&amp;b' p:c='1'/>", "jabber:client", &Limits::default()).unwrap();
        assert_eq!(stanza.root().attribute("a&b\u{1}c"), Some("1"));
        assert_eq!(parse(&stanza.to_xml(), "jabber:client", &Limits::default()), Ok(stanza));
    }

    #[test]
    fn refuses() {
        // Small, so that what is too large is soon there under Miri, too.
        let limits = Limits { nodes: 100, bytes: 1_000, ..Limits::default() };
        for (text, expected) in [
            ("", Excess::Malformed),
            ("<a/><b/>", Excess::Malformed),
            ("<a>", Excess::Malformed),
            ("<a><!-- x --></a>", Excess::Malformed),
            ("<!DOCTYPE a><a/>", Excess::Malformed),
            ("<a>&lol;</a>", Excess::Malformed),
            ("<p:a/>", Excess::Malformed),
            ("<a xmlns:='x'/>", Excess::Malformed),
            // A fuzzer found one whose quotes stand in names: it was read, and what was written of it was not.
            ("<a xmlns:p'u='0' b='c'>8d'='e'></a>", Excess::Malformed),
            ("<a b\0='c'/>", Excess::Malformed),
            ("<a 1b='c'/>", Excess::Malformed),
            ("<a b:c:d='e' xmlns:b='f'/>", Excess::Malformed),
            ("<1a/>", Excess::Malformed),
            ("<a'/>", Excess::Malformed),
            ("<a xmlns='x&#1;y'/>", Excess::Malformed),
            ("<a xmlns='&lol;'/>", Excess::Malformed),
            (&"<a>".repeat(65), Excess::Depth),
            (&format!("<a>{}</a>", "<b/>".repeat(100)), Excess::Nodes),
            (&format!("<a>{}</a>", "x".repeat(1_000)), Excess::Bytes),
            (&format!("<a {}/>", (0..65).map(|n| format!("a{n}='' ")).collect::<String>()), Excess::Attributes),
        ] {
            assert_eq!(parse(text, "jabber:client", &limits), Err(expected), "{:.40}", text);
        }
    }

    #[test]
    fn survives_a_million_levels() {
        let text = "<a>".repeat(1_000_000);
        assert_eq!(parse(&text, "jabber:client", &Limits::default()), Err(Excess::Depth));
    }
}
