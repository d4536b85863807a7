//! XMPP addresses, split as Prosody splits them, and what a rule compares them with.

use crate::complaint::Complaint;
use crate::pattern::{Budget, Pattern};

/// An address in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// Before the `@`.
    pub node: Option<&'a str>,
    /// The server.
    pub host: &'a str,
    /// Behind the slash.
    pub resource: Option<&'a str>,
    /// Without the resource.
    pub bare: &'a str,
}

impl<'a> Address<'a> {
    /// The parts of an address; none if it is not one.
    pub fn split(text: &'a str) -> Option<Self> {
        let (bare, resource) = text.split_once('/').map_or((text, None), |(bare, rest)| (bare, Some(rest)));
        let (node, host) = bare.split_once('@').map_or((None, bare), |(node, host)| (Some(node), host));
        let is_one = !host.is_empty() && !host.contains('@') && node != Some("") && resource != Some("");
        is_one.then_some(Self { node, host, resource, bare })
    }
}

/// What an address is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressPattern {
    node: Part,
    host: Part,
    /// Without it any resource, or none.
    resource: Option<Part>,
}

/// What one part is compared with.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    Absent,
    Present,
    Exactly(String),
    Like(Pattern),
}

impl AddressPattern {
    /// Reads `user@host/resource`, where each part may be a text, `<*>`, `<a*b?c>` or `<<Lua pattern>>`.
    pub fn new(text: &str) -> Result<Self, Complaint> {
        let Address { node, host, resource, .. } = Address::split(text).ok_or_else(|| {
            Complaint::new(
                "this is not an address",
                "Write it like `user@example.org`, `example.org` or `<*>@example.org`",
            )
        })?;
        let part =
            |part: &str| Part::new(part).map_err(|complaint| complaint.after(text.find(part).unwrap_or_default()));
        Ok(Self {
            node: node.map_or(Ok(Part::Absent), part)?,
            host: part(host)?,
            resource: resource.map(part).transpose()?,
        })
    }

    /// Does it match? What is no address never does.
    pub fn matches(&self, address: Option<Address>, budget: &mut Budget) -> bool {
        let Some(Address { node, host, resource, .. }) = address else { return false };
        self.node.matches(node, budget)
            && self.host.matches(Some(host), budget)
            && self.resource.as_ref().is_none_or(|part| part.matches(resource, budget))
    }
}

impl Part {
    fn new(text: &str) -> Result<Self, Complaint> {
        let inside = |text: &'_ str| text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).map(str::to_owned);
        let Some(glob) = inside(text) else { return Ok(Self::Exactly(text.to_owned())) };
        if glob == "*" {
            return Ok(Self::Present);
        }
        let pattern = inside(&glob).unwrap_or_else(|| from_glob(&glob));
        Pattern::whole(&pattern).map(Self::Like).map_err(|(at, what)| {
            Complaint::new(format!("this is not a Lua pattern: {what}"), "See §6.4.1 of the manual of Lua")
                .after(2 + at)
        })
    }

    fn matches(&self, part: Option<&str>, budget: &mut Budget) -> bool {
        match self {
            Self::Absent => part.is_none(),
            Self::Present => part.is_some(),
            Self::Exactly(text) => part == Some(text),
            Self::Like(pattern) => part.is_some_and(|part| pattern.is_in(part, budget)),
        }
    }
}

/// `*` stands for anything, `?` for one byte, everything else for itself.
fn from_glob(glob: &str) -> String {
    let mut pattern = String::new();
    for character in glob.chars() {
        match character {
            '*' => pattern.push_str(".*"),
            '?' => pattern.push('.'),
            sign if sign.is_ascii_punctuation() => pattern.extend(['%', sign]),
            other => pattern.push(other),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_split_as_in_prosody() {
        let parts = |text| Address::split(text).map(|Address { node, host, resource, .. }| (node, host, resource));
        assert_eq!(parts("a@b/c@d/e"), Some((Some("a"), "b", Some("c@d/e"))));
        assert_eq!(parts("b"), Some((None, "b", None)));
        assert_eq!(parts("b/c"), Some((None, "b", Some("c"))));
        for wrong in ["", "@b", "a@", "a@b@c", "a@b/", "/c", "b/", "a@/c"] {
            assert_eq!(parts(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn is_compared_part_by_part() {
        let rows = [
            ("alice@x", "alice@x/desk", true),
            ("alice@x", "Alice@x", false),
            ("x", "alice@x", false),
            ("x", "x/r", true),
            ("<*>@x", "alice@x", true),
            ("<*>@x", "x", false),
            ("<*>@<*>/<*>", "a@x/r", true),
            ("<*>@<*>/<*>", "a@x", false),
            ("admin@<*.x.org>", "admin@a.b.x.org", true),
            ("admin@<*.x.org>", "admin@x.org", false),
            ("<adm?n>@x", "admyn@x", true),
            ("<a.b>@x", "acb@x", false),
            ("<<admin%d*>>@x", "admin12@x", true),
            ("<<admin%d*>>@x", "badmin1@x", false),
            ("alice@x/<<d.*>>", "alice@x/desk", true),
            ("alice@x/desk", "alice@x/phone", false),
        ];
        for (pattern, address, expected) in rows {
            let pattern = AddressPattern::new(pattern).unwrap();
            let found = pattern.matches(Address::split(address), &mut Budget::default());
            assert_eq!(found, expected, "{pattern:?} {address}");
        }
        assert!(!AddressPattern::new("<*>").unwrap().matches(None, &mut Budget::default()));
    }

    #[test]
    fn what_is_wrong_has_a_place() {
        assert_eq!(AddressPattern::new("a@b@c").unwrap_err().at, 0);
        let complaint = AddressPattern::new("<*>@<<a[>>").unwrap_err();
        assert!(complaint.at == 7 && complaint.what.contains("`]` is missing"), "{complaint:?}");
    }
}
