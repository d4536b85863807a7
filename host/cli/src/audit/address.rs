//! Addresses in texts: of machines and of people.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

/// Is there the address of a machine in this text, IPv4 or IPv6? "Any address", which servers listen on, is none.
pub fn has_ip(text: &str) -> bool {
    let is_part = |character: char| character.is_ascii_hexdigit() || matches!(character, '.' | ':');
    let mut rest = text;
    while let Some(start) = rest.find(is_part) {
        let run = &rest[start..];
        let length = run.find(|character| !is_part(character)).unwrap_or(run.len());
        let before = rest[..start].chars().next_back();
        let after = run[length..].chars().next();
        if is_ip(&run[..length], before, after) {
            return true;
        }
        rest = &run[length..];
    }
    false
}

/// A run of digits, dots and colons between two other characters.
fn is_ip(run: &str, before: Option<char>, after: Option<char>) -> bool {
    // "std::io" ends its first word and begins its second in letters that are digits too.
    let is_of_a_word = |side: Option<char>, edge: Option<char>| {
        side.is_some_and(|side| side.is_alphanumeric() || side == '_') && edge != Some(':')
    };
    if !run.contains(['.', ':']) || is_of_a_word(after, run.chars().next_back()) {
        return false;
    }
    let is_whole = !is_of_a_word(before, run.chars().next());
    let sentence = run.trim_end_matches('.');
    is_whole && is_address(sentence)
        || sentence.split(':').enumerate().any(|(place, piece)| (is_whole || place > 0) && is_v4(piece))
}

fn is_address(text: &str) -> bool {
    text.parse::<SocketAddr>().is_ok_and(|address| !address.ip().is_unspecified())
        || text.parse::<Ipv6Addr>().is_ok_and(|address| !address.is_unspecified())
}

fn is_v4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok_and(|address| !address.is_unspecified())
}

/// The addresses of people and rooms in this text: `local@domain`, without a resource.
pub fn jids(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('@').filter_map(|(at, _)| {
        let local = text[..at].rsplit(|character| !is_of_local(character)).next().unwrap_or_default();
        let rest = &text[at + 1..];
        let domain = &rest[..rest.find(|character| !is_of_domain(character)).unwrap_or(rest.len())];
        let domain = domain.trim_end_matches(['.', '-', ':']);
        let begins_well = domain.starts_with(|first: char| first.is_alphanumeric() || first == '[');
        (!local.is_empty() && begins_well).then(|| &text[at - local.len()..at + 1 + domain.len()])
    })
}

/// Is all of this one address, with a resource or without?
pub fn is_jid(text: &str) -> bool {
    let bare = text.split('/').next().unwrap_or_default();
    jids(bare).next() == Some(bare)
}

/// What RFC 7622 forbids in a localpart, and what stands around one in logs.
fn is_of_local(character: char) -> bool {
    !character.is_whitespace() && !character.is_control() && !"\"&'/:<>@()[]{},;=|".contains(character)
}

fn is_of_domain(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '.' | '-' | '_' | '[' | ']' | ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_machines() {
        for (text, expected) in [
            ("FD 12 (192.0.2.1, 5222, 127.0.0.1, 40000)", true),
            ("from 192.0.2.1.", true),
            ("192.0.2.1:5222", true),
            ("ip=192.0.2.1", true),
            ("address:192.0.2.1:5222", true),
            ("[2001:db8::1]:5222", true),
            ("peer 2001:db8:0:0:0:0:0:1 left", true),
            ("::ffff:192.0.2.1", true),
            ("::1", true),
            ("2001:db8::", true),
            ("on [::]:5222, [*]:5222, 0.0.0.0:80", false),
            ("12:30:45", false),
            ("Prosody 13.0.1", false),
            ("version 1.2.3.4.5", false),
            ("v1.2.3.4", false),
            ("1.2.3.4th", false),
            ("300.1.1.1", false),
            ("std::io and m::n", false),
            ("module::face::dead", false),
            ("urn:xmpp:mam:2", false),
            ("", false),
        ] {
            assert_eq!(has_ip(text), expected, "{text}");
        }
    }

    #[test]
    fn tells_an_address_from_a_text_with_one() {
        for (text, expected) in [
            ("alice@local.test", true),
            ("tea@rooms.local.test/March Hare", true),
            ("local.test", false),
            ("ask alice@local.test/phone", false),
            ("alice@local.test: hello", false),
            ("", false),
        ] {
            assert_eq!(is_jid(text), expected, "{text}");
        }
    }

    #[test]
    fn finds_people() {
        for (text, expected) in [
            ("Authenticated as alice@local.test", vec!["alice@local.test"]),
            ("<message to='bob@local.test/x' from='a.b@c'>", vec!["bob@local.test", "a.b@c"]),
            ("mail me@example.org.", vec!["me@example.org"]),
            ("jürgen@exämple.de", vec!["jürgen@exämple.de"]),
            ("a@b@c", vec!["a@b", "b@c"]),
            ("a@[2001:db8::1]", vec!["a@[2001:db8::1]"]),
            ("@mod_c2s.lua:12 and x@", vec![]),
            ("nobody", vec![]),
        ] {
            assert_eq!(jids(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
