//! The services that the operator trusts.

use crate::address::{is_domain, is_user, split};

/// Patterns of addresses.
#[derive(Debug, Default)]
pub struct Services {
    patterns: Vec<Pattern>,
}

/// `push.example.org`, `*.example.org` or `pusher@push.example.org`, in lower case.
#[derive(Debug)]
struct Pattern {
    user: Option<String>,
    /// Of the parts of the domain, without itself?
    is_of_parts: bool,
    domain: String,
}

impl Services {
    /// From the patterns as the operator writes them. The error is for the operator.
    pub fn new(patterns: &[String]) -> Result<Self, String> {
        let patterns: Result<_, _> = patterns.iter().map(|text| Pattern::parse(text)).collect();
        Ok(Self { patterns: patterns? })
    }

    /// Is nobody trusted?
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// May this address be notified? Only ASCII letters are compared without case: the server, too, makes others the
    /// same only later, and what is not the same here is refused.
    pub fn trust(&self, address: &str) -> bool {
        let address = address.to_ascii_lowercase();
        let (user, domain) = split(&address);
        self.patterns.iter().any(|pattern| pattern.fits(user, domain))
    }
}

impl Pattern {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| Err(format!("`services` has \"{text}\": {why}"));
        let lower = text.to_ascii_lowercase();
        let (user, domain) = split(&lower);
        let (is_of_parts, domain) = domain.strip_prefix("*.").map_or((false, domain), |domain| (true, domain));
        match () {
            () if text.contains('/') => wrong("write the address without what follows the slash"),
            () if text == "*" => wrong("name the services that you trust; there is no way to trust everybody"),
            () if user.is_some_and(|user| user.contains('*')) => wrong("write the part before the @ in full"),
            () if domain.contains('*') => {
                wrong("a star stands only at the beginning, before a dot (\"*.example.org\")")
            }
            () if user.is_some_and(|user| !is_user(user)) || !is_domain(domain) => {
                wrong("this is not the address of a service (\"push.example.org\", \"*.example.org\")")
            }
            () if is_of_parts && !domain.contains('.') => wrong("this would trust a whole top-level domain"),
            () => Ok(Self { user: user.map(str::to_owned), is_of_parts, domain: domain.to_owned() }),
        }
    }

    fn fits(&self, user: Option<&str>, domain: &str) -> bool {
        let is_part = || domain.strip_suffix(&*self.domain).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'));
        self.user.as_deref() == user && if self.is_of_parts { is_part() } else { domain == self.domain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trusts(pattern: &str, address: &str) -> bool {
        Services::new(&[pattern.to_owned()]).unwrap().trust(address)
    }

    #[test]
    fn a_name_is_one_server() {
        for address in ["push.x.org", "PUSH.X.ORG", "push.x.org/any"] {
            assert!(trusts("Push.x.org", address), "{address}");
        }
        for address in [
            "",
            "x.org",
            "a.push.x.org",
            "push.x.org.",
            "push.x.org.evil.org",
            "evilpush.x.org",
            "anna@push.x.org",
            "push.x.org@evil.org",
            "evil.org/push.x.org",
            "evil.org/@push.x.org",
            "push.x.org\u{0}",
            // It only looks like a g.
            "push.x.or\u{261}",
        ] {
            assert!(!trusts("push.x.org", address), "{address}");
        }
        // The sign of the kelvin is no k, though its small letter is one.
        assert!(!trusts("push.k.org", "push.\u{212a}.org"));
    }

    #[test]
    fn a_star_is_all_below() {
        for (address, expected) in [
            ("a.x.org", true),
            ("a.b.X.org", true),
            ("x.org", false),
            (".x.org", false),
            ("ax.org", false),
            ("evil.org/a.x.org", false),
            ("a.x.org.evil.org", false),
            ("anna@a.x.org", false),
        ] {
            assert_eq!(trusts("*.x.org", address), expected, "{address}");
        }
    }

    #[test]
    fn a_user_is_one_account() {
        for (address, expected) in [
            ("pusher@push.x.org", true),
            ("Pusher@push.x.org/any", true),
            ("push.x.org", false),
            ("anna@push.x.org", false),
            ("anna@pusher@push.x.org", false),
        ] {
            assert_eq!(trusts("pusher@push.x.org", address), expected, "{address}");
        }
        assert!(trusts("pusher@*.x.org", "pusher@a.x.org"));
    }
}
