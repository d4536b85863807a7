//! A value as Prosody's storage keeps it, whichever way it is written down.

use serde_json::Value as Json;

/// One value of Lua's, without functions and the like.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Nil,
    Boolean(bool),
    Number(f64),
    Text(String),
    /// In the order in which it was written; the places of a list are numbers from 1.
    Table(Vec<(Value, Value)>),
}

impl Value {
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The pairs of a table; none of anything else.
    pub fn pairs(&self) -> &[(Self, Self)] {
        match self {
            Self::Table(pairs) => pairs,
            _ => &[],
        }
    }

    /// What a table has under a name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.pairs().iter().find(|(key, _)| key.text() == Some(name)).map(|(_, value)| value)
    }

    /// What a table has under numbers, in their order.
    pub fn list(&self) -> Vec<&Self> {
        let number = |pair: &'_ (Self, Self)| pair.0.number();
        let mut pairs: Vec<&(Self, Self)> = self.pairs().iter().filter(|pair| number(pair).is_some()).collect();
        pairs.sort_by(|left, right| number(left).unwrap_or(0.0).total_cmp(&number(right).unwrap_or(0.0)));
        pairs.into_iter().map(|(_, value)| value).collect()
    }
}

/// JSON as Prosody's SQL store writes it: a table that is both list and names has `__array` and `__hash` inside.
/// No deeper than serde_json reads, which is 128 levels.
impl From<Json> for Value {
    fn from(json: Json) -> Self {
        match json {
            Json::Null => Self::Nil,
            Json::Bool(value) => Self::Boolean(value),
            Json::Number(number) => Self::Number(number.as_f64().unwrap_or(f64::NAN)),
            Json::String(text) => Self::Text(text),
            Json::Array(items) => Self::Table(numbered(items).collect()),
            Json::Object(members) => Self::Table(members.into_iter().flat_map(member).collect()),
        }
    }
}

fn numbered(items: Vec<Json>) -> impl Iterator<Item = (Value, Value)> {
    (1_u32..).zip(items).map(|(place, item)| (Value::Number(f64::from(place)), item.into()))
}

fn member((name, value): (String, Json)) -> Vec<(Value, Value)> {
    match (name.as_str(), value) {
        ("__array", Json::Array(items)) => numbered(items).collect(),
        ("__hash", Json::Array(items)) => {
            let mut values = items.into_iter().map(Value::from);
            std::iter::from_fn(|| Some((values.next()?, values.next()?))).collect()
        }
        (_, value) => vec![(Value::Text(name), value.into())],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_prosodys_json() {
        let json = serde_json::json!({ "name": "a", "__array": ["x", "y"], "__hash": [false, 2] });
        let value = Value::from(json);
        assert_eq!(value.get("name").and_then(Value::text), Some("a"));
        assert_eq!(value.list(), [&Value::Text("x".into()), &Value::Text("y".into())]);
        assert!(value.pairs().contains(&(Value::Boolean(false), Value::Number(2.0))));
    }

    #[test]
    fn a_list_is_in_the_order_of_its_numbers() {
        let pair = |number: f64, text: &str| (Value::Number(number), Value::Text(text.into()));
        let table = Value::Table(vec![pair(2.0, "b"), pair(1.0, "a")]);
        assert_eq!(table.list(), [&Value::Text("a".into()), &Value::Text("b".into())]);
    }
}
