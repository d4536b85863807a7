//! The lines of a recording.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use prosody_stanza::{Limits, Stanza, xml};
use serde::{Deserialize, Serialize};

use crate::about::About;
use crate::bindings::{Decision, Direction, Party, Passage};
use crate::facts::words::SUBSCRIPTIONS;
use crate::facts::{Facts, Parties};
use crate::failure::Failure;
use crate::instance::Answer;
use crate::limits;
use crate::policy::Terms;
use crate::question::Question;
use crate::ruling::Manner;
use crate::source::sha256;
use crate::store::Refusal;

/// Bytes of one line: a stanza in its longest form, with what it was told from the store.
const LINE: usize = 16 << 20;
const FORMAT: u32 = 1;

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of this format.
    pub recording: u32,
    /// The policy's name in the configuration.
    pub policy: String,
    /// The identity of the generation that was recorded.
    pub identity: String,
    /// The sha256 of its component.
    pub sha256: String,
    /// Its settings, as JSON text.
    pub settings: String,
    /// Processor time of one decision, in milliseconds.
    pub milliseconds: u32,
    /// Its memory, in bytes.
    pub memory: usize,
    /// The state it began with, in base64.
    pub state: Option<String>,
    /// Were texts and addresses replaced? Then the verdicts are those on the replaced stanzas.
    pub redacted: bool,
}

impl Header {
    pub(super) fn new(
        policy: &str,
        identity: &str,
        component: &str,
        terms: &Terms,
        state: Option<&[u8]>,
        redacted: bool,
    ) -> Self {
        Self {
            recording: FORMAT,
            policy: policy.into(),
            identity: identity.into(),
            sha256: component.into(),
            settings: terms.settings.clone(),
            milliseconds: terms.limits.milliseconds,
            memory: terms.limits.memory,
            state: state.map(|state| BASE64_STANDARD.encode(state)),
            redacted,
        }
    }

    /// The state it began with.
    pub fn state(&self) -> Result<Option<Vec<u8>>> {
        self.state.as_ref().map(|state| BASE64_STANDARD.decode(state).context("its state is not base64")).transpose()
    }
}

/// One stanza.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The word of a [`Question`]: `message`, `presence` or `iq` on its way, `archive`, `offline`, `notification`, …
    pub kind: String,
    /// Had somebody asked for what was to be kept?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wanted: bool,
    /// `outgoing` or `incoming`.
    pub direction: String,
    /// `user`, `room`, `service`, `component` or `remote`.
    pub source: String,
    /// As the source.
    pub destination: String,
    /// Seconds since 1970-01-01 UTC.
    pub now: u64,
    /// What the roster said: `none`, `from`, `to`, `both`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscription: Option<String>,
    /// What the user is called in the room from which it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// What it was about besides the stanza: a device, a file, a room, …
    #[serde(default, skip_serializing_if = "About::is_stanza")]
    pub about: About,
    /// Who the two were to each other.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub parties: Parties,
    /// What the store said: keys with values in base64.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub store: Vec<(String, Option<String>)>,
    /// Keys for which the store was full.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub full: Vec<String>,
    /// The stanza.
    pub xml: String,
    /// What the policy answered.
    #[serde(flatten)]
    pub answered: Answered,
}

/// An answer, as far as it can be seen from outside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// `pass`, `edit`, `opened`, `limited`, `replacing`, `redacted`, `drop`, `bounce` or `failure`.
    pub verdict: String,
    /// Why, as a word.
    pub reason: String,
    /// A hash of everything that users notice: the error, the edits, the notices.
    pub answer: String,
    /// The fuel it took, in a recording that was replayed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuel: Option<u64>,
}

impl Answered {
    /// What a policy answered, or how it failed.
    pub fn of(result: &Result<Answer, Failure>) -> Self {
        match result {
            Ok(answer) => Self::of_answer(answer),
            Err(failure) => {
                Self { verdict: "failure".into(), reason: failure.reason().into(), answer: String::new(), fuel: None }
            }
        }
    }

    pub(super) fn of_answer(answer: &Answer) -> Self {
        let Answer {
            decision: Decision { verdict, reason }, edits, effects, is_failure, manner, pause, remedy, ..
        } = answer;
        let notices: Vec<_> = effects.iter().filter(|effect| effect.is_noticed()).collect();
        let mut noticed = format!("{verdict:?}{edits:?}{notices:?}");
        // Other manners are told apart by the verdict's word.
        if let Manner::Replacing(key) = manner {
            noticed.push_str(key);
        }
        if *pause > 0 {
            noticed.push_str(&pause.to_string());
        }
        if let Some(remedy) = remedy {
            noticed.push_str(&format!("{remedy:?}"));
        }
        let noticed = if *is_failure { String::new() } else { sha256(noticed.as_bytes())[..16].into() };
        Self { verdict: answer.word().into(), reason: reason.clone(), answer: noticed, fuel: None }
    }

    /// Do users notice no difference?
    pub fn is_same_to_users(&self, other: &Self) -> bool {
        (&self.verdict, &self.answer) == (&other.verdict, &other.answer)
    }
}

impl Entry {
    /// What was asked.
    pub fn question(&self) -> Result<Question> {
        let (hook, kind) =
            Question::named(&self.kind, self.wanted).with_context(|| format!("kind: \"{}\" is none", self.kind))?;
        let direction = named(&self.direction, &DIRECTIONS).context("direction")?;
        let source = named(&self.source, &PARTIES).context("source")?;
        let destination = named(&self.destination, &PARTIES).context("destination")?;
        Ok(Question { hook, passage: Passage { kind, direction, source, destination } })
    }

    /// What was known of the moment.
    pub fn facts(&self) -> Result<Facts> {
        let subscription = self.subscription.as_ref().map(|word| named(word, &SUBSCRIPTIONS).context("subscription"));
        Ok(Facts {
            now: self.now,
            subscription: subscription.transpose()?,
            nickname: self.nickname.clone(),
            about: self.about.clone(),
            parties: self.parties.clone(),
        })
    }

    /// The stanza.
    pub fn stanza(&self) -> Result<Stanza> {
        xml::parse(&self.xml, "jabber:client", &Limits::default())
            .map_err(|excess| anyhow::anyhow!("xml: {}", excess.reason()))
    }

    /// What the store said.
    pub fn store_notes(&self) -> Result<StoreNotes> {
        let decode = |value: &Option<String>| value.as_ref().map(|value| BASE64_STANDARD.decode(value)).transpose();
        let reads = self.store.iter().map(|(key, value)| Ok((key.clone(), decode(value).context("store")?)));
        Ok(StoreNotes::Told { reads: reads.collect::<Result<_>>()?, full: self.full.clone() })
    }

    /// Replaces what names people besides the stanza.
    pub(super) fn redact(&mut self, redacted: impl Fn(&str) -> String) {
        if let Some(nickname) = &mut self.nickname {
            *nickname = redacted(nickname);
        }
        self.about.redact(&redacted);
        self.parties.redact(&redacted);
    }

    pub(super) fn new(
        question: Question,
        facts: &Facts,
        stanza: &Stanza,
        notes: StoreNotes,
        answered: Answered,
    ) -> Self {
        let passage = question.passage;
        let (reads, full) = match notes {
            StoreNotes::Seen { reads, full } | StoreNotes::Told { reads, full } => (reads, full),
            StoreNotes::None => Default::default(),
        };
        let encode = |value: Vec<u8>| BASE64_STANDARD.encode(value);
        Self {
            kind: question.word().into(),
            wanted: question.is_wanted(),
            direction: word(passage.direction, &DIRECTIONS),
            source: word(passage.source, &PARTIES),
            destination: word(passage.destination, &PARTIES),
            now: facts.now,
            subscription: facts.subscription.map(|subscription| word(subscription, &SUBSCRIPTIONS)),
            nickname: facts.nickname.clone(),
            about: facts.about.clone(),
            parties: facts.parties.clone(),
            store: reads.into_iter().map(|(key, value)| (key, value.map(encode))).collect(),
            full,
            xml: stanza.to_xml(),
            answered,
        }
    }
}

fn is_nothing(parties: &Parties) -> bool {
    *parties == Parties::default()
}

type Reads = Vec<(String, Option<Vec<u8>>)>;

/// What passes between a policy and its store during a call.
#[derive(Clone, Debug, Default)]
pub enum StoreNotes {
    /// Nobody looks.
    #[default]
    None,
    /// What the policy found is written down.
    Seen {
        /// Keys in the order of their first reading.
        reads: Reads,
        /// Keys for which there was no room.
        full: Vec<String>,
    },
    /// The policy finds what it found when it was recorded.
    Told {
        /// What it found.
        reads: Reads,
        /// Keys for which there was no room.
        full: Vec<String>,
    },
}

impl StoreNotes {
    /// Begins to write down.
    pub fn watching() -> Self {
        Self::Seen { reads: Vec::new(), full: Vec::new() }
    }

    /// What a replay says of a key.
    pub fn told(&self, key: &str) -> Option<Option<Vec<u8>>> {
        let Self::Told { reads, .. } = self else { return None };
        reads.iter().find(|(other, _)| other == key).map(|(_, value)| value.clone())
    }

    /// A key was read.
    pub fn seen(&mut self, key: String, value: Option<&[u8]>) {
        let Self::Seen { reads, .. } = self else { return };
        if !reads.iter().any(|(other, _)| *other == key) {
            reads.push((key, value.map(<[u8]>::to_vec)));
        }
    }

    /// A write was checked: notes it if there was no room, or answers as it was answered then.
    pub fn checked(&mut self, key: &str, checked: Result<(), Refusal>) -> Result<(), Refusal> {
        match self {
            Self::Told { full, .. } if full.iter().any(|other| other == key) => return Err(Refusal::Full),
            Self::Seen { full, .. } if checked == Err(Refusal::Full) => full.push(key.to_owned()),
            _ => {}
        }
        checked
    }
}

const DIRECTIONS: [(&str, Direction); 2] = [("outgoing", Direction::Outgoing), ("incoming", Direction::Incoming)];
const PARTIES: [(&str, Party); 5] = [
    ("user", Party::User),
    ("room", Party::Room),
    ("service", Party::Service),
    ("component", Party::Component),
    ("remote", Party::Remote),
];
fn named<T: Copy>(word: &str, words: &[(&str, T)]) -> Result<T> {
    let found = words.iter().find(|(other, _)| *other == word);
    found.map(|(_, value)| *value).with_context(|| format!("\"{word}\" is none"))
}

fn word<T: Copy + PartialEq>(value: T, words: &[(&str, T)]) -> String {
    words.iter().find(|(_, other)| *other == value).map_or_else(String::new, |(word, _)| (*word).into())
}

/// The bytes of an open file that are read at most.
const WHOLE: u64 = limits::RECORDING_BYTES * 2;

/// A recording that is being read, line by line.
pub struct Recording {
    /// What was recorded.
    pub header: Header,
    lines: BufReader<std::io::Take<File>>,
    number: usize,
}

impl Recording {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| format!("cannot read the recording {}", path.display()))?;
        ensure!(file.metadata()?.is_file(), "the recording {} is not a file", path.display());
        let mut lines = BufReader::new(file.take(WHOLE));
        let first = line(&mut lines)?.with_context(|| format!("the recording {} is empty", path.display()))?;
        let header: Header =
            serde_json::from_str(&first).with_context(|| format!("{} is not a recording", path.display()))?;
        ensure!(header.recording == FORMAT, "{} is of format {}, this is {FORMAT}", path.display(), header.recording);
        Ok(Self { header, lines, number: 1 })
    }
}

impl Iterator for Recording {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.number += 1;
        let number = self.number;
        let parse =
            |text: String| serde_json::from_str(&text).with_context(|| format!("line {number} of the recording"));
        match line(&mut self.lines) {
            Ok(text) => text.map(parse),
            Err(error) => Some(Err(error)),
        }
    }
}

fn line(lines: &mut impl BufRead) -> Result<Option<String>> {
    let mut text = String::new();
    lines.by_ref().take(LINE as u64).read_line(&mut text)?;
    ensure!(text.len() < LINE, "a line of the recording is longer than {} MiB", LINE >> 20);
    Ok((!text.trim().is_empty()).then_some(text))
}
