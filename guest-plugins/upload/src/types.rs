//! Which types of files may be uploaded, by what the client says they are.

/// What a client means that says nothing (RFC 9110 §8.3).
const UNSAID: &str = "application/octet-stream";

/// Patterns of media types; all if there is none.
#[derive(Debug, Default)]
pub struct Types {
    patterns: Vec<String>,
}

impl Types {
    /// From the patterns as the operator writes them: `image/png`, `image/*`. The error is for the operator.
    pub fn new(patterns: &[String]) -> Result<Self, String> {
        let patterns: Result<_, String> = patterns.iter().map(|text| parse(text)).collect();
        Ok(Self { patterns: patterns? })
    }

    /// Is this one of them?
    pub fn hold(&self, content_type: &str) -> bool {
        let content_type = if content_type.is_empty() { UNSAID } else { content_type };
        let fits = |pattern: &String| match pattern.strip_suffix('*') {
            Some(group) => content_type.starts_with(group),
            None => content_type == pattern,
        };
        self.patterns.is_empty() || self.patterns.iter().any(fits)
    }
}

fn parse(text: &str) -> Result<String, String> {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    match text.split_once('/') {
        Some((group, name)) if is_word(group) && (name == "*" || is_word(name)) => Ok(text.to_ascii_lowercase()),
        _ => {
            Err(format!("`types` has \"{text}\": write a media type (\"image/png\") or a group of them (\"image/*\")"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_media_types_and_groups() {
        let types = Types::new(&["image/*".to_owned(), "Application/PDF".to_owned()]).unwrap();
        for (content_type, expected) in [
            ("image/png", true),
            ("application/pdf", true),
            ("application/pdfx", false),
            ("images/png", false),
            ("image", false),
            ("", false),
        ] {
            assert_eq!(types.hold(content_type), expected, "{content_type}");
        }
        assert!(Types::default().hold(""));
        assert!(Types::new(&["application/octet-stream".to_owned()]).unwrap().hold(""));
    }
}
