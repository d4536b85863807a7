//! `replay`: a policy's verdicts over a file of stanzas, offline, under the limits of production.
//!
//! The file is a list of stanzas with what should become of them, or a [recording] of what a policy was asked.

mod recording;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use clap::Args;
use prosody_stanza::{Limits, xml};
use prosody_wasm_runtime::library::Library;
use prosody_wasm_runtime::slot::{Mode, OnError};
use prosody_wasm_runtime::suggestion::nearest;
use prosody_wasm_runtime::{
    About, Blocklist, Chain, Direction, Engine, Facts, Generation, Keys, Manner, Occasion, Outcome, Party, Passage,
    Policy, Purpose, Question, Registration, Room, Source, StanzaKind, Terms, Verdict,
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{compiler, confinement, failure, print};

/// Run a policy over a JSON array of {"id","dir","xml","expect"}, or over a recording
#[derive(Args)]
pub struct Arguments {
    /// The component, or the name of a bundled policy
    #[arg(long)]
    policy: String,
    /// Its settings, as a JSON object; those of the recording, or {}, when left out
    #[arg(long, value_name = "JSON")]
    settings: Option<String>,
    /// Write the recording once more, with the answers and the fuel of this run
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Only the stanza with this id
    #[arg(long, value_name = "ID")]
    case: Option<String>,
    /// Print the summary as JSON too
    #[arg(long)]
    json: bool,
    /// The stanzas
    corpus: PathBuf,
}

/// A stanza with what should become of it.
#[derive(Deserialize)]
struct Case {
    id: String,
    dir: String,
    xml: String,
    expect: Option<String>,
}

/// The moment of every replay: a result must not depend on when it was made.
const NOW: u64 = 1_700_000_000;

pub fn run(arguments: &Arguments) -> Result<bool> {
    confinement::confine()?;
    if recording::is_one(&arguments.corpus)? {
        return recording::run(arguments);
    }
    ensure!(arguments.save.is_none(), "--save is for recordings");
    let corpus = std::fs::read_to_string(&arguments.corpus);
    let corpus = corpus.with_context(|| format!("cannot read {}", arguments.corpus.display()))?;
    let mut cases: Vec<Case> = serde_json::from_str(&corpus)
        .with_context(|| format!("{} is not an array of {{id, dir, xml, expect}}", arguments.corpus.display()))?;
    if let Some(id) = &arguments.case {
        cases.retain(|case| case.id == *id);
        ensure!(!cases.is_empty(), "there is no stanza with the id {id} in {}", arguments.corpus.display());
    }
    let mut run = Run::start(arguments)?;
    let mut met = 0;
    for case in &cases {
        met += usize::from(run.replay(case)?);
    }
    summary(arguments.json, met, cases.len());
    Ok(met == cases.len())
}

/// A policy alone in a chain, with the bytes of its component.
struct Run<'a> {
    arguments: &'a Arguments,
    chain: Chain,
    source: Source,
}

impl<'a> Run<'a> {
    fn start(arguments: &'a Arguments) -> Result<Self> {
        let engine = Arc::new(compiler::engine(Purpose::Offline)?);
        let settings = arguments.settings.clone().unwrap_or_else(|| "{}".into());
        let (policy, source) = policy(&engine, &arguments.policy, Terms { settings, ..Terms::default() })?;
        let mut chain = Chain::new(Arc::clone(&engine));
        chain.declare("policy", OnError::Deny, Mode::Enforce);
        let installed =
            Generation::start(&engine, policy, NOW).and_then(|generation| chain.put("policy", generation, NOW));
        installed.map_err(|failure| failure::error(&arguments.policy, &failure, &source.bytes))?;
        Ok(Self { arguments, chain, source })
    }

    fn replay(&mut self, case: &Case) -> Result<bool> {
        let question = question(&case.dir).with_context(|| format!("case {}", case.id))?;
        let stanza = xml::parse(&case.xml, stream(&case.dir), &Limits::default());
        let outcome = self.chain.decide(stanza, question, false, &facts(&case.dir));
        let (verdict, action) = words(&outcome);
        let delivered = matches!(outcome.verdict, Verdict::Pass).then(|| outcome.stanza()).flatten();
        let mut line = json!({
            "id": case.id,
            "verdict": verdict,
            "action": action,
            "reason": outcome.reason,
            "xml": delivered.map(|stanza| stanza.to_xml()),
        });
        if let Some(failure) = self.failure(&case.id) {
            line["failure"] = failure;
        }
        print::json(&line);
        Ok(is_met(case.expect.as_deref(), verdict))
    }

    /// How the policy failed on this stanza, if it did, for programs; for people it is said beside.
    fn failure(&mut self, id: &str) -> Option<Value> {
        let last = self.chain.take_last_failure("policy")?;
        let again = self.again(id);
        failure::tell(&format!("{id}: {}", last.failure), &last.failure, &self.source.bytes, &again);
        Some(failure::json(&last.failure, &self.source.bytes))
    }

    /// The command that shows the same once more.
    fn again(&self, id: &str) -> String {
        let Arguments { policy, settings, corpus, .. } = self.arguments;
        let settings = settings.as_ref().map(|settings| format!(" --settings {}", quoted(settings)));
        let (settings, corpus) = (settings.unwrap_or_default(), corpus.display().to_string());
        format!("prosody-wasm replay --policy {}{settings} --case {} {}", quoted(policy), quoted(id), quoted(&corpus))
    }
}

/// A word of a command for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
    match !word.is_empty() && word.bytes().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

/// Compiles a policy for this run.
fn policy(engine: &Engine, name: &str, terms: Terms) -> Result<(Policy, Source)> {
    let file = Library::from_environment(std::env::var_os("PROSODY_WASM_PATH").as_deref()).find(name)?;
    let source = Source::read(&file, None)?;
    let component = compiler::component(engine, &source)?;
    Ok((Policy::prepare(engine, &component, &source.sha256, terms)?, source))
}

fn words(outcome: &Outcome) -> (&'static str, &'static str) {
    match outcome.verdict {
        Verdict::Pass if outcome.manner != Manner::Usual => ("ALLOW", outcome.manner.word().unwrap_or_default()),
        Verdict::Pass if outcome.edits.is_empty() => ("ALLOW", "pass"),
        Verdict::Pass => ("STRIP", "edit"),
        Verdict::Drop => ("BLOCK", "drop"),
        Verdict::Bounce(_) => ("BLOCK", "bounce"),
    }
}

/// What should be stripped may as well be blocked.
fn is_met(expected: Option<&str>, verdict: &str) -> bool {
    expected.is_none_or(|expected| expected == verdict || (expected == "STRIP" && verdict == "BLOCK"))
}

/// What else is asked about a stanza than whether it passes, by `dir`; what is kept was asked for.
const BESIDES: [(&str, &str, Direction); 16] = [
    ("archive-out", "archive", Direction::Outgoing),
    ("archive-in", "archive", Direction::Incoming),
    ("history", "room", Direction::Incoming),
    ("offline", "offline", Direction::Incoming),
    ("carbons-out", "carbons", Direction::Outgoing),
    ("carbons-in", "carbons", Direction::Incoming),
    ("delivery", "delivery", Direction::Incoming),
    ("delivery-muc", "delivery", Direction::Incoming),
    ("delivery-pres", "presence-delivery", Direction::Incoming),
    ("push", "notification", Direction::Incoming),
    ("push-register", "registration", Direction::Outgoing),
    ("room-create", "configuration", Direction::Incoming),
    ("room-change", "configuration", Direction::Incoming),
    ("room-found", "configuration", Direction::Incoming),
    ("keys", "keys", Direction::Incoming),
    ("block", "blocklist", Direction::Outgoing),
];
const ROADS: [&str; 9] = ["out", "out-s2s", "out-muc", "in", "in-s2s", "in-comp", "in-muc", "iq", "pres"];

fn question(dir: &str) -> Result<Question> {
    let Some((_, asked, direction)) = BESIDES.into_iter().find(|(name, ..)| *name == dir) else {
        return passage(dir).map(Question::from);
    };
    let (hook, kind) = Question::named(asked, true).context("a question that this program does not know")?;
    let (source, destination) = match asked {
        "room" => (Party::Room, Party::Room),
        _ if dir == "delivery-muc" => (Party::Room, Party::User),
        _ => (Party::User, Party::User),
    };
    Ok(Question { hook, passage: Passage { kind, direction, source, destination } })
}

/// In a room under the name of "me".
fn facts(dir: &str) -> Facts {
    Facts { now: NOW, nickname: (dir == "delivery-muc").then(|| "me".into()), about: about(dir), ..Facts::default() }
}

/// A device that is not connected, a room of alice's, keys of bob for her, one address that bob blocks.
fn about(dir: &str) -> About {
    let (alice, bob) = (|| "alice@local.test".to_owned(), || "bob@local.test".to_owned());
    let room = |occasion| Room { address: "room@rooms.local.test".into(), occasion, actor: Some(alice()) };
    match dir {
        "push" | "push-register" => About::Registration(Registration {
            user: bob(),
            service: "push.local.test".into(),
            node: "device".into(),
            ..Registration::default()
        }),
        "room-create" => About::Room(room(Occasion::Created)),
        "room-change" => About::Room(room(Occasion::Changed)),
        "room-found" => About::Room(Room { actor: None, ..room(Occasion::Found) }),
        "keys" => About::Keys(Keys { owner: bob(), reader: alice(), shares_room: true }),
        "block" => About::Blocklist(Blocklist { user: bob(), is_blocking: true, count: 1, blocked: 0 }),
        _ => About::Stanza,
    }
}

fn passage(dir: &str) -> Result<Passage> {
    use {Direction::*, Party::*};
    let kind = match dir {
        "iq" => StanzaKind::Iq,
        "pres" => StanzaKind::Presence,
        _ => StanzaKind::Message,
    };
    let (direction, source, destination) = match dir {
        "out" | "iq" | "pres" => (Outgoing, User, User),
        "out-s2s" => (Outgoing, User, Remote),
        "out-muc" => (Outgoing, User, Room),
        "in" => (Incoming, User, User),
        "in-s2s" => (Incoming, Remote, User),
        "in-comp" => (Incoming, Component, User),
        "in-muc" => (Incoming, Room, User),
        other => return Err(unknown(other)),
    };
    Ok(Passage { kind, direction, source, destination })
}

fn unknown(dir: &str) -> anyhow::Error {
    let known: Vec<&str> = ROADS.into_iter().chain(BESIDES.map(|(name, ..)| name)).collect();
    let meant = nearest(dir, known.iter().copied()).map(|dir| format!("; did you mean {dir}?")).unwrap_or_default();
    anyhow!("there is no dir \"{dir}\"; there are {}{meant}", known.join(", "))
}

/// The default namespace of the stream on which such a stanza arrives.
fn stream(dir: &str) -> &'static str {
    match dir {
        "in-s2s" => "jabber:server",
        "in-comp" => "jabber:component:accept",
        _ => "jabber:client",
    }
}

fn summary(as_json: bool, met: usize, all: usize) {
    match as_json {
        true => print::json(&json!({ "cases": all, "as_expected": met })),
        false => print::line(&format!("{met} of {all} as expected")),
    }
}

#[cfg(test)]
mod tests {
    use prosody_wasm_runtime::Hook;

    use super::*;

    #[test]
    fn every_direction_is_a_question() {
        for dir in ROADS.iter().copied().chain(BESIDES.map(|(dir, ..)| dir)) {
            let question = question(dir).unwrap();
            assert_eq!(question.hook == Hook::Message, ROADS.contains(&dir), "{dir}");
            let is_about_more = !matches!(facts(dir).about, About::Stanza);
            assert_eq!(
                is_about_more,
                ["push", "room", "keys", "block"].iter().any(|word| dir.starts_with(word)),
                "{dir}"
            );
        }
        assert!(question("delivry").unwrap_err().to_string().contains("delivery"), "with a suggestion");
    }
}
