use super::*;

/// A schema with one property `x`, or whole when it begins with `{"type":"object"`.
fn schema(text: &str) -> Result<Schema> {
    let whole = match text.starts_with(r#"{"type":"object""#) {
        true => text.to_owned(),
        false => format!(r#"{{"type":"object","additionalProperties":false,"properties":{{"x":{text}}}}}"#),
    };
    Schema::read(whole.as_bytes())
}

fn told(text: &str, settings: &str) -> String {
    match schema(text).unwrap().check(settings) {
        Ok(()) => String::new(),
        Err(error) => format!("{error:#}"),
    }
}

#[test]
fn values_are_compared() {
    let modes = r#"{"enum":["mandatory","mixed","off"]}"#;
    let range = r#"{"type":"integer","minimum":1,"maximum":100}"#;
    let list = r#"{"type":"array","items":{"type":"string","minLength":1},"minItems":1,"uniqueItems":true}"#;
    let loose = r#"{"type":"array","items":{"type":"string"}}"#;
    let table = r#"{"required":["a"],"type":"object","properties":{"a":{"type":"boolean"}},"additionalProperties":{"type":"number","exclusiveMinimum":0}}"#;
    let texts = r#"{"maxProperties":2,"type":"object","propertyNames":{"pattern":"^[a-z]{2,3}$"}}"#;
    let period = r#"{"anyOf":[{"type":"integer","minimum":0},{"type":"string","pattern":"^[0-9]+[hd]$","examples":["36h","2d"]}]}"#;
    let one = r#"{"oneOf":[{"type":"array"},{"type":"object"},{"const":5},{"type":"integer","minimum":5}]}"#;
    let all = r#"{"allOf":[{"minLength":2},{"maxLength":3}]}"#;
    for (schema, settings, expected) in [
        (modes, r#"{"x":"mixed"}"#, ""),
        (modes, r#"{}"#, ""),
        (
            modes,
            r#"{"x":"mixd"}"#,
            r#"settings.x cannot be "mixd": it is "mandatory", "mixed" or "off"; did you mean "mixed"?"#,
        ),
        (modes, r#"{"x":3}"#, r#"settings.x cannot be 3: it is "mandatory", "mixed" or "off""#),
        (modes, r#"{"y":3}"#, "settings.y: there is no such setting; did you mean `x`?"),
        (modes, r#"{"colour":3}"#, "settings.colour: there is no such setting; there are: x"),
        (modes, r#"{"a b":3}"#, r#"settings["a b"]: there is no such setting; there are: x"#),
        (range, r#"{"x":1}"#, ""),
        (range, r#"{"x":100.0}"#, ""),
        (range, r#"{"x":0}"#, "settings.x cannot be 0: it is 1 to 100"),
        (range, r#"{"x":1.5}"#, "settings.x must be a whole number, 1 to 100, not a number"),
        (range, r#"{"x":"1"}"#, "settings.x must be a whole number, 1 to 100, not a text"),
        (range, r#"{"x":true}"#, "settings.x must be a whole number, 1 to 100, not true or false"),
        (list, r#"{"x":["a","b"]}"#, ""),
        (list, r#"{"x":["a",""]}"#, "settings.x[2] must have at least 1 letter"),
        (list, r#"{"x":["a","a"]}"#, r#"settings.x has "a" twice"#),
        (list, r#"{"x":{}}"#, "settings.x must have at least 1 entry"),
        (list, r#"{"x":{"a":"b"}}"#, "settings.x must be a list of texts, not a table"),
        (loose, r#"{"x":{}}"#, ""),
        (loose, r#"{"x":[]}"#, ""),
        (loose, r#"{"x":[1]}"#, "settings.x[1] must be a text, not a number"),
        (table, r#"{"x":{"a":true,"b":0.5}}"#, ""),
        (table, r#"{"x":{}}"#, "settings.x.a is missing"),
        (
            table,
            r#"{"x":{"a":1,"b":0}}"#,
            "settings.x.a must be true or false, not a number; settings.x.b cannot be 0: it is more than 0",
        ),
        (table, r#"{"x":[1]}"#, "settings.x must be a table, not a list"),
        (texts, r#"{"x":{"de":1}}"#, ""),
        (
            texts,
            r#"{"x":{"german":1}}"#,
            "settings.x.german cannot have this name: it must be a text that matches ^[a-z]{2,3}$",
        ),
        (texts, r#"{"x":{"a1":1,"bb":2,"cc":3}}"#, "settings.x must have at most 2 values"),
        (period, r#"{"x":5}"#, ""),
        (period, r#"{"x":"5h"}"#, ""),
        (period, r#"{"x":-5}"#, "settings.x cannot be -5: it is at least 0"),
        (period, r#"{"x":"5"}"#, r#"settings.x has another form: it is a text like "36h" or "2d""#),
        (
            period,
            r#"{"x":true}"#,
            r#"settings.x must be a whole number, at least 0, or a text like "36h" or "2d", not true or false"#,
        ),
        (one, r#"{"x":{}}"#, ""),
        (one, r#"{"x":6}"#, ""),
        (one, r#"{"x":5}"#, "settings.x fits more than one of what it may be"),
        (all, r#"{"x":"ab"}"#, ""),
        (all, r#"{"x":"a"}"#, "settings.x must have at least 2 letters"),
        ("false", r#"{"x":1}"#, "settings.x cannot be there"),
        ("true", r#"{"x":null}"#, ""),
    ] {
        let told = told(schema, settings);
        assert!(
            if expected.is_empty() { told.is_empty() } else { told.starts_with(expected) },
            "{schema} {settings}: {told}"
        );
    }
}

#[test]
fn broken_schemas_are_refused_with_a_sentence_for_the_author() {
    for (text, expected) in [
        ("{\"type\":\"object\"", "it is not JSON"),
        (
            r#"{"type":"object","properties":{"x":{"tpye":"string"}}}"#,
            "`properties.x.tpye` is no keyword that this host knows there; did you mean `type`?",
        ),
        (r#"{"type":"object","$schema":"http://json-schema.org/draft-07/schema#"}"#, "2020-12"),
        (r#"{"type":"objekt"}"#, "`properties.x.type` must be one of boolean"),
        (r#"{"type":[1]}"#, "must be a text"),
        (
            r#"{"if":{}}"#,
            "`properties.x.if` is not looked at by this host: leave it out, and check that in `configure`",
        ),
        (r#"{"$ref":"https://example.org/schema"}"#, "nothing is fetched"),
        (r#"{"$ref":"file:///etc/passwd"}"#, "nothing is fetched"),
        (r##"{"$ref":"#/$defs/nothing"}"##, "which is not there"),
        (r#"{"pattern":"(?=a)"}"#, "is a regular expression that this host does not take"),
        (r#"{"pattern":"(a{1000}){1000}"}"#, "is a regular expression that this host does not take"),
        (r#"{"minimum":"1"}"#, "`properties.x.minimum` must be a number"),
        (r#"{"minLength":-1}"#, "must be a whole number, not negative"),
        (r#"{"enum":[]}"#, "must be a list with something in it"),
        (r#"{"title":"\u001b[2J"}"#, "must be a text without control characters"),
        (r#"{"properties":[1]}"#, "must be an object of schemas"),
        (r#"{"items":[{}]}"#, "must be a schema"),
        (
            r#"{"type":"integer","default":"three"}"#,
            "a default does not fit its own schema: settings.x must be a whole number",
        ),
    ] {
        let error = format!("{:#}", schema(text).unwrap_err());
        assert!(error.contains(expected), "{text}: {error}");
    }
    for text in ["[]", "{}", r#"{"type":"array"}"#, r#"{"type":["object","null"]}"#] {
        assert!(Schema::read(text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn hostile_schemas_end() {
    let deep = format!("{}{{}}{}", r#"{"items":"#.repeat(60), "}".repeat(60));
    assert!(format!("{:#}", schema(&deep).unwrap_err()).contains("deeper than"));
    let deeper = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
    assert!(Schema::read(deeper.as_bytes()).is_err());
    let wide = format!("[{}]", vec!["{}"; 3_000].join(","));
    assert!(format!("{:#}", schema(&format!(r#"{{"anyOf":{wide}}}"#)).unwrap_err()).contains("more than 2000"));
    let patterns = vec![r#"{"pattern":"a"}"#; 70].join(",");
    assert!(format!("{:#}", schema(&format!(r#"{{"anyOf":[{patterns}]}}"#)).unwrap_err()).contains("patterns"));
    let large = format!(r#"{{"title":"{}"}}"#, "x".repeat(limits()));
    assert!(format!("{:#}", schema(&large).unwrap_err()).contains("64 KiB"));
    for endless in [
        r##"{"type":"object","$defs":{"a":{"$ref":"#/$defs/a"}},"properties":{"x":{"$ref":"#/$defs/a"}}}"##,
        r##"{"type":"object","$defs":{"a":{"allOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}},"properties":{"x":{"$ref":"#/$defs/a"}}}"##,
        r##"{"type":"object","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"},{"$ref":"#/$defs/b"}]},"b":{"items":{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}}},"properties":{"x":{"$ref":"#/$defs/a"}}}"##,
    ] {
        let nested = format!("{}1{}", "[".repeat(30), "]".repeat(30));
        assert!(told(endless, &format!(r#"{{"x":{nested}}}"#)).contains("for its author to mend"), "{endless}");
    }
    let slow = r#"{"type":"array","items":{"type":"string","pattern":"^(a|aa|a*)*$"}}"#;
    assert!(told(slow, &format!(r#"{{"x":["{}b"]}}"#, "a".repeat(3_000))).contains("settings.x[1] has another form"));
    assert!(told(slow, &format!(r#"{{"x":["{}"]}}"#, "a".repeat(5_000))).contains("too long to be compared"));
    let many = vec![format!("\"{}\"", "a".repeat(4_000)); 60].join(",");
    assert!(told(slow, &format!(r#"{{"x":[{many}]}}"#)).contains("for its author to mend"));
}

fn limits() -> usize {
    crate::limits::SECTION
}

#[test]
fn is_a_table_for_people() {
    let text = r##"{"type":"object","required":["who"],"additionalProperties":false,
        "$defs":{"word":{"type":"string","title":"A word"}},
        "properties":{
            "mode":{"enum":["a","b"],"default":"a","title":"Which"},
            "who":{"type":"array","items":{"type":"string"},"description":"May\n  come in"},
            "near":{"type":"object","properties":{"limit":{"type":"integer","minimum":1,"default":5}}},
            "texts":{"type":"object","additionalProperties":{"$ref":"#/$defs/word"},"title":"By language"}}}"##;
    let rows = schema(text).unwrap().rows();
    let rows: Vec<String> = rows
        .iter()
        .map(|row| {
            let Row { setting, kind, default, is_required, meaning } = row;
            format!("{setting}|{kind}|{}|{is_required}|{meaning}", default.as_deref().unwrap_or("-"))
        })
        .collect();
    assert_eq!(
        rows,
        [
            r#"mode|"a" or "b"|"a"|false|Which"#,
            "near|a table|-|false|",
            "near.limit|a whole number, at least 1|5|false|",
            "texts|a table|-|false|By language",
            "texts.*|a text|-|false|A word",
            "who|a list of texts|-|true|May come in",
        ]
    );
}
