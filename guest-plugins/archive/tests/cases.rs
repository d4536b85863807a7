//! Every rule, by example.

mod common;

use common::{Case, cases, keep, keeping, normal, word};

#[test]
fn every_rule() {
    let wrong: Vec<String> = cases().iter().filter_map(difference).collect();
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn difference(case: &Case) -> Option<String> {
    let outcome = keep(&case.settings.to_string(), keeping(&case.place, case.wanted), &case.xml);
    let found = (word(&outcome.decision.verdict), outcome.decision.reason.as_str());
    let stored = (found.0 == "keep" || found.0 == "memory").then_some(outcome.xml);
    let expected = case.stored.as_deref().map(normal);
    let met = found == (&case.verdict, &case.reason) && stored == expected;
    (!met).then(|| format!("{} ({}): {found:?}\n  {stored:?}\n  {expected:?}", case.id, case.place))
}
