//! How often, over time and over swaps.

mod common;

use common::{Case, cases, notify, policy, register, registration};
use prosody_policy::testing::set_now;
use prosody_policy::{Admission, KeepsState};
use push::Push;
use serde_json::json;

const REQUEST: &str = "<iq type='set' id='1'><enable xmlns='urn:xmpp:push:0' jid='push.x' node='phone'/></iq>";

fn case(id: &str) -> Case {
    cases().into_iter().find(|case| case.id == id).expect(id)
}

/// What comes of these occasions, each so many seconds after the beginning.
fn told(policy: &mut Push, occasions: &[(u64, &str)]) -> Vec<String> {
    let told = occasions.iter().map(|(seconds, id)| {
        set_now(1_000_000 + seconds);
        let (verdict, reason) = notify(policy, &case(id));
        if verdict == "suppress" { reason } else { verdict }
    });
    told.collect()
}

#[test]
fn there_are_so_many_an_hour() {
    // Of one sender half.
    let settings = json!({"services": ["push.x"], "hourly": 4});
    for (occasions, expected) in [
        (
            &[(0, "body"), (10, "omemo"), (20, "body"), (3_599, "body")][..],
            &["announce 10", "announce 10", "announce 600", "announce 600"][..],
        ),
        (&[(0, "body"), (10, "body"), (3_600, "body")], &["announce 10", "announce 10", "announce 10"]),
        // What the host makes one is one: of one device, and of several that are told at once.
        (
            &[(0, "body"), (0, "body"), (9, "body"), (10, "body"), (20, "body")],
            &["announce 10", "announce 10", "announce 10", "announce 10", "announce 600"],
        ),
        // What is no occasion counts for nothing.
        (
            &[(0, "receipt"), (10, "presence"), (20, "body-awake"), (30, "body")],
            &["no-text", "presence", "awake", "announce 10"],
        ),
        // Calls get through, up to twice as many.
        (
            &[(0, "body"), (20, "body"), (40, "call"), (40, "call"), (60, "call"), (80, "call"), (90, "body")],
            &["announce 10", "announce 10", "announce 0", "announce 0", "announce 600", "announce 600", "announce 600"],
        ),
    ] {
        assert_eq!(told(&mut policy(Some(&settings)), occasions), expected, "{occasions:?}");
    }
}

#[test]
fn one_sender_has_half() {
    let mut policy = policy(Some(&json!({"services": ["push.x"], "hourly": 4, "pause": 0})));
    let mut pause = |sender: &str| {
        let body = case("body");
        let case = Case { xml: body.xml.replace("a@x/p", sender), ..body };
        notify(&mut policy, &case).0
    };
    let told = ["a@x/1", "a@x/2", "a@x/3", "c@x/1", "c@x/1", "d@x/1"].map(&mut pause);
    assert_eq!(told, ["announce 0", "announce 0", "announce 600", "announce 0", "announce 0", "announce 600"]);
}

#[test]
fn users_are_told_apart() {
    let mut policy = policy(Some(&json!({"services": ["push.x"], "hourly_registrations": 1})));
    let mut allowed = |user: &str| {
        let registration = prosody_policy::Registration { user: user.into(), ..registration("push.x", "phone", 0) };
        matches!(register(&mut policy, registration, REQUEST).verdict, Admission::Allow)
    };
    assert!(allowed("a@x") && allowed("b@x") && !allowed("a@x") && !allowed("b@x"));
}

/// The reasons for so many requests at once.
fn requested(policy: &mut Push, count: usize, now: u64) -> Vec<String> {
    set_now(now);
    (0..count).map(|_| register(policy, registration("push.x", "phone", 0), REQUEST).reason).collect()
}

#[test]
fn requests_are_so_many_an_hour() {
    let mut policy = policy(Some(&json!({"services": ["push.x"], "hourly_registrations": 3})));
    assert_eq!(requested(&mut policy, 4, 1_000), ["trusted", "trusted", "trusted", "rate"]);
    assert_eq!(requested(&mut policy, 1, 4_599), ["rate"]);
    assert_eq!(requested(&mut policy, 1, 4_600), ["trusted"]);
    // What is refused anyway is nobody's flood: nothing was written.
    let refused: Vec<_> =
        (0..9).map(|_| register(&mut policy, registration("evil.x", "phone", 0), REQUEST).reason).collect();
    assert!(refused.iter().all(|reason| reason == "untrusted"));
    assert_eq!(requested(&mut policy, 3, 4_600), ["trusted", "trusted", "rate"]);
}

#[test]
fn a_swap_forgets_nothing() {
    let settings = json!({"services": ["push.x"], "hourly": 1, "hourly_registrations": 1});
    let mut old = policy(Some(&settings));
    told(&mut old, &[(0, "body")]);
    requested(&mut old, 1, 1_000_000);
    let state = old.save();
    assert!(!String::from_utf8_lossy(&state).contains(common::USER), "no addresses");

    let mut new = policy(Some(&settings));
    new.restore("", state.clone()).expect("its own state");
    assert_eq!(new.save(), state);
    assert_eq!(told(&mut new, &[(20, "body"), (3_600, "body")]), ["announce 600", "announce 10"]);
    assert_eq!(requested(&mut new, 1, 1_000_020), ["rate"]);
}

#[test]
fn what_somebody_else_saved_is_refused() {
    let mut policy = policy(None);
    for state in [&b""[..], b"{}", b"push rates 1\nxyz", &[0xff; 4096]] {
        assert!(policy.restore("", state.to_vec()).expect_err("refused").contains("not the rates of this policy"));
    }
    assert_eq!(told(&mut policy, &[(0, "body")]), ["announce 10"]);
}
