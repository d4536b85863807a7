//! F7: places of two policies through everything that can be done to them, beside a model: nothing is ever open without a
//! judge, and a refusal is nobody's but the judge's.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use prosody_stanza::{Excess, Stanza};
use prosody_wasm_runtime::candidate::Role;
use prosody_wasm_runtime::slot::{Mode, OnError, State};
use prosody_wasm_runtime::{
    Chain, Effect, Generation, Interest, Limits, Outcome, Policy, StanzaKind, Terms, Thresholds, Trial, Verdict,
};

use super::choices::Choices;
use super::guest::{self, Reply, World};
use super::house;

/// Steps until the bytes are used up.
pub fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let mut scene = Scene { chain: Chain::new(Arc::clone(house::engine())), places: Default::default(), now: 1 };
    for _ in 0..64 {
        if choices.is_empty() {
            break;
        }
        scene.step(&mut choices);
        scene.judge();
    }
}

const NAMES: [&str; 2] = ["p", "q"];
const THRESHOLDS: Thresholds = Thresholds { failures: 3, mean: Duration::from_secs(10) };

/// A generation as the model knows it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Version {
    reply: Reply,
    on_error: OnError,
}

/// A place as the model knows it.
#[derive(Clone, Copy, Debug)]
struct Place {
    on_error: OnError,
    mode: Mode,
    live: Option<Version>,
    previous: Option<Version>,
    canary: Option<Version>,
    has_candidate: bool,
    is_on_probation: bool,
}

struct Scene {
    chain: Chain,
    places: [Option<Place>; 2],
    now: u64,
}

fn generation(version: Version) -> Generation {
    static POLICIES: OnceLock<Vec<(Version, Policy)>> = OnceLock::new();
    let policies = POLICIES.get_or_init(|| {
        let world = World::new(1);
        let versions = [OnError::Deny, OnError::Pass]
            .into_iter()
            .flat_map(|on_error| Reply::ALL.map(|reply| Version { reply, on_error }));
        let limits = Limits { milliseconds: 1_000, memory: 2 << 20, budget: 1_000 };
        let terms = |on_error| Terms { on_error, limits, ..Terms::default() };
        let policy =
            |version: &Version| house::policy(&guest::obedient(&world, version.reply), terms(version.on_error));
        versions.map(|version| (version, policy(&version).expect("a sound policy"))).collect()
    });
    let (_, policy) = policies.iter().find(|(other, _)| *other == version).expect("all of them are there");
    Generation::start(house::engine(), policy.clone(), 1).unwrap_or_else(|failure| panic!("a sound policy: {failure}"))
}

impl Scene {
    fn step(&mut self, choices: &mut Choices<'_>) {
        let index = choices.below(2);
        let name = NAMES[index];
        let version = Version {
            reply: choices.one_of(&Reply::ALL),
            on_error: choices.one_of(&[OnError::Deny, OnError::Deny, OnError::Pass]),
        };
        match choices.below(12) {
            0 | 1 => self.declare(index, version.on_error, choices.one_of(&[Mode::Enforce, Mode::Enforce, Mode::Off])),
            2 => {
                let is_put = self.chain.put(name, generation(version), self.now).is_ok();
                assert_eq!(is_put, self.places[index].is_some());
                self.published(index, version, false);
            }
            3 | 4 => self.swap(index, version, choices.below(2) == 0),
            5 => self.try_out(index, version, choices.below(2) == 0),
            6 => {
                let had = self.places[index].is_some_and(|place| place.has_candidate);
                assert_eq!(self.chain.drop_candidate(name).is_some(), had);
                self.change(index, |place| (place.canary, place.has_candidate) = (None, false));
            }
            7 => {
                let had = self.places[index].is_some_and(|place| place.previous.is_some());
                assert_eq!(self.chain.roll_back(name).is_some(), had);
                self.change(index, Place::roll_back);
            }
            8 => {
                self.chain.settle(name);
                self.change(index, |place| place.is_on_probation = false);
            }
            9 => {
                self.chain.forget_previous(name);
                self.change(index, |place| (place.previous, place.is_on_probation) = (None, false));
            }
            10 => {
                let state = [State::Absent, State::Compiling, State::Failed("broken".into())];
                self.chain.set_state(name, state.into_iter().nth(choices.below(3)).unwrap_or(State::Absent));
                self.change(index, |place| *place = Place::closed(place.on_error, place.mode));
            }
            _ => {
                self.chain.remove(name);
                self.places[index] = None;
            }
        }
    }

    fn change(&mut self, index: usize, change: impl FnOnce(&mut Place)) {
        if let Some(place) = &mut self.places[index] {
            change(place);
        }
    }

    fn declare(&mut self, index: usize, on_error: OnError, mode: Mode) {
        self.chain.declare(NAMES[index], on_error, mode);
        match &mut self.places[index] {
            Some(place) => (place.on_error, place.mode) = (on_error, mode),
            empty => *empty = Some(Place::closed(on_error, mode)),
        }
    }

    fn swap(&mut self, index: usize, version: Version, on_probation: bool) {
        let mut next = BTreeMap::from([(NAMES[index].to_owned(), generation(version))]);
        let is_handed = self.chain.hand_over(&mut next, false, self.now).is_ok();
        assert_eq!(is_handed, self.places[index].is_some());
        self.chain.publish(next, on_probation.then_some((Duration::from_secs(600), THRESHOLDS)));
        self.published(index, version, on_probation);
    }

    fn published(&mut self, index: usize, version: Version, on_probation: bool) {
        self.change(index, |place| {
            place.previous = place.live.or(place.previous);
            (place.live, place.on_error, place.is_on_probation) = (Some(version), version.on_error, on_probation);
            (place.canary, place.has_candidate) = (None, false);
        });
    }

    fn try_out(&mut self, index: usize, version: Version, is_canary: bool) {
        let role = if is_canary { Role::Canary { share: 1.0 } } else { Role::Shadow };
        let trial = Trial { role, budget: 1.0, samples: 1, thresholds: THRESHOLDS, fresh: false };
        let is_tried = self.chain.try_out(NAMES[index], generation(version), &trial, self.now).is_ok();
        let can_be =
            self.places[index].is_some_and(|place| !is_canary || place.live.is_some() && !place.is_on_probation);
        assert_eq!(is_tried, can_be, "{:?}", self.places[index]);
        if is_tried {
            self.change(index, |place| (place.canary, place.has_candidate) = (is_canary.then_some(version), true));
        }
    }

    /// A message, an oversized one, and what the shim would ask at all.
    fn judge(&mut self) {
        self.now += 1;
        let question = house::question("message");
        let stanza = house::stanza(question);
        let expected = self.expected();
        self.check_interests();
        let outcome = self.chain.decide(Ok(stanza.clone()), question, false, &house::facts());
        house::check(&stanza, &outcome);
        assert_eq!(word(&outcome), expected, "{:?}, {}", self.places, outcome.reason);
        self.learn(&outcome);
        let denies = |place: &Place| place.is_in_force() && place.on_error == OnError::Deny;
        let expected = if self.places.iter().flatten().any(denies) { "bounce" } else { "pass" };
        let outcome = self.chain.decide(Err::<Stanza, _>(Excess::Depth), question, false, &house::facts());
        assert_eq!(word(&outcome), expected, "{:?}", self.places);
    }

    fn expected(&self) -> &'static str {
        let verdicts = self.places.iter().flatten().map(|place| place.verdict());
        verdicts.into_iter().find(|verdict| *verdict != "pass").unwrap_or("pass")
    }

    /// Who would refuse is asked.
    fn check_interests(&self) {
        let asks = self.chain.interests(StanzaKind::Message).outgoing;
        let is_needed = self.places.iter().flatten().any(|place| place.verdict() != "pass");
        assert!(!is_needed || asks == Interest::All, "{:?} and the shim asks {asks:?}", self.places);
    }

    /// What went back by itself did so for a reason.
    fn learn(&mut self, outcome: &Outcome) {
        for (name, effect) in &outcome.effects {
            let Effect::Returned(returned) = effect else { continue };
            let index = NAMES.iter().position(|other| other == name).expect("one of ours");
            let place = self.places[index].as_mut().expect("it is there");
            if returned.is_canary {
                assert_eq!(place.canary.map(|canary| canary.reply), Some(Reply::Trap));
                (place.canary, place.has_candidate) = (None, false);
            } else {
                assert!(place.is_on_probation && place.live.is_some_and(|live| live.reply == Reply::Trap), "{place:?}");
                place.roll_back();
            }
        }
    }
}

impl Place {
    fn closed(on_error: OnError, mode: Mode) -> Self {
        Self { on_error, mode, live: None, previous: None, canary: None, has_candidate: false, is_on_probation: false }
    }

    fn is_in_force(&self) -> bool {
        self.mode == Mode::Enforce && (self.on_error == OnError::Deny || self.live.is_some())
    }

    fn verdict(&self) -> &'static str {
        match self.canary.or(self.live).map(|version| version.reply) {
            _ if !self.is_in_force() => "pass",
            Some(Reply::Pass) => "pass",
            Some(Reply::Drop) => "drop",
            Some(Reply::Trap) | None if self.on_error == OnError::Deny => "bounce",
            Some(Reply::Trap) | None => "pass",
        }
    }

    fn roll_back(&mut self) {
        let Some(previous) = self.previous.take() else { return };
        self.previous = self.live.replace(previous);
        (self.on_error, self.is_on_probation) = (previous.on_error, false);
    }
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome.verdict {
        Verdict::Pass => "pass",
        Verdict::Drop => "drop",
        Verdict::Bounce(_) => "bounce",
    }
}
