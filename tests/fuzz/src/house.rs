//! The host as the server has it, and what must be true of whatever it answers.

use std::sync::{Arc, OnceLock};

use prosody_stanza::{Limits as StanzaLimits, Stanza, xml};
use prosody_wasm_runtime::{
    Direction, Effect, Engine, Facts, Generation, Limits, Outcome, Party, Passage, Policy, Purpose, Question, Terms,
    Verdict,
};

/// The subjects of all questions.
pub const SUBJECTS: [&str; 18] = [
    "message",
    "presence",
    "iq",
    "archive",
    "room",
    "offline",
    "carbons",
    "delivery",
    "presence-delivery",
    "registration",
    "notification",
    "presence-notification",
    "iq-notification",
    "slot",
    "piece",
    "configuration",
    "keys",
    "blocklist",
];

/// The engine of the server, one for all inputs; it alone has a compiler.
pub fn engine() -> &'static Arc<Engine> {
    static ENGINE: OnceLock<Arc<Engine>> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let mut configuration = Engine::configuration(Purpose::Server);
        configuration.cranelift_nan_canonicalization(true);
        Arc::new(Engine::new(Purpose::Server, &configuration).expect("the engine starts"))
    })
}

/// A component as a policy, by the way that one of an operator's takes: compiled to an artifact, which is loaded.
pub fn policy(component: &[u8], terms: Terms) -> anyhow::Result<Policy> {
    nesting::check(component)?;
    let artifact = engine().wasmtime().precompile_component(component).map_err(anyhow::Error::from)?;
    Policy::load(engine(), artifact.into(), "0123", terms)
}

/// As the program that compiles does it.
#[path = "../../../host/cli/src/nesting.rs"]
mod nesting;

/// Whoever was asked is gone, and with him whatever he held: the process has no more open files and threads than after
/// the first of all.
///
/// # Panics
/// When it has.
pub fn check_nothing_is_left() {
    static FIRST: OnceLock<(usize, usize)> = OnceLock::new();
    let count = |folder: &str| std::fs::read_dir(folder).map_or(0, Iterator::count);
    let now = (count("/proc/self/fd"), count("/proc/self/task"));
    let first = *FIRST.get_or_init(|| now);
    // The watchdog begins with the first call of a guest, which is not always in the first input.
    assert!(now.0 <= first.0 + 1 && now.1 <= first.1 + 1, "open files and threads: {first:?}, now {now:?}");
}

/// With little memory, and the usual time.
pub fn terms() -> Terms {
    Terms { limits: Limits { milliseconds: 5, memory: 2 << 20, budget: 1_000 }, ..Terms::default() }
}

/// The same, started.
pub fn started(policy: &Policy) -> Result<Generation, String> {
    Generation::start(engine(), policy.clone(), 1).map_err(|failure| failure.to_string())
}

/// A stanza of the kind that a subject is about.
pub fn stanza(question: Question) -> Stanza {
    let kind = format!("{:?}", question.passage.kind);
    let kind = kind.rsplit("::").next().unwrap_or("message").to_lowercase();
    let text = format!(
        "<{kind} from='alice@x.example/1' to='bob@x.example' id='1' type='chat'><body>a secret of Alice</body>\
         <x xmlns='urn:x' a='1'><y>two</y></x></{kind}>"
    );
    xml::parse(&text, "jabber:client", &StanzaLimits::default()).expect("a stanza")
}

/// The question about a subject, on the road from one of our users to another.
pub fn question(subject: &str) -> Question {
    let (hook, kind) = Question::named(subject, false).expect("a subject");
    let (source, destination) = (Party::User, Party::User);
    Question { hook, passage: Passage { kind, direction: Direction::Outgoing, source, destination } }
}

/// What was known of the moment.
pub fn facts() -> Facts {
    Facts { now: 1, nickname: Some("nick".into()), ..Facts::default() }
}

/// What holds of every outcome, whatever a policy did: words, bounded texts, edits that can be done.
///
/// # Panics
/// When something of it does not.
pub fn check(before: &Stanza, outcome: &Outcome) {
    let is_word = |reason: &str| {
        (1..=40).contains(&reason.len())
            && reason.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    assert!(is_word(&outcome.reason), "reason {:?}", outcome.reason);
    if let Verdict::Bounce(bounce) = &outcome.verdict {
        check_text(&bounce.text, 1_024);
    }
    assert!(outcome.verdict == Verdict::Pass || outcome.edits.is_empty(), "edits of a stanza that does not pass");
    check_edits(before, outcome);
    check_effects(&outcome.effects);
}

fn check_edits(before: &Stanza, outcome: &Outcome) {
    let mut edited = before.clone();
    for round in &outcome.edits {
        assert!(round.len() <= 256, "{} edits", round.len());
        round.iter().for_each(|edit| edit.check(&edited).expect("an edit that was checked"));
        edited = edited.edited(round, &StanzaLimits::default()).expect("within the limits");
    }
    if outcome.verdict == Verdict::Pass {
        assert_eq!(outcome.stanza(), Some(&edited), "what is judged is what is delivered");
    }
    for address in ["to", "from", "id", "type"] {
        assert_eq!(before.root().attribute(address), edited.root().attribute(address), "{address}");
    }
}

fn check_effects(effects: &[(String, Effect)]) {
    let count = |is: fn(&Effect) -> bool| effects.iter().filter(|(_, effect)| is(effect)).count();
    assert!(count(Effect::is_sent) <= 4);
    assert!(count(|effect| matches!(effect, Effect::Log { .. })) <= 16);
    assert!(count(|effect| matches!(effect, Effect::Store { .. })) <= 64);
    for (_, effect) in effects {
        match effect {
            Effect::Notify { text, .. } | Effect::Answer { text } | Effect::Tell { text } => check_text(text, 2_048),
            Effect::Log { line, .. } => {
                assert!(!line.chars().any(char::is_control), "{line:?}");
                assert!(!line.contains("a secret of Alice"), "{line:?}");
            }
            Effect::Store { key, value } => {
                assert!((1..=256).contains(&key.len()) && value.as_ref().is_none_or(|value| value.len() <= 64 * 1024));
            }
            Effect::Failed(failed) => assert!(!format!("{failed:?}").contains("a secret of Alice"), "{failed:?}"),
            _ => {}
        }
    }
}

fn check_text(text: &str, most: usize) {
    assert!(text.len() <= most, "{} bytes", text.len());
    assert!(!text.chars().any(|letter| letter.is_control() && !"\t\n".contains(letter)), "{text:?}");
}
