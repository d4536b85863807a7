//! F5: a guest that calls the host by a list made of bytes, each call once or many times, beside a model of what comes of it:
//! the effects in their order, the store, the limits of one call, and nothing at all after a misuse.

use std::collections::BTreeMap;
use std::sync::Arc;

use prosody_wasm_runtime::slot::{Mode, OnError};
use prosody_wasm_runtime::{Chain, Effect, Limits, Terms, Verdict};

use super::choices::Choices;
use super::guest::{self, Call, World};
use super::house;

/// A list, asked three times: what the store holds stays.
pub fn run(bytes: &[u8]) {
    thread_local!(static WORLD: World = World::new(1));
    let mut choices = Choices::new(bytes);
    let steps: Vec<Step> = (0..choices.below(12)).map(|_| Step::chosen(&mut choices)).collect();
    let component = WORLD.with(|world| guest::calling(world, &steps.iter().map(Step::call).collect::<Vec<_>>()));
    // Not a test of time: a busy machine is no misuse.
    let terms = Terms { limits: Limits { milliseconds: 1_000, memory: 2 << 20, budget: 1_000 }, ..Terms::default() };
    let policy = house::policy(&component, terms).unwrap_or_else(|error| panic!("a sound component: {error:#}"));
    let generation = house::started(&policy).unwrap_or_else(|error| panic!("a sound component: {error}"));
    let mut chain = Chain::new(Arc::clone(house::engine()));
    chain.declare("guest", OnError::Deny, Mode::Enforce);
    chain.put("guest", generation, 1).unwrap_or_else(|failure| panic!("{failure}"));
    let mut model = Model::default();
    for round in 0..3 {
        let question = house::question("message");
        let stanza = house::stanza(question);
        let outcome = chain.decide(
            Ok(stanza.clone()),
            question,
            false,
            &prosody_wasm_runtime::Facts { now: 10 + round, ..house::facts() },
        );
        house::check(&stanza, &outcome);
        let is_told = |effect: &Effect| !matches!(effect, Effect::Failed(_));
        let effects: Vec<_> = outcome.effects.into_iter().map(|(_, effect)| effect).filter(is_told).collect();
        match model.expected(&steps) {
            Some(expected) => {
                assert_eq!(outcome.verdict, Verdict::Pass, "{} after {steps:?}", outcome.reason);
                assert_eq!(effects, expected, "{steps:?}");
            }
            // Whoever fails twice for one sender is not asked a third time.
            None => assert!(
                matches!(outcome.verdict, Verdict::Bounce(_)) && effects.is_empty(),
                "{} after {steps:?}",
                outcome.reason
            ),
        }
    }
}

/// A call, and how often.
#[derive(Clone, Debug)]
struct Step {
    what: What,
    times: u32,
}

#[derive(Clone, Debug)]
enum What {
    Set(String, Vec<u8>),
    Get(String),
    Delete(String),
    Reply(String),
    Notify(String),
    Tell(String),
    Log(String),
    Text(u32),
}

impl Step {
    fn chosen(choices: &mut Choices<'_>) -> Self {
        let long = |choices: &mut Choices<'_>, most: &[usize]| "x".repeat(choices.one_of(most));
        let key = long(choices, &[1, 2, 3, 255, 256, 257, 0]);
        let what = match choices.below(8) {
            0 | 1 => What::Set(key, vec![choices.byte(); choices.one_of(&[0, 1, 100, 60_000, 65_536, 65_537])]),
            2 => What::Get(key),
            3 => What::Delete(key),
            4 => What::Reply(
                choices.one_of(&["hi", "", "a\u{7}b\n", "\u{fffe}"]).to_owned() + &long(choices, &[0, 2_048, 3_000]),
            ),
            5 => What::Notify("n".into()),
            6 => match choices.below(3) {
                0 => What::Tell("t".into()),
                _ => What::Log(choices.one_of(&["a line", "a secret of Alice", "\u{1b}[0m\n", "a@b"]).into()),
            },
            _ => What::Text(choices.word() % 12),
        };
        Self { what, times: choices.one_of(&[1, 1, 1, 2, 5, 17, 65, 20_001]) }
    }

    fn call(&self) -> (Call, u32) {
        let text = |text: &String| text.clone().into_bytes();
        let call = match &self.what {
            What::Set(key, value) => Call::new("store#set", vec![text(key), value.clone()]),
            What::Get(key) => Call::new("store#get", vec![text(key)]),
            What::Delete(key) => Call::new("store#delete", vec![text(key)]),
            What::Reply(said) => Call::new("outbox#reply", vec![text(said)]),
            What::Notify(said) => Call::new("outbox#notify", vec![text(said)]),
            What::Tell(said) => Call::new("operator#tell", vec![text(said)]),
            What::Log(line) => Call::new("log#write", vec![text(line)]).after(1),
            What::Text(node) => Call::new("content#text", Vec::new()).after(*node),
        };
        (call, self.times)
    }
}

/// What the store holds, and what one call has used.
#[derive(Default)]
struct Model {
    store: BTreeMap<String, Vec<u8>>,
}

#[derive(Default)]
struct Used {
    calls: u32,
    notices: u32,
    lines: u32,
    writes: u32,
    written: usize,
    bytes: usize,
}

impl Model {
    /// The effects of a call; `None` when it ends in a misuse.
    fn expected(&mut self, steps: &[Step]) -> Option<Vec<Effect>> {
        let (mut used, mut effects) = (Used::default(), Vec::new());
        for Step { what, times } in steps {
            for _ in 0..*times {
                used.calls += 1;
                effects.extend(self.done(what, &mut used)?);
                used.within_limits()?;
            }
        }
        self.commit(&effects);
        Some(effects)
    }

    fn commit(&mut self, effects: &[Effect]) {
        for effect in effects {
            match effect {
                Effect::Store { key, value: Some(value) } => drop(self.store.insert(key.clone(), value.clone())),
                Effect::Store { key, value: None } => drop(self.store.remove(key)),
                _ => {}
            }
        }
    }

    fn done(&self, what: &What, used: &mut Used) -> Option<Option<Effect>> {
        use prosody_wasm_runtime::Recipient;
        used.bytes += what.bytes();
        let printable = |text: &str| -> String {
            let allowed = |letter: &char| !letter.is_control() || "\t\n".contains(*letter);
            text[..text.floor_char_boundary(2_048)]
                .chars()
                .filter(allowed)
                .filter(|letter| !matches!(letter, '\u{fffe}' | '\u{ffff}'))
                .collect()
        };
        Some(match what {
            What::Get(_) => None,
            What::Set(key, value) => {
                used.writes += 1;
                let bytes = key.len() + value.len();
                let is_allowed =
                    (1..=256).contains(&key.len()) && value.len() <= 65_536 && used.written + bytes <= 72 * 1_024;
                used.written += if is_allowed { bytes } else { 0 };
                is_allowed.then(|| Effect::Store { key: key.clone(), value: Some(value.clone()) })
            }
            What::Delete(key) => {
                used.writes += 1;
                (1..=256).contains(&key.len()).then(|| Effect::Store { key: key.clone(), value: None })
            }
            What::Reply(text) => {
                used.notices += 1;
                Some(Effect::Notify { to: Recipient::Sender, text: printable(text) })
            }
            What::Notify(text) => {
                used.notices += 1;
                Some(Effect::Notify { to: Recipient::Recipient, text: printable(text) })
            }
            What::Tell(text) => {
                used.notices += 1;
                Some(Effect::Tell { text: printable(text) })
            }
            What::Log(line) => {
                used.lines += 1;
                let line = match line.as_str() {
                    "a secret of Alice" => "(a line that repeats the stanza was withheld)".to_owned(),
                    other => other
                        .chars()
                        .map(
                            |letter| {
                                if letter.is_control() { letter.escape_default().to_string() } else { letter.into() }
                            },
                        )
                        .collect(),
                };
                let level = if line.contains('@') {
                    prosody_wasm_runtime::LogLevel::Debug
                } else {
                    prosody_wasm_runtime::LogLevel::Info
                };
                (used.lines <= 16).then_some(Effect::Log { level, line })
            }
            What::Text(node) => {
                let is_there = (*node as usize) < house::stanza(house::question("message")).len();
                return is_there.then_some(None);
            }
        })
    }
}

impl What {
    fn bytes(&self) -> usize {
        match self {
            Self::Set(key, value) => key.len() + value.len(),
            Self::Get(text)
            | Self::Delete(text)
            | Self::Reply(text)
            | Self::Notify(text)
            | Self::Tell(text)
            | Self::Log(text) => text.len(),
            Self::Text(_) => 0,
        }
    }
}

impl Used {
    fn within_limits(&self) -> Option<()> {
        (self.calls <= 20_000 && self.notices <= 4 && self.writes <= 64 && self.bytes <= 4 << 20).then_some(())
    }
}
