//! Is somebody called by name: in the text of a message, by a reference (XEP-0372), or because it answers him (XEP-0461)?

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use prosody_stanza::{Element, STREAM_NAMESPACE};

const REFERENCE: &str = "urn:xmpp:reference:0";
const REPLY: &str = "urn:xmpp:reply:0";

/// There are a few milliseconds to look. A name that stands behind more text than this, or in more languages and
/// references, is overlooked.
const MOST_TEXT: usize = 8 * 1024;
const MOST_PLACES: usize = 32;

/// Does this message call somebody? In the text of a body his nickname counts, as a whole word in upper or lower case;
/// in references and answers the nickname behind the address of the room from which the message comes, or the
/// address of the user without resource. What is encrypted tells nobody whom it calls.
pub fn mentions(message: Element<'_>, nickname: Option<&str>, user: Option<&str>) -> bool {
    let somebody = Somebody {
        nickname: nickname.map(|nickname| folded(nickname.trim())).filter(|nickname| !nickname.is_empty()),
        address: user.map(folded),
        room: message.attribute("from").map(|from| folded(split(from).0)),
    };
    let mut places = message.child_elements().filter(|child| is_place(*child)).take(MOST_PLACES);
    places.any(|place| somebody.is_called(place))
}

fn is_place(child: Element<'_>) -> bool {
    child.is("body", STREAM_NAMESPACE) || child.is("reference", REFERENCE) || child.is("reply", REPLY)
}

/// Who may be called, with everything in lower case.
struct Somebody {
    nickname: Option<String>,
    address: Option<String>,
    room: Option<String>,
}

impl Somebody {
    fn is_called(&self, place: Element<'_>) -> bool {
        match place.name() {
            "body" => self.nickname.as_ref().is_some_and(|nickname| has_word(&place.text(), nickname)),
            "reply" => place.attribute("to").is_some_and(|address| self.is_at(address)),
            _ if place.attribute("type") == Some("mention") => {
                place.attribute("uri").and_then(address).is_some_and(|address| self.is_at(&address))
            }
            _ => false,
        }
    }

    fn is_at(&self, address: &str) -> bool {
        let address = folded(&address[..address.floor_char_boundary(MOST_TEXT)]);
        let (bare, resource) = split(&address);
        let is_occupant =
            self.room.as_deref() == Some(bare) && resource.is_some() && self.nickname.as_deref() == resource;
        is_occupant || self.address.as_deref() == Some(bare)
    }
}

/// The address in an `xmpp:` URI (RFC 5122).
fn address(uri: &str) -> Option<Cow<'_, str>> {
    let path = uri.strip_prefix("xmpp:").filter(|path| path.len() <= MOST_TEXT)?;
    percent_decode_str(path.split(['?', '#']).next()?).decode_utf8().ok()
}

fn split(address: &str) -> (&str, Option<&str>) {
    address.split_once('/').map_or((address, None), |(bare, resource)| (bare, Some(resource)))
}

fn has_word(text: &str, word: &str) -> bool {
    let text = folded(&text[..text.floor_char_boundary(MOST_TEXT)]);
    text.match_indices(word).any(|(start, word)| stands_alone(&text, start, start + word.len()))
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let ends_before = |place: usize| text[..place].chars().next_back();
    let begins_at = |place: usize| text[place..].chars().next();
    !joins(ends_before(start), begins_at(start)) && !joins(ends_before(end), begins_at(end))
}

/// Do two neighbours belong to one word?
fn joins(left: Option<char>, right: Option<char>) -> bool {
    let is_of_word = |character: char| is_letter(character) && !is_written_together(character);
    left.is_some_and(is_of_word) && right.is_some_and(is_of_word)
}

/// Accents may be characters of their own.
fn is_letter(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || ('\u{300}'..='\u{36f}').contains(&character)
}

/// Is it of a script that puts no space between words, or, as Korean, none behind a name? Better once too often than never.
fn is_written_together(character: char) -> bool {
    matches!(character,
        '\u{e00}'..='\u{eff}' // Thai and Lao
        | '\u{1000}'..='\u{109f}' // Burmese
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3040}'..='\u{30ff}' // Kana
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' // Han
        | '\u{ac00}'..='\u{d7af}' // Hangul
    )
}

/// Without the difference of upper and lower case, also where one letter has two small ones, as ς and σ.
fn folded(text: &str) -> String {
    match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect(),
    }
}
