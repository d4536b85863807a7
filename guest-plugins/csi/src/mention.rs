//! Is a user mentioned in what somebody says in a room?

use prosody_policy::{Element, STREAM_NAMESPACE};

use crate::address::{bare, resource};
use crate::namespaces::{REFERENCE, REPLY};

/// So much of a text is looked at: a few pages. There are a few milliseconds for all of it.
const LOOKED_AT: usize = 8 * 1024;

/// By his name in the room, by his address (XEP-0372), or by an answer to what he said (XEP-0461).
pub fn mentions(message: Element<'_>, user: &str, nickname: &str) -> bool {
    let room = bare(message.attribute("from").unwrap_or_default());
    let is_occupant = |address: &str| bare(address) == room && resource(address) == Some(nickname);
    let is_meant = |child: Element<'_>| match (child.name(), child.namespace()) {
        ("reference", REFERENCE) if child.attribute("type") == Some("mention") => {
            let uri = child.attribute("uri").and_then(|uri| uri.strip_prefix("xmpp:")).unwrap_or_default();
            let address = uri.split(['?', '#']).next().unwrap_or_default();
            address.eq_ignore_ascii_case(bare(user)) || is_occupant(address)
        }
        ("reply", REPLY) => child.attribute("to").is_some_and(is_occupant),
        _ => false,
    };
    message.child_elements().any(is_meant) || is_named(&text(message), nickname)
}

/// The bodies, as much of them as is looked at.
fn text(message: Element<'_>) -> String {
    let mut text = String::new();
    for body in message.child_elements().filter(|child| child.is("body", STREAM_NAMESPACE)) {
        text.push_str(beginning(&body.text(), LOOKED_AT.saturating_sub(text.len())));
        text.push('\n');
    }
    text
}

/// At most so many bytes, in whole characters.
fn beginning(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

/// Is this name in the text, as a word of its own, in upper or lower case?
fn is_named(text: &str, name: &str) -> bool {
    let (text, name) = (text.to_lowercase(), name.trim().to_lowercase());
    !name.is_empty()
        && text.match_indices(&name).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + name.len()..]);
            is_border(before.chars().next_back(), name.chars().next())
                && is_border(after.chars().next(), name.chars().next_back())
        })
}

/// Is there a border between a character of the name and its neighbour, if it has one?
fn is_border(outside: Option<char>, inside: Option<char>) -> bool {
    !outside.is_some_and(is_of_a_word) || !inside.is_some_and(is_of_a_word)
}

/// Letters, digits, and accents that stand alone; but not of scripts that put no space between words.
fn is_of_a_word(character: char) -> bool {
    let is_accent = ('\u{300}'..='\u{36f}').contains(&character);
    (character.is_alphanumeric() || character == '_' || is_accent) && !is_without_spaces(character)
}

fn is_without_spaces(character: char) -> bool {
    matches!(character,
        // Thai and Lao; Burmese; Khmer; Japanese; Chinese.
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::{beginning, is_named};

    #[test]
    fn finds_a_name_as_a_word() {
        for (text, name) in [
            ("bob", "bob"),
            ("Bob: lunch?", "bob"),
            ("lunch, BOB?", "bob"),
            ("ask bob's sister", "bob"),
            ("bobs car is not bob", "bob"),
            ("@bob", "bob"),
            ("ÉMILE, viens", "émile"),
            ("Привет, иван!", "Иван"),
            ("ΟΔΥΣΣΕΎΣ: γεια", "Οδυσσεύς"),
            ("小明你好", "小明"),
            ("bobは元気?", "bob"),
            ("is [bob] there", "[bob]"),
            ("bob smith knows", "Bob Smith"),
            ("👋bob👋", "bob"),
            ("xx*bob*xx", "*bob*"),
        ] {
            assert!(is_named(text, name), "{name} in {text}");
        }
    }

    #[test]
    fn does_not_find_it_within_another() {
        for (text, name) in [
            ("bobby", "bob"),
            ("kabob", "bob"),
            ("bob_2", "bob"),
            ("bob2", "bob"),
            ("bo\u{62}\u{301}", "bob"),
            ("иванов", "иван"),
            ("", "bob"),
            ("bob", ""),
            ("anything", " "),
        ] {
            assert!(!is_named(text, name), "{name} in {text}");
        }
    }

    #[test]
    fn cuts_whole_characters() {
        assert_eq!(["", "è", "èè"], [1, 3, 9].map(|most| beginning("èè", most)));
    }
}
