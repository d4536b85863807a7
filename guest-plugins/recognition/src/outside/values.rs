//! What an attribute or a text outside ciphertext may hold: addresses, numbers, tokens; nothing that a
//! person would write.

use crate::Opaque;

use crate::outside::findings::Context;

/// A grammar of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Nothing,
    /// What a person wrote. It is taken out, and the rest of its element goes on without it.
    Human,
    /// An identifier made by software: printable ASCII without a space.
    Token,
    /// A token, or two with a space between: a media stream and its track.
    Pair,
    /// The token of a conversation (RFC 6121 §5.2.5), which people are known to write in: with a digit, or
    /// long and of large and small letters.
    Thread,
    /// An XMPP address. Only a room's may have a space in it: the nickname.
    Address,
    /// A nickname, which in a room is a part of the address; from a room only.
    Nickname,
    /// Digits, perhaps with a sign.
    Number,
    /// A boolean of XML Schema.
    Boolean,
    /// A date and time (XEP-0082).
    Time,
    /// A language tag: language, script, region.
    Language,
    /// Base64 of something that cannot be read.
    Base64,
    /// Digits of a hash or a key, perhaps in groups.
    Hex,
    /// Emoji, no letters.
    Emoji,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// One of these names, however clients write it: large or small.
    Name(&'static [&'static str]),
    /// Names of capabilities, each once at most: the old form of XEP-0115, which few clients still send.
    Capabilities,
}

impl Value {
    /// May this text be a value of this kind?
    pub fn allows(self, text: &str, context: &Context) -> bool {
        let ascii = |kind: fn(&u8) -> bool, length: usize| text.len() <= length && text.as_bytes().iter().all(kind);
        match self {
            Self::Nothing | Self::Human => text.is_empty(),
            Self::Token => ascii(u8::is_ascii_graphic, 256),
            Self::Pair => text.split(' ').count() <= 2 && text.split(' ').all(is_token),
            Self::Thread => ascii(u8::is_ascii_graphic, 128) && is_made_by_software(text),
            Self::Address => is_address(text, context.room),
            Self::Nickname => context.room && text.len() <= 1023,
            Self::Number => ascii(u8::is_ascii_digit, 20) || is_negative(text),
            Self::Boolean => ["true", "false", "1", "0"].contains(&text),
            Self::Time => ascii(|byte| b"0123456789-:.TZ+".contains(byte), 40),
            Self::Language => is_language(text),
            Self::Base64 => Opaque::parse(text).is_some(),
            Self::Hex => ascii(|byte| byte.is_ascii_hexdigit() || b":-".contains(byte), 256),
            Self::Emoji => text.chars().count() <= 16 && text.chars().all(is_emoji),
            Self::OneOf(words) => words.contains(&text),
            Self::Name(names) => names.iter().any(|name| name.eq_ignore_ascii_case(text)),
            Self::Capabilities => are_capabilities(text),
        }
    }
}

fn is_made_by_software(text: &str) -> bool {
    let any = |kind: fn(&u8) -> bool| text.as_bytes().iter().any(kind);
    let mixed = any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase);
    any(u8::is_ascii_digit) || mixed && text.len() >= 16 && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Is this one token?
pub fn is_token(text: &str) -> bool {
    Value::Token.allows(text, &Context::default())
}

fn is_negative(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|digits| digits.len() <= 10 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_address(text: &str, with_nickname: bool) -> bool {
    let (bare, resource) = text.split_once('/').unwrap_or((text, ""));
    let solid = |text: &str| !text.contains(|character: char| character.is_whitespace() || character.is_control());
    text.len() <= 3071 && !bare.is_empty() && solid(bare) && (with_nickname || solid(resource))
}

/// `de`, `zh-Hans-CN`: more would be room for a word.
fn is_language(text: &str) -> bool {
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut parts = text.split('-');
    let language = parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && letters(part));
    let mut rest: Vec<&str> = parts.collect();
    if rest.first().is_some_and(|script| script.len() == 4 && letters(script)) {
        rest.remove(0);
    }
    let region = match rest.as_slice() {
        [] => true,
        [region] => region.len() == 2 && letters(region) || region.len() == 3 && region.parse::<u16>().is_ok(),
        _ => false,
    };
    text.is_empty() || language && region
}

const CAPABILITIES: &[&str] = &["camera-v1", "pmuc-v1", "share-v1", "video-v1", "voice-v1"];

fn are_capabilities(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').take(CAPABILITIES.len() + 1).collect();
    words.iter().enumerate().all(|(at, word)| CAPABILITIES.contains(word) && !words[..at].contains(word))
}

/// Symbols and what joins them; digits and signs are parts of keycaps. Letters in squares count as letters
/// in Unicode, but not here.
fn is_emoji(character: char) -> bool {
    match character {
        '0'..='9' | '#' | '*' | '\u{200d}' | '\u{20e3}' | '\u{fe0e}' | '\u{fe0f}' | '\u{a9}' | '\u{ae}' => true,
        // The letters in squares that are signs of their own: blood groups and a car park.
        '\u{1f170}'
        | '\u{1f171}'
        | '\u{1f17e}'
        | '\u{1f17f}'
        | '\u{1f18e}'..='\u{1faff}'
        | '\u{e0020}'..='\u{e007f}' => true,
        '\u{2030}'..='\u{3299}' => !character.is_alphabetic(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: Value, allowed: &[&str], refused: &[&str]) {
        let context = Context::default();
        for text in allowed {
            assert!(value.allows(text, &context), "{value:?} allows {text:?}");
        }
        for text in refused {
            assert!(!value.allows(text, &context), "{value:?} refuses {text:?}");
        }
    }

    #[test]
    fn tells_values_from_words() {
        check(Value::Token, &["m1", "{6f2a-11}", "purple7d2c", ""], &["two words", "grün", "a\u{a0}b"]);
        check(
            Value::Thread,
            &["e0ffe42b28561960c6b1", "ZRxhrpUiFGOfrLTVPxkDbkTEjxCVmNUD"],
            &["lunch", "see you at 5", "SECRET", "Meet me at the old place"],
        );
        check(Value::Name(&["OMEMO"]), &["OMEMO", "omemo"], &["OMEMO SECRET", ""]);
        check(Value::Address, &["r@muc.x", "x", "b@x/phone"], &["", "a b@x", "b@x/two words"]);
        check(Value::Number, &["0", "-5", "4294967295"], &["5 o'clock", "--5", "1e3"]);
        check(Value::Language, &["de", "pt-BR", "zh-Hans-CN", "es-419", ""], &["SECRET", "en-SECRET", "d", "en-x-yz"]);
        check(Value::Emoji, &["👍", "1️⃣", "❤️", "🇩🇪", "👩‍💻", "🅰️", "🆗"], &["ok", "Да", "👍 yes", "日", "🅻🆄🅽🅲🅷", "🄻🅄"]);
        check(Value::Hex, &["AB:CD:01", "2fd4e1c67a2d28fced84"], &["secret", "meet me"]);
        check(Value::Time, &["2026-11-23T10:00:00Z"], &["tomorrow"]);
        check(
            Value::Capabilities,
            &["voice-v1 camera-v1"],
            &["see you", "SECRET", "SECRET-v1 at-v1", "voice-v1 voice-v1"],
        );
    }
}
