//! The cases of a project: stanzas with what is to become of them, in the files of `cases/`.

mod format;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use prosody_stanza::{Limits, Stanza, xml};
use prosody_wasm_runtime::{About, Facts, Parties, Subscription};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::project::{Project, read};
use crate::situation::Situation;

pub use format::written;

/// Cases of one file.
const MOST: usize = 10_000;

/// A file of cases.
pub struct Sheet {
    /// Where it is.
    pub path: PathBuf,
    /// Its cases, in their order.
    pub cases: Vec<Case>,
}

/// A stanza with what is to become of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows, for people.
    pub name: String,
    /// What is asked: the word of a [`Situation`].
    #[serde(default = "out")]
    pub dir: String,
    /// The settings, instead of the project's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Value>,
    /// What the server knows besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Known>,
    /// The stanza, as XML.
    pub stanza: String,
    /// What is to become of it.
    #[serde(default)]
    pub expect: Expectation,
}

/// What is to become of a stanza. Only what stands here is compared, and effects, which nobody may overlook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The verdict: `pass`, `edit`, `drop`, `bounce`, `failure`, or how else it passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// Why, as a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the sender reads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The stanza after its edits, as XML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stanza: Option<String>,
    /// What the policy asks for besides; nothing when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effects: Option<Vec<Value>>,
    /// The lines it logs, such as `debug: exclamation marks: 1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Vec<String>>,
}

/// What the server knows besides the stanza, in the words of a recording.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Seconds since 1970-01-01 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    now: Option<u64>,
    /// What the roster says: `none`, `from`, `to`, `both`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subscription: Option<String>,
    /// What the user is called in the room from which it comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nickname: Option<String>,
    /// What it is about besides: a device, a file, a room, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    about: Option<About>,
    /// Who the two are to each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    parties: Option<Parties>,
}

fn out() -> String {
    "out".into()
}

/// The files of cases of a project, by name.
pub fn sheets(project: &Project) -> Result<Vec<Sheet>> {
    let folder = project.folder.join("cases");
    let entries = folder.read_dir().with_context(|| format!("there is no folder {} with cases", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
    paths.sort();
    ensure!(!paths.is_empty(), "there is no .json in {}: nothing says what the policy is to do", folder.display());
    paths.iter().map(|path| sheet(path)).collect()
}

fn sheet(path: &Path) -> Result<Sheet> {
    let text = read(path)?.with_context(|| format!("there is no {}", path.display()))?;
    let cases: Vec<Case> = serde_json::from_str(&text)
        .with_context(|| format!("{} is not a list of {{name, dir, stanza, expect}}", path.display()))?;
    ensure!(cases.len() <= MOST, "{} has more than {MOST} cases", path.display());
    Ok(Sheet { path: path.to_owned(), cases })
}

impl Case {
    /// What is asked, with what the case says of the moment.
    pub fn situation(&self) -> Result<Situation> {
        let situation = Situation::named(&self.dir)?;
        let Some(known) = &self.facts else { return Ok(situation) };
        let facts = known.over(situation.facts)?;
        Ok(Situation { facts, ..situation })
    }

    /// The stanza.
    pub fn stanza(&self) -> Result<Stanza> {
        let stream = Situation::named(&self.dir)?.stream;
        stanza(&self.stanza, stream)
    }

    /// The settings that are its own, as JSON.
    pub fn settings(&self) -> Result<Option<String>> {
        match &self.settings {
            Some(settings) if !settings.is_object() => bail!("its settings are not a JSON object"),
            settings => Ok(settings.as_ref().map(Value::to_string)),
        }
    }
}

/// A stanza as it stands in a file.
pub fn stanza(text: &str, stream: &str) -> Result<Stanza> {
    xml::parse(text, stream, &Limits::default()).map_err(|excess| anyhow!("the stanza {}", excess.sentence()))
}

impl Known {
    fn over(&self, facts: Facts) -> Result<Facts> {
        let subscription = self.subscription.as_deref().map(subscription).transpose()?;
        Ok(Facts {
            now: self.now.unwrap_or(facts.now),
            subscription: subscription.or(facts.subscription),
            nickname: self.nickname.clone().or(facts.nickname),
            about: self.about.clone().unwrap_or(facts.about),
            parties: self.parties.clone().unwrap_or(facts.parties),
        })
    }
}

fn subscription(word: &str) -> Result<Subscription> {
    Ok(match word {
        "none" => Subscription::None,
        "from" => Subscription::From,
        "to" => Subscription::To,
        "both" => Subscription::Both,
        _ => bail!("facts.subscription is \"{word}\"; there are none, from, to, both"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str, expected: &str) {
        let path = std::env::temp_dir().join(format!("cases-{}.json", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let read = sheet(&path).and_then(|sheet| {
            sheet.cases.iter().try_for_each(|case| {
                case.situation()?;
                case.settings()?;
                case.stanza().map(drop)
            })
        });
        std::fs::remove_file(&path).unwrap();
        let error = format!("{:#}", read.unwrap_err());
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn mistakes_and_attacks_are_named() {
        let case = |stanza: &str| format!("[{}]", serde_json::json!({ "name": "x", "stanza": stanza }));
        refused("{}", "is not a list of");
        refused(r#"[{"name":"x","stanza":"<message/>","expct":{}}]"#, "unknown field `expct`");
        refused(r#"[{"name":"x","stanza":"<message/>","dir":"delivry"}]"#, "did you mean delivery?");
        refused(r#"[{"name":"x","stanza":"<message/>","settings":1}]"#, "not a JSON object");
        refused(r#"[{"name":"x","stanza":"<message/>","facts":{"subscription":"all"}}]"#, "none, from, to, both");
        refused(&case("<message>"), "not well-formed XML");
        refused(&case(&"<a>".repeat(100_000)), "more than 64 elements deep");
        refused(&case(&format!("<message><body>{}</body></message>", "x".repeat(300_000))), "256 KiB of text");
        refused(&"[".repeat(100_000), "is not a list of");
        refused(&" ".repeat(2 << 20), "larger than 1 MiB");
        refused(&format!("[{}]", vec![r#"{"name":"x","stanza":""}"#; 10_001].join(",")), "more than 10000 cases");
    }
}
