//! Addresses as Prosody's `jid.prep` has them: whatever stands for the same address becomes the same text.
//!
//! Whether a text from right to left is mixed with others is not looked at: nobody has such an address.
//! The profiles of the crate `stringprep` refuse characters that are newer than Unicode 3.2; Prosody keeps them as they are.

use stringprep::tables;
use unicode_normalization::UnicodeNormalization;

use crate::address::Address;

/// Bytes of a part of an address, in Prosody.
const MOST_BYTES: usize = 1023;

/// What is done with one part of an address (RFC 3920 and 3491).
struct Profile {
    is_folded: bool,
    /// What it may not have, besides what none of them may.
    prohibits: fn(char) -> bool,
}

const NODE: Profile =
    Profile { is_folded: true, prohibits: |sign| tables::ascii_control_character(sign) || " \"&'/:<>@".contains(sign) };
const HOST: Profile = Profile { is_folded: true, prohibits: |_| false };
const RESOURCE: Profile = Profile { is_folded: false, prohibits: tables::ascii_control_character };

/// Steps for each byte of an address with other letters than those of ASCII.
const STEPS: usize = 4;

/// How many steps it is to prepare a text with such letters. What is too long for an address is none.
pub fn work(text: &str) -> usize {
    text.len().min(3 * MOST_BYTES) * STEPS
}

/// The address for which a text stands; none if it is not one.
pub fn prepared(text: &str) -> Option<String> {
    let Address { node, host, resource, .. } = Address::split(text)?;
    let host = if host == "." { None } else { HOST.prepared(host.strip_suffix('.').unwrap_or(host)) };
    let node = node.map_or(Some(String::new()), |node| Some(NODE.prepared(node)? + "@"));
    let resource = resource.map_or(Some(String::new()), |resource| Some(format!("/{}", RESOURCE.prepared(resource)?)));
    Some(node? + &host? + &resource?)
}

impl Profile {
    fn prepared(&self, text: &str) -> Option<String> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let prepared = normalized(&self.mapped(text));
        let is_prohibited = |sign| (self.prohibits)(sign) || !sign.is_ascii() && is_never_allowed(sign);
        let is_valid = prepared.len() <= MOST_BYTES && !prepared.contains(is_prohibited);
        is_valid.then_some(prepared)
    }

    fn mapped(&self, text: &str) -> String {
        if text.is_ascii() && self.is_folded {
            return text.to_ascii_lowercase();
        }
        let mut mapped = String::new();
        for sign in text.chars().filter(|sign| !tables::commonly_mapped_to_nothing(*sign)) {
            match self.is_folded {
                true => mapped.extend(tables::case_fold_for_nfkc(sign)),
                false => mapped.push(sign),
            }
        }
        mapped
    }
}

fn normalized(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut normalized = String::new();
    for piece in text.split_inclusive(tables::unassigned_code_point) {
        let known = piece.strip_suffix(tables::unassigned_code_point).unwrap_or(piece);
        normalized.extend(known.nfkc());
        normalized.push_str(&piece[known.len()..]);
    }
    normalized
}

fn is_never_allowed(sign: char) -> bool {
    tables::non_ascii_space_character(sign)
        || tables::non_ascii_control_character(sign)
        || tables::private_use(sign)
        || tables::non_character_code_point(sign)
        || tables::inappropriate_for_plain_text(sign)
        || tables::inappropriate_for_canonical_representation(sign)
        || tables::change_display_properties_or_deprecated(sign)
        || tables::tagging_character(sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_done_as_in_prosody() {
        for (text, expected) in [
            ("Alice@Example.ORG/Desk", Some("alice@example.org/Desk")),
            ("ＡＬＩＣＥ@example.org", Some("alice@example.org")),
            ("alice@example.org.", Some("alice@example.org")),
            ("Straße@EXAMPLE.org", Some("strasse@example.org")),
            ("a\u{ad}b@x", Some("ab@x")),
            ("e\u{301}@x", Some("é@x")),
            ("İ@x", Some("i\u{307}@x")),
            ("x/ＡＬ", Some("x/AL")),
            ("a@x/🐎 R", Some("a@x/🐎 R")),
            ("🄰@x", Some("🄰@x")),
            ("א@x", Some("א@x")),
            ("a b@x", None),
            ("a&b@x", None),
            ("\u{a0}@x", None),
            ("a@x/\u{7f}", None),
            ("a@.", None),
            ("a@x@y", None),
        ] {
            assert_eq!(prepared(text).as_deref(), expected, "{text}");
        }
        let long = |sign: &str, count| prepared(&(sign.repeat(count) + "@x"));
        assert!(long("a", 1023).is_some() && long("a", 1024).is_none());
        assert!(long("ŉ", 500).is_none(), "what is too long when it is prepared is no address either");
    }
}
