//! From one generation to the next, and back.

use std::time::Duration;

use mod_wasm_tests::{Guest, Host, told};
use prosody_wasm_runtime::slot::{OnError, State};
use prosody_wasm_runtime::{Effect, KeyValues, Limits, Thresholds};

const MESSAGE: &str = "<message from='a@x/1' to='b@x'><body>hi</body></message>";
const LAX: Thresholds = Thresholds { failures: 3, mean: Duration::from_secs(1) };

fn scripted(settings: &str) -> Guest<'_> {
    Guest { settings, ..Guest::default() }
}

fn identity(host: &Host) -> String {
    match &host.slot("guest").state {
        State::Running(live) => live.identity.clone(),
        _ => panic!("nothing is in force"),
    }
}

#[test]
fn back_and_forth() {
    let mut host = Host::with(&[scripted("{}")]);
    let first = identity(&host);
    assert!(host.chain.roll_back("guest").is_none(), "there was none before");
    host.install(&scripted(r#"{"verdict": "drop"}"#)).unwrap();
    let second = identity(&host);
    assert_ne!(first, second);
    for (expected, verdict) in
        [(&first, "guest pass scripted"), (&second, "guest drop scripted"), (&first, "guest pass scripted")]
    {
        assert_eq!(host.chain.roll_back("guest"), Some(Vec::new()));
        assert_eq!((&identity(&host), told(&host.judge(MESSAGE)).as_str()), (expected, verdict));
    }
}

/// What happens when it fails belongs to the generation.
#[test]
fn on_error_changes_with_the_generation() {
    let failing = r#"{"how": "panic", "when": "decide", "only": "hi"}"#;
    let failing = Guest { file: "misbehaving", settings: failing, ..Guest::default() };
    let mut host = Host::with(std::slice::from_ref(&failing));
    host.replace(&Guest { on_error: OnError::Pass, ..failing }, true, None).unwrap();
    assert_eq!(told(&host.judge(MESSAGE)), "guest pass trap");
    host.chain.roll_back("guest").unwrap();
    assert_eq!(told(&host.judge(MESSAGE)), "guest bounce trap");
}

#[test]
fn several_or_none() {
    let others = [Guest { name: "a", ..Guest::default() }, Guest { name: "b", ..Guest::default() }];
    let mut host = Host::with(&others);
    let drop = host.start(&Guest { name: "a", settings: r#"{"verdict": "drop"}"#, ..Guest::default() }).unwrap();
    let refusing = Guest {
        name: "b",
        file: "misbehaving",
        settings: r#"{"how": "refuse", "when": "restore"}"#,
        ..Guest::default()
    };
    let refusing = host.start(&refusing).unwrap();
    let refusal = host.replace_all([("a", drop), ("b", refusing)], false, None).unwrap_err();
    assert!(refusal.starts_with("b: it does not take over the state"), "{refusal}");
    assert_eq!(told(&host.judge(MESSAGE)), "b pass scripted");
    let drop = |name| Guest { name, settings: r#"{"verdict": "drop"}"#, ..Guest::default() };
    let next = [("a", host.start(&drop("a")).unwrap()), ("b", host.start(&drop("b")).unwrap())];
    host.replace_all(next, false, None).unwrap();
    assert_eq!(told(&host.judge(MESSAGE)), "a drop scripted");
    let nobody = host.start(&Guest::default()).unwrap();
    assert!(host.replace_all([("nobody", nobody)], false, None).unwrap_err().contains("no policy nobody"));
}

/// The store belongs to the policy: a new generation goes on with it, and what it writes on trial can be undone.
#[test]
fn the_store_goes_on_and_back() {
    let mut host = Host::with(&[]);
    host.chain.declare("guest", OnError::Deny, Default::default());
    host.chain.load_store("guest", KeyValues::load([("count".into(), vec![7])]));
    let counting = scripted(r#"{"count": true}"#);
    host.install(&counting).unwrap();
    assert_eq!(host.judge(MESSAGE).reason, "count-8");
    host.replace(&scripted(r#"{"count": true, "log": "new"}"#), false, Some(LAX)).unwrap();
    assert_eq!(host.judge(MESSAGE).reason, "count-9");
    assert_eq!(host.judge(MESSAGE).reason, "count-10");
    assert_eq!(host.chain.roll_back("guest"), Some(vec![("count".into(), Some(vec![8]))]));
    assert_eq!(host.judge(MESSAGE).reason, "count-9");
    host.replace(&scripted(r#"{"count": true, "log": "again"}"#), false, Some(LAX)).unwrap();
    assert_eq!(host.judge(MESSAGE).reason, "count-10");
    host.chain.settle("guest");
    assert_eq!(host.chain.roll_back("guest"), Some(Vec::new()), "after the trial writes stay");
    assert_eq!(host.judge(MESSAGE).reason, "count-11");
}

/// The settings of a successor, its limits and thresholds; how many messages it judges until it is taken back.
fn check_return(file: &str, settings: &str, thresholds: Thresholds, expected: Option<(usize, &str)>) {
    let mut host = Host::with(&[scripted(r#"{"count": true}"#)]);
    let first = identity(&host);
    let limits = Limits { milliseconds: 50, budget: 1_000, ..Limits::default() };
    host.replace(&Guest { file, settings, limits, ..Guest::default() }, true, Some(thresholds)).unwrap();
    let second = identity(&host);
    let returned = (1..=60).find_map(|number| {
        let sender = format!("<message from='user{number}@x/1' to='b@x'><body>bad</body></message>");
        let effects = host.judge(&sender).effects;
        effects.into_iter().find_map(|(_, effect)| match effect {
            Effect::Returned(returned) => Some((number, returned)),
            _ => None,
        })
    });
    let Some((number, reason)) = expected else { return assert!(returned.is_none(), "{returned:?}") };
    let (after, returned) = returned.expect("it is taken back");
    assert_eq!((after, returned.is_canary), (number, false));
    assert!(returned.reason.contains(reason), "{}", returned.reason);
    assert_eq!((&returned.from, &returned.to), (&second, &first));
    assert_eq!(identity(&host), first);
    assert!(host.judge(MESSAGE).reason.starts_with("count-"));
}

#[test]
fn a_probation_that_is_not_stood() {
    let settings = |how: &str| format!(r#"{{"how": "{how}", "when": "decide", "only": "bad"}}"#);
    check_return("misbehaving", &settings("panic"), LAX, Some((3, "failed 3 times in 3 decisions")));
    check_return("misbehaving", &settings("loop"), LAX, Some((3, "failed 3 times")));
    let slow = Thresholds { failures: 1_000, mean: Duration::from_nanos(1) };
    check_return("scripted", r#"{"log": "x"}"#, slow, Some((50, "on average")));
    check_return("scripted", r#"{"log": "x"}"#, LAX, None);
}

#[test]
fn a_return_undoes_what_was_stored() {
    let mut host = Host::with(&[scripted(r#"{"count": true}"#)]);
    assert_eq!(host.judge(MESSAGE).reason, "count-1");
    let slow = Thresholds { failures: 1_000, mean: Duration::from_nanos(1) };
    host.replace(&scripted(r#"{"count": true, "log": "x"}"#), false, Some(slow)).unwrap();
    let last = (0..50).map(|_| host.judge(MESSAGE)).last().unwrap();
    let returned = last.effects.iter().find_map(|(_, effect)| match effect {
        Effect::Returned(returned) => Some(returned.undone.clone()),
        _ => None,
    });
    assert_eq!(returned, Some(vec![("count".into(), Some(vec![1]))]));
    assert_eq!(host.judge(MESSAGE).reason, "count-2");
}
