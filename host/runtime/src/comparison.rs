//! What a shadow would have decided otherwise, counted.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use prosody_stanza::Stanza;

use crate::bindings::Verdict;
use crate::failure::Failure;
use crate::instance::Answer;
use crate::question::Question;
use crate::redaction::Redaction;

/// Kinds of difference that are counted apart, and pairs of reasons of each.
const KINDS: usize = 64;
/// Users who are counted apart. There are more of them on no server that this was made for.
const USERS: usize = 100_000;
/// Samples that are kept at most.
pub const SAMPLES: usize = 100;

/// What one of the two said.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// `pass`, `edit`, `limited`, `replacing`, `redacted`, `drop`, `bounce`, `failure` or `not-asked`.
    pub word: &'static str,
    /// Its reason.
    pub reason: String,
}

/// One stanza, judged by both.
pub struct Observation {
    kind: &'static str,
    old: Said,
    /// Like `old` when they agree in everything that matters.
    new: Said,
    agrees: bool,
    is_failure: bool,
    /// What differs when the words do not.
    otherwise: &'static str,
    user: String,
    live: Duration,
    candidate: Duration,
    sample: Option<Sample>,
}

/// A stanza on which they differed, without what people wrote.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What was asked.
    pub question: Question,
    /// What the live generation said.
    pub old: Said,
    /// What the shadow said.
    pub new: Said,
    /// The stanza: structure kept, texts, addresses and ids replaced.
    pub xml: String,
}

/// How often one kind of difference was seen.
#[derive(Clone, Debug, Default)]
pub struct Difference {
    /// How often.
    pub count: u64,
    /// By old and new reason.
    pub reasons: BTreeMap<(String, String), u64>,
}

/// A kind of difference: of which stanzas, what was and what would be.
pub type Kind = (&'static str, &'static str, String);

/// All differences of one shadow.
pub struct Comparison {
    /// When it began.
    pub since: Instant,
    /// Stanzas judged by both.
    pub compared: u64,
    /// Of these, those on which they agreed.
    pub agreed: u64,
    /// Of these, those for which they gave other reasons. Users do not see reasons.
    pub reasons_differ: u64,
    /// Stanzas that the shadow was not asked about, because its share of time was used up.
    pub shed: u64,
    /// Failures of the shadow.
    pub failures: u64,
    /// Differences by kind.
    pub differences: BTreeMap<Kind, Difference>,
    /// Time of the live generation on the stanzas compared.
    pub live: Duration,
    /// Time of the shadow.
    pub candidate: Duration,
    /// The latest differences, if they are kept.
    pub samples: VecDeque<Sample>,
    most_samples: usize,
    redaction: Redaction,
    users: HashSet<u64>,
    hasher: RandomState,
}

impl Comparison {
    /// Keeps at most this many samples.
    pub fn new(most_samples: usize) -> Self {
        Self {
            since: Instant::now(),
            compared: 0,
            agreed: 0,
            reasons_differ: 0,
            shed: 0,
            failures: 0,
            differences: BTreeMap::new(),
            live: Duration::ZERO,
            candidate: Duration::ZERO,
            samples: VecDeque::new(),
            most_samples: most_samples.min(SAMPLES),
            redaction: Redaction::default(),
            users: HashSet::new(),
            hasher: RandomState::new(),
        }
    }

    /// Compares what both said about a stanza. `None`: it did not want to see it, so it passes.
    pub fn observe(
        &self,
        question: Question,
        stanza: &Stanza,
        user: &str,
        live: Option<&Answer>,
        candidate: Option<Result<Answer, Failure>>,
    ) -> Observation {
        let spent = |answer: Option<&Answer>| answer.map_or(Duration::ZERO, |answer| answer.spent);
        let new_answer = candidate.as_ref().and_then(|result| result.as_ref().ok());
        let old = live.map_or_else(not_asked, said);
        let new = match &candidate {
            Some(Err(failure)) => Said { word: "failure", reason: failure.reason().into() },
            _ => new_answer.map_or_else(not_asked, said),
        };
        let otherwise = otherwise(live, new_answer);
        let agrees = delivered(old.word) == delivered(new.word) && otherwise.is_empty();
        let sample = (!agrees && self.most_samples > 0).then(|| Sample {
            question,
            old: old.clone(),
            new: new.clone(),
            xml: self.redaction.redacted(stanza).map_or_else(|| "(too large)".into(), |redacted| redacted.to_xml()),
        });
        let (live, candidate) = (spent(live), spent(new_answer));
        let is_failure = new.word == "failure";
        let user = user.to_owned();
        Observation { kind: question.word(), old, new, agrees, is_failure, otherwise, user, live, candidate, sample }
    }

    /// Counts it.
    pub fn count(&mut self, observation: Observation) {
        self.compared += 1;
        self.live += observation.live;
        self.candidate += observation.candidate;
        self.failures += u64::from(observation.is_failure);
        if observation.agrees {
            self.agreed += 1;
            self.reasons_differ += u64::from(observation.old.reason != observation.new.reason);
            return;
        }
        if self.users.len() < USERS {
            self.users.insert(self.hasher.hash_one(&observation.user));
        }
        if let Some(sample) = observation.sample {
            self.samples.truncate(self.most_samples - 1);
            self.samples.push_front(sample);
        }
        self.count_difference(observation.kind, observation.old, observation.new, observation.otherwise);
    }

    fn count_difference(&mut self, kind: &'static str, old: Said, new: Said, otherwise: &str) {
        let mut kind = (kind, old.word, format!("{}{otherwise}", new.word));
        if self.differences.len() >= KINDS && !self.differences.contains_key(&kind) {
            kind.2 = "another".into();
        }
        let difference = self.differences.entry(kind).or_default();
        difference.count += 1;
        let mut reasons = (old.reason, new.reason);
        if difference.reasons.len() >= KINDS && !difference.reasons.contains_key(&reasons) {
            reasons = ("others".into(), "others".into());
        }
        *difference.reasons.entry(reasons).or_default() += 1;
    }

    /// How many users were concerned by differences.
    pub fn users(&self) -> usize {
        self.users.len()
    }
}

fn not_asked() -> Said {
    Said { word: "not-asked", reason: "-".into() }
}

fn said(answer: &Answer) -> Said {
    Said { word: answer.word(), reason: answer.decision.reason.clone() }
}

/// To users it is the same whether a policy lets a stanza pass or does not want to see it.
fn delivered(word: &'static str) -> &'static str {
    if word == "not-asked" { "pass" } else { word }
}

/// What else differs when the verdicts have one name.
fn otherwise(old: Option<&Answer>, new: Option<&Answer>) -> &'static str {
    let notices = |answer: Option<&Answer>| {
        let effects = answer.map(|answer| answer.effects.as_slice()).unwrap_or_default();
        effects.iter().filter(|effect| effect.is_noticed()).cloned().collect::<Vec<_>>()
    };
    if let (Some(old), Some(new)) = (old, new) {
        let bounces = (&old.decision.verdict, &new.decision.verdict);
        if matches!(bounces, (Verdict::Bounce(old), Verdict::Bounce(new)) if !same_bounce(old, new)) {
            return ", with another answer";
        }
        if !old.edits.is_empty() && !new.edits.is_empty() && old.edits != new.edits {
            return ", with other changes";
        }
        if old.manner != new.manner && old.word() == new.word() {
            return ", with another key";
        }
        if old.pause != new.pause {
            return ", with another pause";
        }
        if old.remedy != new.remedy {
            return ", with another limit";
        }
    }
    if notices(old) == notices(new) { "" } else { ", with other notices" }
}

fn same_bounce(old: &crate::Bounce, new: &crate::Bounce) -> bool {
    (old.error_type, old.condition, &old.text) == (new.error_type, new.condition, &new.text)
}
