//! Paths into a stanza: `{namespace}name/name#`, `{namespace}name@attribute`.

use prosody_policy::STREAM_NAMESPACE;

use crate::complaint::Complaint;

/// A path, from the stanza on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The elements on the way.
    pub segments: Vec<Segment>,
    /// What is looked for there.
    pub end: End,
}

/// One element on the way: the first that fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its namespace; that of the element around when none is given.
    pub namespace: Option<String>,
    /// Its name; any when none is given.
    pub name: Option<String>,
}

/// What is looked for at the end of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The last element.
    Element,
    /// Its text. An element with others inside has none.
    Text,
    /// An attribute of it, or of the stanza.
    Attribute(String),
}

/// Elements on the way; more are no deeper than a stanza may be.
const MOST_SEGMENTS: usize = 64;

impl Path {
    /// Reads a path.
    pub fn new(text: &str) -> Result<Self, Complaint> {
        let mut segments = Vec::new();
        let mut rest = text;
        loop {
            let here = |complaint: Complaint| complaint.after(text.len() - rest.len());
            if let Some(name) = rest.strip_prefix('@') {
                let end = attribute(name).map(End::Attribute).map_err(here)?;
                return Ok(Self { segments, end });
            }
            let (segment, sign, behind) = segment(rest).map_err(here)?;
            segments.push(segment);
            if segments.len() > MOST_SEGMENTS {
                return Err(here(Complaint::new("the path is too long", "No stanza is as deep as that")));
            }
            match behind {
                "" => return Ok(Self { segments, end: if sign == "#" { End::Text } else { End::Element } }),
                behind => rest = behind,
            }
        }
    }

    /// Does it lead to a text?
    pub fn is_text(&self) -> bool {
        self.end != End::Element
    }

    /// The namespace that a child of the stanza must have, if this is to be found.
    pub fn payload(&self) -> Option<&str> {
        self.segments.first().and_then(|segment| segment.namespace.as_deref())
    }
}

/// The namespaces of streams are one (see `envelope` in `wit/`).
pub fn comparable(namespace: &str) -> &str {
    match namespace {
        "jabber:server" | "jabber:component:accept" => STREAM_NAMESPACE,
        other => other,
    }
}

/// The first element of a path, the sign behind it, and what follows.
fn segment(text: &str) -> Result<(Segment, &str, &str), Complaint> {
    let (namespace, name) = match text.strip_prefix('{') {
        None => (None, text),
        Some(rest) => {
            let unclosed =
                || Complaint::new("`}` is missing behind the namespace", "Write it like `{urn:xmpp:ping}ping`");
            let (namespace, name) =
                rest.split_once('}').filter(|(namespace, _)| !namespace.is_empty()).ok_or_else(unclosed)?;
            (Some(comparable(namespace).to_owned()), name)
        }
    };
    let length = name.find(['@', '/', '#']).unwrap_or(name.len());
    let (name, behind) = name.split_at(length);
    let sign = if behind.starts_with(['/', '#']) { &behind[..1] } else { "" };
    Ok((Segment { namespace, name: (!name.is_empty()).then(|| name.to_owned()) }, sign, &behind[sign.len()..]))
}

/// The name under which an attribute is found.
fn attribute(text: &str) -> Result<String, Complaint> {
    let hint = "Write `@name`, or `@{namespace}name` for one with a namespace";
    if let Some(rest) = text.strip_prefix('{') {
        let parts = rest.split_once('}').filter(|(namespace, name)| !namespace.is_empty() && !name.is_empty());
        let (namespace, name) = parts.ok_or_else(|| Complaint::new("this is not the name of an attribute", hint))?;
        return Ok(format!("{namespace}\u{1}{name}"));
    }
    match text.split_once(':') {
        _ if text.is_empty() => Err(Complaint::new("the name of the attribute is missing", hint)),
        Some((prefix, _)) if prefix != "xml" => {
            Err(Complaint::new(format!("nobody knows what the prefix `{prefix}` means in a stanza"), hint))
        }
        _ => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let Path { segments, end } = Path::new(text).unwrap();
        let segment = |Segment { namespace, name }: &Segment| {
            format!("{}|{}", namespace.as_deref().unwrap_or("-"), name.as_deref().unwrap_or("*"))
        };
        let segments: Vec<String> = segments.iter().map(segment).collect();
        format!("{} {end:?}", segments.join(" "))
    }

    #[test]
    fn are_read_as_in_prosody() {
        assert_eq!(told("body#"), "-|body Text");
        assert_eq!(told("@type"), " Attribute(\"type\")");
        assert_eq!(told("@xml:lang"), " Attribute(\"xml:lang\")");
        assert_eq!(told("{urn:x}a/b@c"), "urn:x|a -|b Attribute(\"c\")");
        assert_eq!(told("{urn:x}a/{urn:y}b/@{urn:z}c"), "urn:x|a urn:y|b Attribute(\"urn:z\\u{1}c\")");
        assert_eq!(told("{http://x/y#z}"), "http://x/y#z|* Element");
        assert_eq!(told("a/"), "-|a Element");
        assert_eq!(told("a#b"), "-|a -|b Element");
        assert_eq!(told("#"), "-|* Text");
        assert_eq!(Path::new("{urn:x}a/b").unwrap().payload(), Some("urn:x"));
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        for (path, at, what) in [
            ("{urn:x", 0, "`}` is missing"),
            ("a/{}b", 2, "`}` is missing"),
            ("a@", 1, "the name of the attribute is missing"),
            ("a@b:c", 1, "prefix `b`"),
            ("@{urn:x}", 0, "not the name of an attribute"),
        ] {
            let complaint = Path::new(path).unwrap_err();
            assert!(complaint.at == at && complaint.what.contains(what), "{path}: {complaint:?}");
        }
        assert!(Path::new(&"a/".repeat(65)).is_err());
    }
}
