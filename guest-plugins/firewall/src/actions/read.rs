//! What stands behind the other actions.

use prosody_policy::log::Level;

use crate::address::Address;
use crate::complaint::{Complaint, nearest};
use crate::name::is_name;
use crate::path::comparable;
use crate::program::Action;
use crate::scope::Scope;
use crate::template::Template;

const LEVELS: [(&str, Level); 4] =
    [("debug", Level::Debug), ("info", Level::Info), ("warn", Level::Warn), ("error", Level::Error)];

pub fn address(text: &str) -> Result<String, Complaint> {
    let is_address = Address::split(text).is_some() && text.len() <= 3_071;
    is_address.then(|| text.to_owned()).ok_or_else(|| {
        Complaint::new("this is not an address", "Write it like `alice@example.org`; it is the same for all stanzas")
    })
}

/// Reads `ADDRESS REASON TEXT`.
pub fn report(_: &mut Scope, text: &str) -> Result<Action, Complaint> {
    let (to, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    let (reason, text) = rest.trim_start().split_once(' ').unwrap_or((rest.trim_start(), ""));
    let reason = match reason {
        "spam" => "urn:xmpp:reporting:spam",
        "" | "abuse" => "urn:xmpp:reporting:abuse",
        other => other,
    };
    let (reason, text) = (reason.to_owned(), text.trim_start().to_owned());
    Ok(Action::Report { to: address(to)?, reason, text })
}

/// Reads `NAME` or `NAME NAMESPACE`.
pub fn strip(_: &mut Scope, text: &str) -> Result<Action, Complaint> {
    let (name, namespace) = text.split_once(' ').map_or((text, None), |(name, namespace)| (name, Some(namespace)));
    let name = (name != "*").then(|| name.to_owned());
    Ok(Action::Strip { name, namespace: namespace.map(|namespace| comparable(namespace).to_owned()) })
}

/// Reads `TEXT` or `[LEVEL] TEXT`.
pub fn log(_: &mut Scope, text: &str) -> Result<Action, Complaint> {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|sign| sign.is_ascii_alphabetic());
    let level = text.strip_prefix('[').and_then(|rest| rest.split_once(']')).filter(|(word, _)| is_word(word));
    let Some((word, rest)) = level else { return Ok(Action::Log(Level::Info, Template::new(text)?)) };
    let known = LEVELS.iter().find(|(known, _)| *known == word).map(|(_, level)| *level);
    let level = known.ok_or_else(|| {
        Complaint::new(format!("the log has no level `{word}`"), nearest(word, LEVELS.map(|(known, _)| known))).after(1)
    })?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let line = Template::new(rest).map_err(|complaint| complaint.after(text.len() - rest.len()))?;
    Ok(Action::Log(level, line))
}

pub fn mark(name: &str) -> Result<String, Complaint> {
    let hint = "A mark is a letter, then letters, digits and underscores";
    is_name(name).then(|| name.to_owned()).ok_or_else(|| Complaint::new(format!("`{name}` is not a mark"), hint))
}

/// Reads `LIST EXPRESSION`.
pub fn add_to(scope: &mut Scope, text: &str) -> Result<Action, Complaint> {
    let flawed = || Complaint::new("this says no list and no text", "Write it like `spammers $<@from|bare>`");
    let (name, value) = text.split_once(' ').ok_or_else(flawed)?;
    let list = scope.list(name)?;
    let value = Template::new(value).map_err(|complaint| complaint.after(name.len() + 1))?;
    scope.program.lists[list].is_growing = true;
    Ok(Action::AddTo(list, value))
}
