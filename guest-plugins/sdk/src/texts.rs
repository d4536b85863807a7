//! What people read, in their language: what the operator wrote before what a policy brings along.
//!
//! ```
//! use prosody_policy::texts;
//!
//! const REFUSED: &[(&str, &str)] = &[("en", "Please do not shout."), ("de", "Bitte nicht schreien.")];
//! assert_eq!(texts::pick(Some("de-AT"), REFUSED), "Bitte nicht schreien.");
//! assert_eq!(texts::pick(None, REFUSED), "Please do not shout.");
//! ```

use std::collections::BTreeMap;

/// The operator's texts by language (`en`, `de`, …), and a link that is put behind what is said.
#[derive(Debug, Default)]
pub struct Texts {
    own: BTreeMap<String, String>,
    link: Option<String>,
}

impl Texts {
    /// From a table as the operator writes it, with `link` among the languages. The error is for the operator.
    pub fn new(mut texts: BTreeMap<String, String>) -> Result<Self, String> {
        let link = texts.remove("link");
        for (tag, text) in &texts {
            let is_tag = (2..=3).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_lowercase());
            if !is_tag {
                return Err(format!("`texts` has \"{tag}\": it holds languages (\"en\", \"de\", …) and \"link\""));
            }
            if text.trim().is_empty() {
                return Err(format!("`texts.{tag}` is empty; leave it out to use the built-in text"));
            }
        }
        Ok(Self { own: texts, link })
    }

    /// The text in a language, of the operator or of the policy; else the English one of either. `built_in` has a text
    /// for each language tag, English first.
    pub fn choose<'a>(&'a self, language: Option<&str>, built_in: &[(&str, &'a str)]) -> &'a str {
        let tag = tag(language);
        let own = |tag: &str| self.own.get(tag).map(String::as_str);
        own(&tag).or(find(&tag, built_in)).or(own("en")).unwrap_or(pick(language, built_in))
    }

    /// A text with the link behind it, if there is one.
    pub fn with_link(&self, text: &str) -> String {
        self.link.as_ref().map_or(text.to_owned(), |link| format!("{text} {link}"))
    }
}

/// The policy's own text in a language, else the first.
pub fn pick<'a>(language: Option<&str>, built_in: &[(&str, &'a str)]) -> &'a str {
    let first = built_in.first().map(|(_, text)| *text);
    find(&tag(language), built_in).or(first).unwrap_or_default()
}

fn find<'a>(tag: &str, built_in: &[(&str, &'a str)]) -> Option<&'a str> {
    built_in.iter().find(|(known, _)| *known == tag).map(|(_, text)| *text)
}

/// `de` of `de-AT`.
fn tag(language: Option<&str>) -> String {
    language.and_then(|tag| tag.split('-').next()).unwrap_or("en").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUILT_IN: &[(&str, &str)] = &[("en", "Encrypt."), ("de", "Verschlüsseln.")];

    fn texts(own: &[(&str, &str)]) -> Result<Texts, String> {
        Texts::new(own.iter().map(|(tag, text)| ((*tag).to_owned(), (*text).to_owned())).collect())
    }

    #[test]
    fn the_operator_comes_first() {
        let none = texts(&[]).unwrap();
        for (language, expected) in [(None, "Encrypt."), (Some("de-AT"), "Verschlüsseln."), (Some("nl"), "Encrypt.")] {
            assert_eq!(none.choose(language, BUILT_IN), expected);
            assert_eq!(pick(language, BUILT_IN), expected);
        }
        let own = texts(&[("en", "OMEMO, please."), ("nl", "Versleutel!"), ("link", "https://x/help")]).unwrap();
        assert_eq!(own.choose(Some("nl"), BUILT_IN), "Versleutel!");
        assert_eq!(own.choose(Some("de"), BUILT_IN), "Verschlüsseln.");
        assert_eq!(own.choose(Some("pl"), BUILT_IN), "OMEMO, please.");
        assert_eq!(own.with_link("Encrypt."), "Encrypt. https://x/help");
    }

    #[test]
    fn slips_are_named() {
        assert!(texts(&[("deutsch", "…")]).unwrap_err().starts_with("`texts` has \"deutsch\""));
        assert!(texts(&[("de", " ")]).unwrap_err().starts_with("`texts.de` is empty"));
    }
}
