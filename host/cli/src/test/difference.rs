//! What came out otherwise than expected, so that it can be read.

use anyhow::Error;
use prosody_stanza::{Element, Node};
use serde::Serialize;
use serde_json::Value;

use crate::cases::{Case, Expectation, stanza};
use crate::print::plain;
use crate::situation::Situation;

/// One thing that came out otherwise.
#[derive(Debug, PartialEq, Serialize)]
pub struct Difference {
    /// What: a field of `expect`, or `case`.
    what: &'static str,
    /// What was expected, one text for each part.
    expected: Vec<String>,
    /// What came out.
    came: Vec<String>,
}

impl Difference {
    /// The case cannot be asked.
    pub fn of_case(error: &Error) -> Self {
        Self { what: "case", expected: Vec::new(), came: vec![plain(&format!("{error:#}"))] }
    }

    /// Lines for people: what was expected with -, what came with +.
    pub fn lines(&self) -> Vec<String> {
        let parts = |sign: &'static str, texts: &[String]| -> Vec<String> {
            let parts = texts.iter().map(|text| format!("{:8} {sign} {text}", self.what));
            if texts.is_empty() && self.what != "case" {
                vec![format!("{:8} {sign} nothing", self.what)]
            } else {
                parts.collect()
            }
        };
        [parts("-", &self.expected), parts("+", &self.came)].concat()
    }
}

/// Everything that came out otherwise.
pub fn all(case: &Case, came: &Expectation) -> Vec<Difference> {
    let expect = &case.expect;
    let effects = expect.effects.clone().unwrap_or_default();
    let differences = [
        of_text("verdict", expect.verdict.as_ref(), came.verdict.as_ref()),
        of_text("reason", expect.reason.as_ref(), came.reason.as_ref()),
        // How it failed is what whoever did not expect that wants to know.
        of_text("text", expect.text.as_ref().or(unexpected_failure(expect, came)), came.text.as_ref()),
        of_stanzas(case, came),
        of_lists("effects", &texts(&effects), &texts(came.effects.as_deref().unwrap_or_default())),
        expect.log.as_ref().and_then(|log| of_lists("log", log, came.log.as_deref().unwrap_or_default())),
    ];
    differences.into_iter().flatten().collect()
}

const NO_FAILURE: &String = &String::new();

fn unexpected_failure<'a>(expect: &Expectation, came: &Expectation) -> Option<&'a String> {
    let has_failed = |side: &Expectation| side.verdict.as_deref() == Some("failure");
    (has_failed(came) && !has_failed(expect)).then_some(NO_FAILURE)
}

fn of_text(what: &'static str, expected: Option<&String>, came: Option<&String>) -> Option<Difference> {
    let expected = expected.filter(|expected| came != Some(expected))?;
    let shown = |text: &String| plain(text);
    let expected = if expected.is_empty() { Vec::new() } else { vec![shown(expected)] };
    Some(Difference { what, expected, came: came.map(shown).into_iter().collect() })
}

fn texts(values: &[Value]) -> Vec<String> {
    values.iter().map(Value::to_string).collect()
}

/// What only one of the lists has; both, when they differ by the order alone.
fn of_lists(what: &'static str, expected: &[String], came: &[String]) -> Option<Difference> {
    if expected == came {
        return None;
    }
    let (missing, new) = (without(expected, came), without(came, expected));
    match missing.is_empty() && new.is_empty() {
        true => Some(Difference { what, expected: expected.to_vec(), came: came.to_vec() }),
        false => Some(Difference { what, expected: missing, came: new }),
    }
}

/// Each of the others takes one away: what is there twice may be there once too often.
fn without(list: &[String], others: &[String]) -> Vec<String> {
    let mut left = list.to_vec();
    for other in others {
        if let Some(place) = left.iter().position(|text| text == other) {
            left.remove(place);
        }
    }
    left
}

/// The parts in which the stanzas differ. A stanza that is expected says what becomes of it, edited or not.
fn of_stanzas(case: &Case, came: &Expectation) -> Option<Difference> {
    let expected = case.expect.stanza.as_ref()?;
    let came = came.stanza.as_ref().unwrap_or(&case.stanza);
    let stream = Situation::named(&case.dir).ok()?.stream;
    match (stanza(expected, stream), stanza(came, stream)) {
        (Ok(expected), Ok(came)) => of_lists("stanza", &parts(expected.root()), &parts(came.root())),
        (Err(error), _) => Some(Difference::of_case(&error.context("expect.stanza"))),
        (_, Err(error)) => Some(Difference::of_case(&error)),
    }
}

/// A stanza in pieces that can be compared: each tag with its path, each text with its element's.
fn parts(root: Element) -> Vec<String> {
    root.subtree().flat_map(of_element).collect()
}

fn of_element(element: Element) -> Vec<String> {
    let path = path(element);
    let mut attributes: Vec<String> = element
        .attributes()
        .filter(|(name, _)| *name != "xmlns")
        .map(|(name, value)| format!(" {name}='{}'", plain(value)))
        .collect();
    attributes.sort();
    let namespace = match element.parent() {
        Some(parent) if parent.namespace() == element.namespace() => String::new(),
        _ => format!(" xmlns='{}'", plain(element.namespace())),
    };
    let mut parts = vec![format!("<{path}{namespace}{}>", attributes.concat())];
    parts.extend(element.children().filter_map(|child| match child {
        Node::Text(_, text) => Some(format!("<{path}> \"{}\"", plain(text))),
        Node::Element(_) => None,
    }));
    parts
}

fn path(element: Element) -> String {
    let mut names = vec![element.name()];
    let mut above = element.parent();
    while let Some(element) = above {
        names.push(element.name());
        above = element.parent();
    }
    names.reverse();
    names.join("/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What people read when this was expected of a message "a", and that came.
    fn check(expect: Value, came: Value, expected: &[&str]) {
        let case = json!({ "name": "x", "stanza": "<message to='b'><body>a</body></message>", "expect": expect });
        let case: Case = serde_json::from_value(case).unwrap();
        let came = serde_json::from_value(came).unwrap();
        let lines: Vec<String> = all(&case, &came).iter().flat_map(Difference::lines).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn only_what_is_expected_is_compared() {
        check(json!({}), json!({ "verdict": "pass", "reason": "calm", "log": ["debug: x"] }), &[]);
        check(json!({ "verdict": "pass" }), json!({ "verdict": "pass", "text": "other" }), &[]);
        check(
            json!({ "verdict": "pass", "reason": "calm" }),
            json!({ "verdict": "drop", "reason": "calm" }),
            &["verdict  - pass", "verdict  + drop"],
        );
        check(json!({ "text": "No." }), json!({ "verdict": "pass" }), &["text     - No.", "text     + nothing"]);
    }

    #[test]
    fn effects_are_always_compared() {
        let told = json!({ "tell": "x" });
        check(json!({}), json!({ "effects": [told] }), &["effects  - nothing", "effects  + {\"tell\":\"x\"}"]);
        check(json!({ "effects": [told] }), json!({ "effects": [told] }), &[]);
        check(
            json!({ "effects": [told] }),
            json!({ "effects": [told, told] }),
            &["effects  - nothing", "effects  + {\"tell\":\"x\"}"],
        );
        check(
            json!({ "log": ["a", "b"] }),
            json!({ "log": ["b", "a"] }),
            &["log      - a", "log      - b", "log      + b", "log      + a"],
        );
    }

    #[test]
    fn stanzas_are_compared_by_what_they_say() {
        let same = "<message xmlns='jabber:client' to=\"b\"><body xmlns='jabber:client'>a</body></message>";
        check(json!({ "stanza": same }), json!({ "verdict": "pass" }), &[]);
        let other = "<message to='b'><body>c</body><x xmlns='urn:x' id='1'/></message>";
        let expected = [
            "stanza   - <message/body> \"c\"",
            "stanza   - <message/x xmlns='urn:x' id='1'>",
            "stanza   + <message/body> \"a\"",
        ];
        check(json!({ "stanza": other }), json!({ "verdict": "pass" }), &expected);
        check(
            json!({ "stanza": "<message>" }),
            json!({ "verdict": "pass" }),
            &[
                "case     + expect.stanza: the stanza is not well-formed XML of one element, or has what XMPP does not allow",
            ],
        );
    }

    #[test]
    fn a_failure_says_how() {
        check(
            json!({ "reason": "calm" }),
            json!({ "verdict": "failure", "reason": "trap", "text": "it panicked" }),
            &["reason   - calm", "reason   + trap", "text     - nothing", "text     + it panicked"],
        );
    }
}
