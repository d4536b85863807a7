//! Elements that are put into a stanza.

use prosody_policy::edits::NewElement;

use crate::complaint::Complaint;
use crate::program::Action;
use crate::scope::Scope;

/// Reads `<name attribute='value'>text</name>`. As in mod_firewall the text stands for itself: there are no entities.
pub fn inject(_: &mut Scope, text: &str) -> Result<Action, Complaint> {
    element(text.trim()).map(Action::Inject).ok_or_else(|| {
        let hint = "Write one element like `<priority xmlns='urn:x' level='5'>text</priority>`, without others in it";
        Complaint::new("this cannot be put into a stanza", hint)
    })
}

fn element(text: &str) -> Option<NewElement> {
    let (tag, rest) = text.strip_prefix('<')?.split_once('>')?;
    let tag = tag.strip_suffix('/').filter(|_| rest.is_empty()).unwrap_or(tag);
    let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    let inside = if rest.is_empty() { "" } else { rest.strip_suffix(&format!("</{name}>"))? };
    let mut element = NewElement { name: name.to_owned(), text: inside.to_owned(), ..NewElement::default() };
    for (key, value) in attributes_of(attributes)? {
        match key {
            "xmlns" => element.namespace = value.to_owned(),
            _ => element.attributes.push((key.to_owned(), value.to_owned())),
        }
    }
    is_sound(&element).then_some(element)
}

/// The attributes in a tag.
fn attributes_of(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut attributes = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, behind) = rest.split_once('=')?;
        let quote = behind.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let (value, behind) = behind[1..].split_once(quote)?;
        attributes.push((name, value));
        rest = behind.trim_start();
    }
    Some(attributes)
}

/// Would the server take it? What it refuses is found here, and not when the first stanza comes.
fn is_sound(element: &NewElement) -> bool {
    let is_name = |name: &str| {
        let starts = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
        starts && name.len() <= 256 && name.chars().all(|sign| sign.is_alphanumeric() || "-_.".contains(sign))
    };
    let is_text =
        |text: &str| !text.contains(['<', '>']) && !text.contains(|sign: char| sign.is_control() && sign != '\t');
    let is_attribute =
        |(name, value): &(String, String)| is_name(name.strip_prefix("xml:").unwrap_or(name)) && is_text(value);
    is_name(&element.name)
        && is_text(&element.text)
        && is_text(&element.namespace)
        && element.attributes.iter().all(is_attribute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_read() {
        let told = |text: &str| {
            element(text).map(|NewElement { name, namespace, attributes, text }| {
                let attributes: Vec<String> =
                    attributes.iter().map(|(name, value)| format!("{name}={value}")).collect();
                format!("{name}|{namespace}|{}|{text}", attributes.join(","))
            })
        };
        for (text, expected) in [
            ("<a/>", "a|||"),
            ("<a />", "a|||"),
            ("<a>", "a|||"),
            ("<a></a>", "a|||"),
            ("<a xmlns='urn:x' b=\"it's\" xml:lang='de'>t &amp; u</a>", "a|urn:x|b=it's,xml:lang=de|t &amp; u"),
        ] {
            assert_eq!(told(text).as_deref(), Some(expected), "{text}");
        }
        for wrong in [
            "a",
            "<a>b",
            "<a/>b</a>",
            "<a><b/></a>",
            "<a/><b/>",
            "<a b/>",
            "<a b='c/>",
            "<1/>",
            "<a b='\u{1}'/>",
            "<p:a/>",
            "<a></b>",
        ] {
            assert_eq!(told(wrong), None, "{wrong}");
        }
    }
}
