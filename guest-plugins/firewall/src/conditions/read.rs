//! What stands behind the conditions.

use prosody_policy::StanzaKind;

use crate::address::AddressPattern;
use crate::complaint::{Complaint, nearest};
use crate::name::is_name;
use crate::path::{End, Path, Segment, comparable};
use crate::pattern::Pattern;
use crate::program::{Comparison, Operator, Side, Test};
use crate::scope::Scope;
use crate::template::Template;

const KINDS: [(&str, StanzaKind); 3] =
    [("message", StanzaKind::Message), ("presence", StanzaKind::Presence), ("iq", StanzaKind::Iq)];

const TYPES: [&str; 15] = [
    "normal",
    "chat",
    "groupchat",
    "headline",
    "error",
    "available",
    "unavailable",
    "probe",
    "subscribe",
    "subscribed",
    "unsubscribe",
    "unsubscribed",
    "get",
    "set",
    "result",
];

const OPERATORS: [(&str, Operator); 6] = [
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("=", Operator::Equal),
    ("==", Operator::Equal),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
];

/// The words between commas, bars and spaces, each with its place.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_between = |sign: char| sign.is_ascii_whitespace() || sign == ',' || sign == '|';
    text.split(is_between)
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

pub fn kind(_: &mut Scope, text: &str) -> Result<Test, Complaint> {
    let kind = |(at, word)| {
        let known = KINDS.iter().find(|(known, _)| *known == word).map(|(_, kind)| *kind);
        let hint = || nearest(word, KINDS.map(|(known, _)| known));
        known.ok_or_else(|| Complaint::new(format!("there is no kind `{word}` of stanzas"), hint()).after(at))
    };
    words(text).map(kind).collect::<Result<_, _>>().map(Test::Kind)
}

pub fn stanza_type(_: &mut Scope, text: &str) -> Result<Test, Complaint> {
    let stanza_type = |(at, word): (usize, &str)| match TYPES.contains(&word) {
        true => Ok(word.to_owned()),
        false => Err(Complaint::new(format!("no stanza has the type `{word}`"), nearest(word, TYPES)).after(at)),
    };
    words(text).map(stanza_type).collect::<Result<_, _>>().map(Test::Type)
}

pub fn payload(_: &mut Scope, namespace: &str) -> Result<Test, Complaint> {
    let segment = Segment { namespace: Some(comparable(namespace).to_owned()), name: None };
    Ok(Test::Exists(Path { segments: vec![segment], end: End::Element }))
}

/// Reads `PATH`, `PATH=TEXT` and so on. A sign of the comparison that stands before `=` is none of the path.
pub fn inspect(_: &mut Scope, text: &str) -> Result<Test, Complaint> {
    let Some((left, value)) = text.split_once('=') else { return Path::new(text).map(Test::Exists) };
    let query = left.trim_end_matches(['~', '/', '$']);
    let path = Path::new(query)?;
    if !path.is_text() {
        let hint = "Append `#` for its text, or `@name` for an attribute";
        return Err(Complaint::new("this path leads to an element, and only texts are compared", hint));
    }
    let comparison = comparison(&left[query.len()..], value).map_err(|complaint| complaint.after(left.len() + 1))?;
    Ok(Test::Compares(path, comparison))
}

fn comparison(signs: &str, value: &str) -> Result<Comparison, Complaint> {
    let fixed = |value: &str| Template(vec![crate::template::Piece::Fixed(value.to_owned())]);
    let text = if signs.contains('$') { Template::new(value)? } else { fixed(value) };
    match (signs.replace('$', "").as_str(), signs.contains('$')) {
        ("", _) => Ok(Comparison::Equal(text)),
        ("/", _) => Ok(Comparison::Contains(text)),
        ("~", true) => Ok(Comparison::MatchesOf(text)),
        ("~", false) => pattern(value).map(Comparison::Matches),
        _ => Err(Complaint::new(format!("there is no comparison `{signs}=`"), "There are `=`, `/=` and `~=`")),
    }
}

fn pattern(text: &str) -> Result<Pattern, Complaint> {
    Pattern::new(text).map_err(|(at, what)| {
        Complaint::new(format!("this is not a Lua pattern: {what}"), "See §6.4.1 of the manual of Lua").after(at)
    })
}

pub fn like(side: Side, text: &str) -> Result<Test, Complaint> {
    AddressPattern::new(text).map(|pattern| Test::Like(side, pattern))
}

pub fn exactly(side: Side, text: &str) -> Result<Test, Complaint> {
    Template::new(text).map(|text| Test::Exactly(side, text))
}

pub fn crossing(scope: &mut Scope, side: Side, zone: &str) -> Result<Test, Complaint> {
    scope.zone(zone).map(|zone| Test::Crossing(side, zone))
}

/// Older files say `IN ROSTER: yes` or `no`.
pub fn in_roster(text: Option<&str>) -> Result<Test, Complaint> {
    let is_yes = |text: &str| text.eq_ignore_ascii_case("yes") || text.eq_ignore_ascii_case("true");
    Ok(Test::InRoster(text.is_none_or(is_yes)))
}

/// Reads `RATE` or `RATE on EXPRESSION`.
pub fn limit(scope: &mut Scope, text: &str) -> Result<Test, Complaint> {
    match text.split_once(" on ") {
        Some((name, key)) => {
            let key = Template::new(key).map_err(|complaint| complaint.after(name.len() + 4))?;
            Ok(Test::Limit(scope.limit(name, true)?, Some(key)))
        }
        None => Ok(Test::Limit(scope.limit(text, false)?, None)),
    }
}

/// Reads `mark` or `mark (60s)`.
pub fn marked(text: &str, test: fn(String, Option<u64>) -> Test) -> Result<Test, Complaint> {
    let flawed = || Complaint::new("this is not a mark", "Write it like `spammer` or `spammer (3600s)`");
    let (name, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
    let seconds = match rest.trim() {
        "" => None,
        rest => {
            let number = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix("s)")).map(str::parse);
            Some(number.and_then(Result::ok).ok_or_else(flawed)?)
        }
    };
    is_name(name).then(|| test(name.to_owned(), seconds)).ok_or_else(flawed)
}

/// Reads `LIST contains EXPRESSION`.
pub fn in_list(scope: &mut Scope, text: &str) -> Result<Test, Complaint> {
    let flawed = || Complaint::new("this says no list and no text", "Write it like `spammers contains $<@from|bare>`");
    let (list, value) = text.split_once(" contains ").ok_or_else(flawed)?;
    let value = Template::new(value).map_err(|complaint| complaint.after(list.len() + " contains ".len()))?;
    Ok(Test::InList(scope.list(list)?, value))
}

/// Reads `SEARCH for PATTERN in LIST`.
pub fn scan(scope: &mut Scope, text: &str) -> Result<Test, Complaint> {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let [search, "for", pattern, "in", list] = words[..] else {
        return Err(Complaint::new(
            "this does not say what is looked for where",
            "Write it like `body for word in badwords`",
        ));
    };
    Ok(Test::Scan(scope.search(search)?, scope.pattern(pattern)?, scope.list(list)?))
}

/// Reads `PATTERN in SEARCH > 3`.
pub fn count(scope: &mut Scope, text: &str) -> Result<Test, Complaint> {
    let flawed = || Complaint::new("this does not say what is counted where", "Write it like `url in body > 1`");
    let (pattern, rest) = text.split_once(" in ").ok_or_else(flawed)?;
    let (search, rest) = rest.trim_start().split_once(' ').ok_or_else(flawed)?;
    let rest: String = rest.split_ascii_whitespace().collect();
    let (operator, number) = rest.split_at(rest.find(|sign: char| sign.is_ascii_digit()).ok_or_else(flawed)?);
    let operator = OPERATORS.iter().find(|(known, _)| *known == operator).map(|(_, operator)| *operator);
    let (operator, number) = operator.zip(number.parse().ok()).ok_or_else(flawed)?;
    Ok(Test::Count(scope.search(search)?, scope.pattern(pattern)?, operator, number))
}
