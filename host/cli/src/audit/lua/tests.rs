use super::*;

fn texts(value: &Value) -> Vec<&str> {
    value.list().into_iter().filter_map(Value::text).collect()
}

#[test]
fn reads_what_prosody_writes() {
    let file = b"return {\n\t[\"name\"] = \"message\";\n\t[\"attr\"] = {};\n\t[1.5] = -2;\n\t\"a\";\n\t{\n\t\t\"b\";\n\t};\n};\n";
    let value = parse_file(file).unwrap();
    assert_eq!(value.get("name"), Some(&Value::Text("message".into())));
    assert_eq!(value.get("attr"), Some(&Value::Table(Vec::new())));
    assert!(value.pairs().contains(&(Value::Number(1.5), Value::Number(-2.0))));
    assert_eq!(value.list().len(), 3);
    assert_eq!(parse_item(b"item({ name = \"x\", });\n").unwrap().get("name").and_then(Value::text), Some("x"));
}

#[test]
fn reads_scalars() {
    for (written, expected) in [
        ("nil", Value::Nil),
        ("true", Value::Boolean(true)),
        ("false", Value::Boolean(false)),
        ("(1/0)", Value::Number(f64::INFINITY)),
        ("(-1/0)", Value::Number(f64::NEG_INFINITY)),
        ("1732545600.25", Value::Number(1_732_545_600.25)),
        ("1e3", Value::Number(1000.0)),
        ("1.5e-3", Value::Number(0.0015)),
        ("0x10", Value::Number(16.0)),
        ("-7", Value::Number(-7.0)),
        ("9e999", Value::Number(f64::INFINITY)),
        (r#""a\"b\\c\n\065\x42\z   d\u{e9}""#, Value::Text("a\"b\\c\nABdé".into())),
        (r"'it\'s'", Value::Text("it's".into())),
        (r#""\255\254""#, Value::Text("\u{fffd}\u{fffd}".into())),
        ("[[\nlong]] -- and a comment", Value::Text("long".into())),
        ("[==[a]]b]=]]==]", Value::Text("a]]b]=]".into())),
        ("--[[ before ]] \"x\"", Value::Text("x".into())),
    ] {
        assert_eq!(parse_file(format!("return {written};").as_bytes()), Ok(expected), "{written}");
    }
    assert_eq!(parse_file(b" \n"), Ok(Value::Nil));
}

#[test]
fn reads_long_brackets_in_lists() {
    assert_eq!(texts(&parse_file(b"return { [[a]], [=[b]=]; 'c' }").unwrap()), ["a", "b", "c"]);
}

#[test]
fn refuses_what_is_not_a_value() {
    for (written, what) in [
        ("return os.execute('x')", "not a value"),
        ("os.exit()", "not what Prosody writes"),
        ("return { f() }", "not a value"),
        ("return function() end", "not a value"),
        ("return \"unterminated", "a string without an end"),
        ("return \"line\nbreak\"", "a string without an end"),
        ("return \"\\", "a string without an end"),
        ("return [==[ ]=]", "a string without an end"),
        ("return \"\\300\"", "an escape beyond 255"),
        ("return \"\\xg0\"", "an escape without two digits"),
        ("return \"\\u{110000}\"", "not a character"),
        ("return \"\\q\"", "an unknown escape"),
        ("return 1..2", "not a number"),
        ("return -inf", "not a number"),
        ("return 0xfffffffffffffffffffff", "not a number"),
        ("return { 1 2 }", "no separator between entries"),
        ("return { [1] 2 }", "no value for a key"),
        ("return { [{}] = 2 }", "not a value"),
        ("return { ", "not a value"),
        ("return {} }", "more than one value"),
        ("return 1; return 2", "more than one value"),
        ("--[[ no end", "a string without an end"),
    ] {
        let mistake = parse_file(written.as_bytes()).unwrap_err();
        assert_eq!(mistake.what, what, "{written}: {mistake}");
        assert!(mistake.at <= written.len());
    }
    assert_eq!(parse_item(b"item({}").unwrap_err().what, "no closing parenthesis");
    assert_eq!(parse_item(b"evil({})").unwrap_err().what, "not what Prosody writes");
}

#[test]
fn bounds_depth_and_number() {
    let nested = |levels: usize| format!("return {}{}", "{".repeat(levels), "}".repeat(levels));
    assert!(parse_file(nested(DEEPEST).as_bytes()).is_ok());
    assert_eq!(parse_file(nested(DEEPEST + 1).as_bytes()).unwrap_err().what, "tables nested too deep");
    assert_eq!(parse_file("{".repeat(10_000_000).as_bytes()).unwrap_err().what, "not what Prosody writes");
    assert_eq!(
        parse_file(format!("return {}", "{".repeat(1_000_000)).as_bytes()).unwrap_err().what,
        "tables nested too deep"
    );
    let many = format!("return {{ {} }}", "1;".repeat(MOST_VALUES + 1));
    assert_eq!(parse_file(many.as_bytes()).unwrap_err().what, "too many values");
}

/// Whatever the bytes are, reading ends with an answer.
#[test]
fn survives_any_cut_and_any_flip() {
    let file = b"return {\n\t[\"a\\\"\\010\"] = { -1.5e3, [[x]], [=[y]=] }; name = 'v'; -- c\n};\n";
    for end in 0..file.len() {
        let _ = parse_file(&file[..end]);
        for byte in [0, b'"', b'\\', b'[', b'{', b'}', b'-', 0xff] {
            let mut changed = file.to_vec();
            changed[end] = byte;
            let _ = parse_file(&changed);
        }
    }
}
