//! What a generation is: a hash of everything that shapes what it decides.
//!
//! The whole of [`Terms`] goes in, so that a field that is added to it cannot be forgotten here. Where the file
//! was found, and whether the policy is asked at all, do not shape its decisions.

use serde::Serialize;

use crate::engine::{Engine, Purpose};
use crate::policy::Terms;
use crate::source::sha256;

#[derive(Serialize)]
struct Whole<'a> {
    component: &'a str,
    terms: &'a Terms,
    engine: String,
}

/// The identity of the component with this sha256 under these terms, in hex.
pub fn identity(component: &str, terms: &Terms) -> String {
    let mut terms = terms.clone();
    if let Some(grants) = &mut terms.grants {
        grants.sort();
        grants.dedup();
    }
    let whole = Whole { component, terms: &terms, engine: Engine::key(Purpose::Server) };
    // A struct of strings and numbers always has a form in JSON.
    sha256(&serde_json::to_vec(&whole).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::slot::OnError;

    /// A struct with every field named: a new one does not compile here until it is tried too.
    fn terms() -> Terms {
        let limits = Limits { milliseconds: 5, memory: 1 << 20, budget: 200 };
        Terms { settings: "{}".into(), grants: None, limits, on_error: OnError::Deny }
    }

    #[test]
    fn every_term_alone_changes_it() {
        let limits = terms().limits;
        let grants = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
        let all = [
            identity("a", &terms()),
            identity("b", &terms()),
            identity("a", &Terms { settings: "{\"a\":1}".into(), ..terms() }),
            identity("a", &Terms { grants: grants(&[]), ..terms() }),
            identity("a", &Terms { grants: grants(&["log"]), ..terms() }),
            identity("a", &Terms { limits: Limits { milliseconds: 6, ..limits }, ..terms() }),
            identity("a", &Terms { limits: Limits { memory: 2 << 20, ..limits }, ..terms() }),
            identity("a", &Terms { limits: Limits { budget: 201, ..limits }, ..terms() }),
            identity("a", &Terms { on_error: OnError::Pass, ..terms() }),
        ];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        let order = |names: &[&str]| identity("a", &Terms { grants: grants(names), ..terms() });
        assert_eq!(order(&["log", "clock"]), order(&["clock", "log", "log"]));
    }
}
