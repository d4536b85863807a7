//! Who may upload.

/// Patterns of addresses; everybody if there is none.
#[derive(Debug, Default)]
pub struct People {
    patterns: Vec<String>,
}

impl People {
    /// From the patterns as the operator writes them: `alice@example.org`, `example.org`, `*.example.org`. The error is for
    /// the operator.
    pub fn new(patterns: &[String]) -> Result<Self, String> {
        let patterns: Result<_, String> = patterns.iter().map(|text| parse(text)).collect();
        Ok(Self { patterns: patterns? })
    }

    /// Is this one of them? The address has no resource.
    pub fn hold(&self, user: &str) -> bool {
        let user = user.to_lowercase();
        self.patterns.is_empty() || self.patterns.iter().any(|pattern| fits(pattern, &user))
    }
}

fn parse(text: &str) -> Result<String, String> {
    let wrong = |why: &str| Err(format!("`who` has \"{text}\": {why}"));
    let domain = text.rsplit('@').next().unwrap_or_default();
    let rest = domain.strip_prefix("*.").unwrap_or(domain);
    match () {
        () if text == "*" => wrong("to let everybody upload whom the server lets, leave `who` out"),
        () if text.contains('/') => wrong("write the address without what follows the slash"),
        () if text.matches('@').count() > 1 || text.starts_with('@') || text.contains(char::is_whitespace) => {
            wrong("this is not an address (\"alice@example.org\", \"example.org\", \"*.example.org\")")
        }
        () if text.contains('@') && text.contains('*') => {
            wrong("a star stands for domains, not for the accounts there")
        }
        () if rest.is_empty() || rest.contains('*') || rest.split('.').any(str::is_empty) => {
            wrong("this is not a domain (\"example.org\", \"*.example.org\")")
        }
        () => Ok(text.to_lowercase()),
    }
}

fn fits(pattern: &str, user: &str) -> bool {
    let domain = user.split_once('@').map_or(user, |(_, domain)| domain);
    match pattern.strip_prefix("*.") {
        Some(parent) => domain.strip_suffix(parent).is_some_and(|below| below.len() > 1 && below.ends_with('.')),
        None if pattern.contains('@') => pattern == user,
        None => pattern == domain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_addresses_and_domains() {
        for (pattern, user, expected) in [
            ("x.org", "a@x.org", true),
            ("X.org", "A@x.ORG", true),
            ("x.org", "x.org", true),
            ("x.org", "a@b.x.org", false),
            ("x.org", "a@evilx.org", false),
            ("x.org", "x.org@evil.org", false),
            ("a@x.org", "a@x.org", true),
            ("a@x.org", "b@x.org", false),
            ("*.x.org", "a@b.x.org", true),
            ("*.x.org", "a@x.org", false),
            ("*.x.org", "a@.x.org", false),
            ("*.x.org", "b.x.org@evil.org", false),
        ] {
            let people = People::new(&[pattern.to_owned()]).unwrap();
            assert_eq!(people.hold(user), expected, "{pattern} {user}");
        }
        assert!(People::default().hold("anybody@anywhere"));
    }
}
