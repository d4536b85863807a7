//! A schema, read.

use std::collections::BTreeMap;

use serde_json::Value;

use super::pattern::Pattern;

/// Schemas by the name under which others refer to them.
pub type Definitions = BTreeMap<String, Node>;

/// What one value may be. What is empty or `None` asks for nothing.
#[derive(Debug, Default)]
pub struct Node {
    /// For people.
    pub title: Option<String>,
    /// For people.
    pub description: Option<String>,
    /// What it is when it is not there.
    pub default: Option<Value>,
    /// For people.
    pub examples: Vec<Value>,
    /// No value is right: the schema `false`.
    pub is_never: bool,
    /// The name of a definition that must be met, too.
    pub reference: Option<String>,
    /// One of these types.
    pub types: Vec<Type>,
    /// One of these values.
    pub values: Option<Vec<Value>>,
    /// Of a number.
    pub number: Bounds,
    /// Letters of a text.
    pub length: Range,
    /// Of a text.
    pub pattern: Option<Pattern>,
    /// Each entry of a list.
    pub items: Option<Box<Node>>,
    /// Entries of a list.
    pub entries: Range,
    /// May an entry of a list not be there twice?
    pub is_unique: bool,
    /// Named values of a table.
    pub properties: BTreeMap<String, Node>,
    /// Names that must be there.
    pub required: Vec<String>,
    /// Values of a table with other names.
    pub others: Option<Box<Node>>,
    /// The names themselves.
    pub names: Option<Box<Node>>,
    /// Values of a table.
    pub size: Range,
    /// At least one of these.
    pub any_of: Vec<Node>,
    /// Exactly one of these.
    pub one_of: Vec<Node>,
    /// All of these.
    pub all_of: Vec<Node>,
}

/// A type of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Boolean,
    /// A number without a fraction.
    Integer,
    /// Any number.
    Number,
    /// A text.
    String,
    /// A list.
    Array,
    /// Named values.
    Object,
    /// Nothing.
    Null,
}

impl Type {
    /// All, by their names.
    pub const ALL: [(&str, Self); 7] = [
        ("boolean", Self::Boolean),
        ("integer", Self::Integer),
        ("number", Self::Number),
        ("string", Self::String),
        ("array", Self::Array),
        ("object", Self::Object),
        ("null", Self::Null),
    ];

    /// Is it the type of this value? An empty table of Lua is an empty list as well.
    pub fn is_of(self, value: &Value) -> bool {
        match self {
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Array => value.is_array() || is_empty_table(value),
            Self::Object => value.is_object(),
            Self::Null => value.is_null(),
        }
    }
}

/// Which of the two it is meant to be, Lua cannot say.
pub fn is_empty_table(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
}

/// Bounds of a number, and whether they are outside themselves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounds {
    /// Not less.
    pub least: Option<f64>,
    /// Not more.
    pub most: Option<f64>,
    /// More than this.
    pub above: Option<f64>,
    /// Less than this.
    pub below: Option<f64>,
}

impl Bounds {
    /// Is a number within?
    pub fn hold(&self, number: f64) -> bool {
        self.least.is_none_or(|least| number >= least)
            && self.most.is_none_or(|most| number <= most)
            && self.above.is_none_or(|above| number > above)
            && self.below.is_none_or(|below| number < below)
    }
}

/// How many there may be.
#[derive(Clone, Copy, Debug, Default)]
pub struct Range {
    /// At least.
    pub least: Option<u64>,
    /// At most.
    pub most: Option<u64>,
}

impl Range {
    /// Are so many right?
    pub fn holds(&self, count: usize) -> bool {
        let count = count as u64;
        self.least.is_none_or(|least| count >= least) && self.most.is_none_or(|most| count <= most)
    }
}
