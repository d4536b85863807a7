//! Schemas and values in the words of an operator, who writes Lua.

use std::fmt;

use serde_json::Value;

use super::node::{Bounds, Node, Range, Type};
use crate::suggestion::nearest;

/// Letters of a value, name or pattern that are shown.
const LONGEST: usize = 60;
/// Values or names that are listed.
const MOST: usize = 12;

/// Where a value stands in the operator's table.
#[derive(Debug, Default)]
pub struct Place(Vec<String>);

impl Place {
    /// A named value. A name that is no word is written as Lua wants it.
    pub fn name(name: &str) -> String {
        let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !name.is_empty();
        if is_word { format!(".{}", cut(name)) } else { format!("[{}]", shown(&name.into())) }
    }

    /// An entry of a list: Lua counts from 1.
    pub fn entry(index: usize) -> String {
        format!("[{}]", index + 1)
    }

    /// Goes a step further.
    pub fn enter(&mut self, step: String) {
        self.0.push(step);
    }

    /// Goes a step back.
    pub fn leave(&mut self) {
        self.0.pop();
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "settings{}", self.0.concat())
    }
}

/// A value in a sentence: short, and without what a terminal would obey.
pub fn shown(value: &Value) -> String {
    cut(&value.to_string())
}

fn cut(text: &str) -> String {
    let mut letters = text.chars().filter(|letter| !letter.is_control());
    let short: String = letters.by_ref().take(LONGEST).collect();
    if letters.next().is_some() { short + "…" } else { short }
}

/// What a value is.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}

/// What a schema asks for, in few words.
pub fn expected(node: &Node) -> String {
    if let Some(values) = &node.values {
        return list(values);
    }
    if node.types.is_empty() && !node.any_of.is_empty() {
        return node.any_of.iter().map(expected).collect::<Vec<_>>().join(", or ");
    }
    let types: Vec<String> = node.types.iter().map(|one| type_of(*one, node)).collect();
    match types.is_empty() {
        true if node.pattern.is_some() => text(node),
        true => "anything".to_owned(),
        false => types.join(", or "),
    }
}

fn type_of(one: Type, node: &Node) -> String {
    match one {
        Type::Null => "nothing".to_owned(),
        Type::Boolean => "true or false".to_owned(),
        Type::Integer => with_bounds("a whole number", &node.number),
        Type::Number => with_bounds("a number", &node.number),
        Type::Object => "a table".to_owned(),
        Type::String => text(node),
        Type::Array => match &node.items {
            Some(items) if items.types == [Type::String] && items.values.is_none() => "a list of texts".to_owned(),
            Some(items) if items.values.is_some() => format!("a list of {}", expected(items)),
            _ => "a list".to_owned(),
        },
    }
}

/// Examples say more to people than a regular expression.
fn text(node: &Node) -> String {
    match &node.pattern {
        None => "a text".to_owned(),
        Some(_) if !node.examples.is_empty() => format!("a text like {}", list(&node.examples)),
        Some(pattern) => format!("a text that matches {}", cut(&pattern.to_string())),
    }
}

fn with_bounds(what: &str, number: &Bounds) -> String {
    match bounds(number) {
        words if words.is_empty() => what.to_owned(),
        words => format!("{what}, {words}"),
    }
}

/// `1 to 100`.
pub fn bounds(number: &Bounds) -> String {
    let mut words = match (number.least, number.most) {
        (Some(least), Some(most)) => vec![format!("{least} to {most}")],
        (Some(least), None) => vec![format!("at least {least}")],
        (None, Some(most)) => vec![format!("at most {most}")],
        (None, None) => Vec::new(),
    };
    words.extend(number.above.map(|above| format!("more than {above}")));
    words.extend(number.below.map(|below| format!("less than {below}")));
    words.join(", ")
}

/// `1 to 3 letters`.
pub fn range(range: &Range, one: &str, many: &str) -> String {
    let noun = |count: u64| if count == 1 { one.to_owned() } else { many.to_owned() };
    match (range.least, range.most) {
        (Some(least), Some(most)) if least == most => format!("{least} {}", noun(most)),
        (Some(least), Some(most)) => format!("{least} to {most} {}", noun(most)),
        (Some(least), None) => format!("at least {least} {}", noun(least)),
        (None, Some(most)) => format!("at most {most} {}", noun(most)),
        (None, None) => format!("any number of {many}"),
    }
}

/// `"a", "b" or "c"`.
pub fn list(values: &[Value]) -> String {
    let mut words: Vec<String> = values.iter().take(MOST).map(shown).collect();
    if values.len() > MOST {
        words.push(format!("one of {} others", values.len() - MOST));
    }
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) }
}

/// The value that may have been meant, as the end of a sentence.
pub fn meant(value: &Value, values: &[Value]) -> String {
    let Some(word) = value.as_str() else { return String::new() };
    let found = nearest(&cut(word), values.iter().take(MOST).filter_map(Value::as_str));
    found.map(|found| format!("; did you mean {}?", shown(&found.into()))).unwrap_or_default()
}

/// The name that may have been meant, or those that there are.
pub fn alike(name: &str, node: &Node) -> String {
    let names = || node.properties.keys().map(String::as_str);
    match nearest(&cut(name), names()) {
        Some(found) => format!("; did you mean `{}`?", cut(found)),
        None if node.properties.is_empty() => String::new(),
        None => {
            let some: Vec<String> = names().take(MOST).map(cut).collect();
            format!("; there are: {}{}", some.join(", "), if names().nth(MOST).is_some() { ", …" } else { "" })
        }
    }
}

/// 3 and 3.0 are the same number.
pub fn is_same(left: &Value, right: &Value) -> bool {
    match (left.as_f64(), right.as_f64()) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}
