//! Texts with expressions in them: `Stanza from $<@from|bare||"nobody">`.

use crate::complaint::{Complaint, nearest};
use crate::path::{End, Path};

/// A text that is made for each stanza.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(pub Vec<Piece>);

/// A piece of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Always the same.
    Fixed(String),
    /// The stanza's own tag.
    TopTag,
    /// Something in the stanza.
    Value(Value),
}

/// What an expression stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Where it is.
    pub path: Path,
    /// What is made of it, in this order.
    pub functions: Vec<Function>,
    /// What stands there if there is none.
    pub default: String,
}

/// A part of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// Without the resource.
    Bare,
    /// Before the `@`.
    Node,
    /// The server.
    Host,
    /// Behind the slash.
    Resource,
}

const FUNCTIONS: [(&str, Function); 4] =
    [("bare", Function::Bare), ("node", Function::Node), ("host", Function::Host), ("resource", Function::Resource)];

/// The one piece of Lua that the rule files of mod_firewall need.
const TOP_TAG: &str = "stanza:top_tag()";

impl Template {
    /// Reads a text with expressions.
    pub fn new(text: &str) -> Result<Self, Complaint> {
        let mut pieces = Vec::new();
        let mut start = 0;
        while let Some(sign) = next_expression(text, start) {
            fixed(&mut pieces, &text[start..sign]);
            let inside = balanced(&text[sign + 1..]).ok_or_else(|| {
                Complaint::new("an expression is not closed", "Write it like `$<@from|host>`").after(sign)
            })?;
            let piece = if text[sign + 1..].starts_with('(') { lua(inside) } else { value(inside).map(Piece::Value) };
            pieces.push(piece.map_err(|complaint| complaint.after(sign + 2))?);
            start = sign + 3 + inside.len();
        }
        fixed(&mut pieces, &text[start..]);
        Ok(Self(pieces))
    }
}

fn fixed(pieces: &mut Vec<Piece>, text: &str) {
    if !text.is_empty() {
        pieces.push(Piece::Fixed(text.to_owned()));
    }
}

/// Where the next expression begins.
fn next_expression(text: &str, start: usize) -> Option<usize> {
    let rest = &text[start..];
    [rest.find("$("), rest.find("$<")].into_iter().flatten().min().map(|at| start + at)
}

/// What stands inside the bracket with which the text begins.
fn balanced(text: &str) -> Option<&str> {
    let (open, close) = if text.starts_with('(') { (b'(', b')') } else { (b'<', b'>') };
    let mut depth = 0_usize;
    let end = text.bytes().position(|byte| {
        depth += usize::from(byte == open);
        depth -= usize::from(byte == close);
        depth == 0
    })?;
    text.get(1..end)
}

fn lua(inside: &str) -> Result<Piece, Complaint> {
    match inside {
        TOP_TAG => Ok(Piece::TopTag),
        _ => Err(Complaint::new(
            format!("`$({inside})` is Lua, and a policy has none"),
            "Use `$<@from>`, `$<body#>` or another path, or `$(stanza:top_tag())`",
        )),
    }
}

fn value(inside: &str) -> Result<Value, Complaint> {
    let (inside, default) = default(inside);
    let (path, functions) = functions(inside);
    let functions = functions.split('|').filter(|name| !name.is_empty()).map(function).collect::<Result<_, _>>();
    let functions = functions.map_err(|complaint| complaint.after(path.len() + 1))?;
    let path = Path::new(path)?;
    if path.end == End::Element {
        let hint = "Append `#` for its text, or `@name` for an attribute";
        return Err(Complaint::new("this path leads to an element, not to a text", hint));
    }
    Ok(Value { path, functions, default })
}

/// Takes the default off.
fn default(inside: &str) -> (&str, String) {
    let quoted = inside.strip_suffix('"').and_then(|rest| rest.split_once("||\""));
    match quoted {
        Some((path, default)) => (path, crate::escapes::resolved(default)),
        None => (inside, "<undefined>".into()),
    }
}

/// Takes the functions off: all that follows the first bar behind which there are only names and bars.
fn functions(inside: &str) -> (&str, &str) {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'|';
    let names = inside.bytes().rev().take_while(|byte| is_name(*byte)).count();
    let start = inside.len() - names;
    match inside[start..].find('|') {
        Some(bar) => (&inside[..start + bar], &inside[start + bar + 1..]),
        None => (inside, ""),
    }
}

fn function(name: &str) -> Result<Function, Complaint> {
    let known = FUNCTIONS.iter().find(|(known, _)| *known == name).map(|(_, function)| *function);
    known.ok_or_else(|| {
        Complaint::new(format!("there is no function `{name}`"), nearest(name, FUNCTIONS.map(|(known, _)| known)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Fixed(text) => text.clone(),
            Piece::TopTag => "[tag]".into(),
            Piece::Value(Value { path, functions, default }) => {
                format!("[{} {:?} {functions:?} {default}]", path.segments.len(), path.end)
            }
        };
        Template::new(text).unwrap().0.iter().map(piece).collect()
    }

    #[test]
    fn are_read() {
        assert_eq!(told("plain $5 $$x"), "plain $5 $$x");
        assert_eq!(told("$(stanza:top_tag())!"), "[tag]!");
        assert_eq!(told("a $<@from> b"), "a [0 Attribute(\"from\") [] <undefined>] b");
        assert_eq!(told("$<@from|bare|host>"), "[0 Attribute(\"from\") [Bare, Host] <undefined>]");
        assert_eq!(told(r#"$<@type||"normal">"#), "[0 Attribute(\"type\") [] normal]");
        assert_eq!(told(r#"$<@from|node||"no \"one\"">"#), "[0 Attribute(\"from\") [Node] no \"one\"]");
        assert_eq!(
            told("$<{urn:x}a/b@from|host>$<body#>"),
            "[2 Attribute(\"from\") [Host] <undefined>][1 Text [] <undefined>]"
        );
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        for (text, at, what) in [
            ("a $(session.host)", 4, "`$(session.host)` is Lua"),
            ("a $(stanza)", 4, "is Lua"),
            ("ab $<@from", 3, "not closed"),
            ("$<@from|hots>", 8, "no function `hots`"),
            ("$<body>", 2, "leads to an element"),
            ("$<a@>", 3, "the name of the attribute"),
        ] {
            let complaint = Template::new(text).unwrap_err();
            assert!(complaint.at == at && complaint.what.contains(what), "{text}: {complaint:?}");
        }
    }
}
