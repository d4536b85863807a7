//! Answers to those whose stanza goes nowhere.

use prosody_policy::{Bounce, ErrorCondition, ErrorType};

use crate::complaint::{Complaint, nearest};
use crate::program::Action;

/// The conditions that the server can send (RFC 6120 §8.3.3), each with the type that it has when none is given.
const CONDITIONS: [(&str, ErrorCondition, ErrorType); 14] = [
    ("bad-request", ErrorCondition::BadRequest, ErrorType::Modify),
    ("conflict", ErrorCondition::Conflict, ErrorType::Cancel),
    ("feature-not-implemented", ErrorCondition::FeatureNotImplemented, ErrorType::Cancel),
    ("forbidden", ErrorCondition::Forbidden, ErrorType::Auth),
    ("internal-server-error", ErrorCondition::InternalServerError, ErrorType::Cancel),
    ("item-not-found", ErrorCondition::ItemNotFound, ErrorType::Cancel),
    ("not-acceptable", ErrorCondition::NotAcceptable, ErrorType::Modify),
    ("not-allowed", ErrorCondition::NotAllowed, ErrorType::Cancel),
    ("not-authorized", ErrorCondition::NotAuthorized, ErrorType::Auth),
    ("policy-violation", ErrorCondition::PolicyViolation, ErrorType::Modify),
    ("recipient-unavailable", ErrorCondition::RecipientUnavailable, ErrorType::Wait),
    ("resource-constraint", ErrorCondition::ResourceConstraint, ErrorType::Wait),
    ("service-unavailable", ErrorCondition::ServiceUnavailable, ErrorType::Cancel),
    ("undefined-condition", ErrorCondition::UndefinedCondition, ErrorType::Cancel),
];

const TYPES: [(&str, ErrorType); 5] = [
    ("auth", ErrorType::Auth),
    ("cancel", ErrorType::Cancel),
    ("continue", ErrorType::Continue),
    ("modify", ErrorType::Modify),
    ("wait", ErrorType::Wait),
];

/// Reads `CONDITION`, `CONDITION:TYPE` and `CONDITION (TEXT)`.
pub fn bounce(text: Option<&str>) -> Result<Action, Complaint> {
    let text = text.unwrap_or("service-unavailable");
    let (error, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (name, error_type) = error.split_once(':').map_or((error, None), |(name, error_type)| (name, Some(error_type)));
    let (condition, usual) = condition(name)?;
    let error_type =
        error_type.map_or(Ok(usual), |word| named(word).map_err(|complaint| complaint.after(name.len() + 1)))?;
    let text = said(rest).map_err(|complaint| complaint.after(text.len() - rest.len()))?;
    Ok(Action::Bounce(Bounce { error_type, condition, text: text.to_owned() }))
}

fn condition(name: &str) -> Result<(ErrorCondition, ErrorType), Complaint> {
    let known = CONDITIONS.iter().find(|(known, ..)| *known == name);
    known.map(|(_, condition, usual)| (*condition, *usual)).ok_or_else(|| {
        let hint = nearest(name, CONDITIONS.map(|(known, ..)| known));
        Complaint::new(format!("a policy cannot bounce with `{name}`"), hint)
    })
}

fn named(word: &str) -> Result<ErrorType, Complaint> {
    let known = TYPES.iter().find(|(known, _)| *known == word).map(|(_, error_type)| *error_type);
    let hint = || nearest(word, TYPES.map(|(known, _)| known));
    known.ok_or_else(|| Complaint::new(format!("errors have no type `{word}`"), hint()))
}

fn said(rest: &str) -> Result<&str, Complaint> {
    match rest.trim() {
        "" => Ok(""),
        rest => rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).ok_or_else(|| {
            Complaint::new("the text is not in brackets", "Write it like `policy-violation (Not here.)`")
        }),
    }
}
