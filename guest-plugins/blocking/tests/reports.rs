//! What the operator is told over time, and how often lists change.

mod common;

use common::{change, policy};
use prosody_policy::KeepsState;
use prosody_policy::testing::{self, Effect, set_now};
use serde_json::json;

const DAY: u64 = 24 * 60 * 60;
const REPORT: &str = "<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='s@y'><report xmlns='urn:xmpp:reporting:1' \
                      reason='urn:xmpp:reporting:spam'/></item></block></iq>";

fn told(policy: &mut blocking::Blocking, user: &str, now: u64) -> Vec<Effect> {
    set_now(now);
    testing::change(policy, change(user, REPORT, 0), REPORT).effects
}

#[test]
fn reports_add_up_for_a_day() {
    let mut policy = policy(None);
    let tell = |text: &str| vec![Effect::Tell(text.into())];
    assert_eq!(told(&mut policy, "a@x", 1_000), tell("s@y was reported for spam"));
    assert_eq!(told(&mut policy, "a@x", 1_001), [], "the same once");
    assert_eq!(told(&mut policy, "b@x", 1_002), tell("s@y was reported for spam, by 2 users within a day"));
    let state = policy.save();
    policy.restore("", state).expect("its own state");
    assert_eq!(told(&mut policy, "c@x", 1_003), tell("s@y was reported for spam, by 3 users within a day"));
    assert_eq!(told(&mut policy, "a@x", 1_000 + DAY), tell("s@y was reported for spam"));
}

#[test]
fn a_list_changes_so_often() {
    let mut policy = policy(Some(&json!({ "hourly": 2 })));
    let reasons: Vec<String> = [(0, "a@x"), (1, "a@x"), (2, "a@x"), (3, "b@x"), (3_600, "a@x")]
        .map(|(now, user)| {
            set_now(now);
            testing::change(&mut policy, change(user, REPORT, 0), REPORT).decision.reason
        })
        .to_vec();
    assert_eq!(reasons, ["block", "block", "rate", "block", "block"]);
}
