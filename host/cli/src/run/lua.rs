//! Values as Lua, for a configuration file.

use serde_json::Value;

/// A value, as a table's field has it.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Null => "nil".into(),
        Value::Bool(is_true) => is_true.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(values) => {
            format!("{{ {} }}", values.iter().map(|value| literal(value) + "; ").collect::<String>())
        }
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| format!("[{}] = {}; ", quoted(name), literal(value));
            format!("{{ {} }}", fields.iter().map(field).collect::<String>())
        }
    }
}

/// A text between quotes.
pub fn quoted(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        '"' | '\\' => format!("\\{letter}"),
        letter if letter.is_ascii_control() => format!("\\{:03}", u32::from(letter)),
        letter => letter.to_string(),
    });
    format!("\"{}\"", letters.collect::<String>())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn says_the_same_in_lua() {
        let value = json!({ "limit": 2, "words": ["a\"b\\", "c\nd"], "strict": true });
        let expected = r#"{ ["limit"] = 2; ["strict"] = true; ["words"] = { "a\"b\\"; "c\010d";  };  }"#;
        assert_eq!(literal(&value), expected);
    }
}
