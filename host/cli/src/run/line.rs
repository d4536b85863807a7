//! Lines of the server's log, for somebody who writes a policy.

use super::configuration::HOST;
use crate::print::plain;

/// What is shown of a line; nothing of most: what mod_wasm says, and what anybody says is wrong.
pub fn shown(line: &str, policy: &str) -> Option<String> {
    let (source, rest) = word(line)?;
    let (level, text) = word(rest)?;
    match source.strip_suffix(":wasm") {
        Some(HOST) => ours(level, text, policy),
        Some(host) => ours(level, text, policy).map(|line| format!("{host}: {line}")),
        None => (level == "error").then(|| format!("{source} error: {}", plain(text))),
    }
}

fn ours(level: &str, text: &str, policy: &str) -> Option<String> {
    if let Some(decision) = text.strip_prefix("decision ") {
        return Some(self::decision(decision));
    }
    match text.strip_prefix(policy).and_then(|rest| rest.strip_prefix(": ")) {
        Some(said) => Some(format!("  {level}: {}", plain(said))),
        None => (level != "debug").then(|| plain(text)),
    }
}

fn word(line: &str) -> Option<(&str, &str)> {
    let (word, rest) = line.trim_start().split_once(char::is_whitespace)?;
    Some((word, rest.trim_start()))
}

/// `policy=… hook=… kind=… direction=… verdict=… reason=… us=…`
fn decision(fields: &str) -> String {
    let field = |name: &str| {
        let mut fields = fields.split_whitespace().filter_map(|field| field.split_once('='));
        plain(fields.find(|(other, _)| *other == name).map_or("-", |(_, value)| value))
    };
    let hook = field("hook");
    let asked = hook.strip_suffix("-policy").unwrap_or(&hook);
    format!("{}: {} ({}, {}, {} µs)", field("verdict"), field("reason"), asked, field("direction"), field("us"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_an_author_wants_to_know() {
        let decision =
            "decision policy=x hook=message-policy kind=message direction=outgoing verdict=bounce reason=loud us=31.2";
        for (line, expected) in [
            (format!("localhost:wasm\tdebug\t{decision}"), Some("bounce: loud (message, outgoing, 31.2 µs)")),
            ("localhost:wasm   debug\tx: marks: 3".into(), Some("  debug: marks: 3")),
            ("localhost:wasm\tinfo\tThe policy x is in force".into(), Some("The policy x is in force")),
            ("rooms.localhost:wasm\twarn\tx".into(), Some("rooms.localhost: x")),
            ("localhost:wasm\tdebug\tsomething else".into(), None),
            ("c2s12345\tinfo\tClient connected".into(), None),
            ("modulemanager\terror\tUnable to load \u{1b}".into(), Some("modulemanager error: Unable to load \\u{1b}")),
            (String::new(), None),
        ] {
            assert_eq!(shown(&line, "x").as_deref(), expected, "{line}");
        }
    }
}
