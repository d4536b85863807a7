//! Patterns as rows; what is expected was asked of Lua 5.4.

use super::{Budget, Pattern};

fn tokens(pattern: &str, text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    Pattern::repeated(pattern).unwrap().each(text, &mut Budget::default(), |token, _| {
        tokens.push(token.map_or("place".into(), |token| String::from_utf8_lossy(token).into_owned()));
        false
    });
    tokens
}

#[test]
fn is_somewhere() {
    let rows = [
        ("", "", true),
        ("b", "abc", true),
        ("^b", "abc", false),
        ("c$", "abc", true),
        ("c$d", "c$d", true),
        ("a.c", "abc", true),
        ("a%.c", "abc", false),
        ("^%d+$", "1234", true),
        ("^%d+$", "12a4", false),
        ("^[%w.-]+$", "a-b.c", true),
        ("^[^%s]+$", "a b", false),
        ("^[]a]+$", "]a", true),
        ("^[a-]+$", "a-", true),
        ("^[%a-z]+$", "Q-z", true),
        ("^[%a-z]+$", "1", false),
        ("^ab*c$", "ac", true),
        ("^ab+c$", "ac", false),
        ("^ab?c$", "abc", true),
        ("^(.-)=(.*)$", "k=v=w", true),
        ("^(a+)%1$", "aaaa", true),
        ("^(a+)%1$", "aaa", false),
        ("^%b()$", "(a(b)c)", true),
        ("%b()", "((a)", true),
        ("^%b()$", "(a(b c", false),
        ("%f[%w]NOT%f[^%w]", "KIND NOT", true),
        ("%f[%w]NOT%f[^%w]", "KNOT", false),
        ("*", "a*b", true),
        ("^(a)*$", "a*", true),
        ("()a()", "bab", true),
        ("^%S+$", "é", true),
        ("^..$", "é", true),
    ];
    for (pattern, text, expected) in rows {
        assert_eq!(Pattern::new(pattern).unwrap().is_in(text, &mut Budget::default()), expected, "{pattern} in {text}");
    }
}

#[test]
fn is_everywhere() {
    let rows: &[(&str, &str, &[&str])] = &[
        ("[A-Za-z]+", "Buy it, now!", &["Buy", "it", "now"]),
        ("(%w+)@(%w+)", "a@b c@d", &["a", "c"]),
        ("()%d", "a1", &["place"]),
        ("a*", "baac", &["", "aa", ""]),
        ("%f[%w]%w+", "hello world", &["hello", "world"]),
        ("()%f[%z\0]", "ab", &["place"]),
        ("()(%d)", "ab1", &["place"]),
        ("^a", "a^a", &["^a"]),
        (".", "ab", &["a", "b"]),
        ("\n", "a\nb\n", &["\n", "\n"]),
    ];
    for (pattern, text, expected) in rows {
        assert_eq!(tokens(pattern, text), *expected, "{pattern} in {text}");
    }
}

#[test]
fn is_whole() {
    for (pattern, text, expected) in
        [("admin%d*", "admin12", true), ("admin%d*", "badmin1", false), ("a|b", "a", false)]
    {
        assert_eq!(Pattern::whole(pattern).unwrap().is_in(text, &mut Budget::default()), expected, "{pattern}");
    }
}

#[test]
fn flaws() {
    let rows = [
        ("ab%", 2, "ends after `%`"),
        ("a[b", 1, "`]` is missing"),
        ("[%", 0, "`]` is missing"),
        ("(a", 0, "`)` is missing"),
        ("a)", 1, "closes nothing"),
        ("%1", 0, "stands for a capture"),
        ("(a%1)", 2, "stands for a capture"),
        ("%0", 0, "stands for a capture"),
        ("%bx", 0, "two signs follow"),
        ("^%fw", 1, "a set follows"),
    ];
    for (pattern, at, what) in rows {
        let (place, flaw) = Pattern::new(pattern).unwrap_err();
        assert!(place == at && flaw.contains(what), "{pattern}: {place} {flaw}");
    }
    assert!(Pattern::new(&"()".repeat(33)).is_err() && Pattern::new(&"a".repeat(201)).is_err());
}

/// Patterns that would run for hours end, and nobody takes their answer for one.
#[test]
#[cfg_attr(miri, ignore = "the whole budget of steps, five times")]
fn work_is_bounded() {
    let text = "a".repeat(100_000);
    for pattern in [".-.-.-.-b", "a*a*a*a*b", "(a*)(a*)(a*)%3b", "a?a?a?a?.*.*c", "%b(a", "[^b]*b"] {
        let mut budget = Budget::default();
        assert!(!Pattern::new(pattern).unwrap().is_in(&text, &mut budget), "{pattern}");
        assert_eq!(budget.is_spent(), pattern != "%b(a", "{pattern}");
    }
}
