//! What is remembered, when the policy is replaced.

mod common;

use common::{passage, policy};
use firewall::Firewall;
use prosody_policy::testing::{self, decide};
use prosody_policy::{KeepsState, Verdict};
use serde_json::Value;

const RULES: &str = "%RATE one: 1 (burst 2)\n%RATE each: 1\n%LIST l: memory (limit: 3)\n\nCHECK LIST: l contains $<@from|bare>\n\
                     BOUNCE=not-allowed (listed)\n\nORIGIN MARKED: m\nBOUNCE=not-allowed (marked)\n\nINSPECT: body#=add\nADD TO=l \
                     $<@from|bare>\n\nINSPECT: body#=mark\nMARK ORIGIN=m\n\nLIMIT: each on $<@from|bare>\nBOUNCE=not-allowed \
                     (each)\n\nLIMIT: one\nBOUNCE=not-allowed (one)";

fn said(policy: &mut Firewall, from: &str, text: &str) -> String {
    let xml = format!("<message from='{from}' to='bob@x'><body>{text}</body></message>");
    match decide(policy, passage("in user", &xml), &xml).decision.verdict {
        Verdict::Bounce(bounce) => bounce.text,
        other => format!("{other:?}"),
    }
}

fn used() -> Firewall {
    let mut policy = policy(RULES, &Value::Null).expect("sound rules");
    testing::set_now(0);
    assert_eq!(said(&mut policy, "ann@x/r", "add"), "Pass");
    assert_eq!(said(&mut policy, "ben@x/r", "mark"), "Pass");
    policy
}

fn successor(rules: &str, state: Vec<u8>) -> Firewall {
    let mut policy = policy(rules, &Value::Null).expect("sound rules");
    testing::set_now(0);
    policy.restore("", state).expect("what was saved");
    policy
}

#[test]
fn is_handed_over() {
    let mut next = successor(RULES, used().save());
    assert_eq!(said(&mut next, "ann@x/r", ""), "listed");
    assert_eq!(said(&mut next, "ben@x/r", ""), "marked");
    assert_eq!(said(&mut next, "ben@x/other", ""), "each");
    assert_eq!(said(&mut next, "cid@x/r", ""), "one");
    assert_eq!(next.save(), successor(RULES, next.save()).save());
}

/// Whoever tightens a limit in the middle of a flood means those who are at it.
#[test]
fn a_limit_that_became_narrower_holds_at_once() {
    for limit in ["LIMIT: r", "LIMIT: r on $<@from|bare>"] {
        let rules = |rate: &str| format!("%RATE r: {rate}\n\n{limit}\nBOUNCE=not-allowed (much)");
        let mut wide = policy(&rules("50"), &Value::Null).expect("sound rules");
        testing::set_now(0);
        assert_eq!(said(&mut wide, "ann@x/r", ""), "Pass");
        let mut narrow = successor(&rules("1"), wide.save());
        let found = [said(&mut narrow, "ann@x/r", ""), said(&mut narrow, "ann@x/r", "")];
        assert_eq!(found, ["Pass", "much"], "{limit}");
    }
}

#[test]
fn what_the_rules_do_not_have_any_more_is_forgotten() {
    let rules = "%RATE one: 1 (burst 2)\n\nLIMIT: one\nBOUNCE=not-allowed (one)\n\nORIGIN MARKED: m\nBOUNCE=not-allowed (marked)";
    let mut next = successor(rules, used().save());
    assert_eq!(said(&mut next, "ben@x/r", ""), "one");
    testing::set_now(200);
    assert_eq!((said(&mut next, "ben@x/r", ""), said(&mut next, "ann@x/r", "")), ("marked".into(), "Pass".into()));
}

#[test]
fn what_is_something_else_is_refused() {
    let state = used().save();
    let mut policy = policy(RULES, &Value::Null).unwrap();
    for length in 0..state.len() {
        assert!(policy.restore("", state[..length].to_vec()).is_err(), "{length}");
    }
    assert!(policy.restore("", [&state[..], b"x"].concat()).is_err());
    assert!(policy.restore("", state).is_ok());
}

/// However much there is, it is less than the host hands over.
#[test]
fn is_bounded() {
    let rules = "%RATE each: 1 (entries 16000)\n%LIST l: memory (limit: 16000)\n\nLIMIT: each on $<@from|bare>\nLOG=x\n\nADD TO=l \
                 $<@from>\nMARK ORIGIN=m";
    let mut policy = policy(rules, &Value::Null).unwrap();
    for number in 0..17_000 {
        said(&mut policy, &format!("u{number}@x/r"), "");
    }
    let length = policy.save().len();
    assert!((850_000..1_000_000).contains(&length), "{length}");
}
