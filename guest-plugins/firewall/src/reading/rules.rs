//! The rules of one file: conditions, then actions, then a blank line.

use std::collections::{BTreeMap, HashMap};

use crate::actions::ACTIONS;
use crate::complaint::Complaint;
use crate::conditions::CONDITIONS;
use crate::lines::Line;
use crate::program::{Action, Condition, DELIVER, Part, Program, Rule, Test};
use crate::scope::{self, Scope};
use crate::word;

/// Rules of one chain in one file.
const MOST_RULES: usize = 10_000;

/// What is read of a file.
pub struct Rules {
    file: String,
    chain: usize,
    parts: BTreeMap<usize, Part>,
    rule: Option<Rule>,
    /// Was a line of the rule refused already?
    is_flawed: bool,
}

const BLANK_LINE: &str = "Write a blank line between two rules; mod_firewall loses this line without a word";

impl Rules {
    /// Nothing yet.
    pub fn new(file: &str) -> Self {
        Self { file: file.to_owned(), chain: DELIVER, parts: BTreeMap::new(), rule: None, is_flawed: false }
    }

    /// The chain to which the next rule belongs.
    pub fn chain(&self) -> usize {
        self.chain
    }

    /// Takes one line in.
    pub fn line(&mut self, scope: &mut Scope, line: &Line) -> Result<(), Complaint> {
        let taken = self.take(scope, line);
        self.is_flawed |= taken.is_err();
        taken
    }

    fn take(&mut self, scope: &mut Scope, line: &Line) -> Result<(), Complaint> {
        let text = line.text.as_str();
        match &self.rule {
            _ if line.is_comment() => Ok(()),
            _ if text.is_empty() => self.end_rule(),
            None if text.starts_with('%') => Ok(()),
            None if text.starts_with("::") => self.begin_chain(scope, text),
            None if text.starts_with("@@") => metadata(text),
            _ if is_action(text) => self.action(scope, line),
            Some(rule) if !rule.actions.is_empty() => Err(Complaint::new("a rule ends with its actions", BLANK_LINE)),
            Some(_) if text.starts_with(['%', '@']) || text.starts_with("::") => Err(no_action()),
            _ => self.condition(scope, line),
        }
    }

    /// The file ends: all of its rules go into the program.
    pub fn end(mut self, program: &mut Program) -> Result<(), (usize, Complaint)> {
        let line = self.rule.as_ref().map_or(0, |rule| rule.line);
        self.end_rule().map_err(|complaint| (line, complaint))?;
        for (chain, mut part) in self.parts {
            part.shared = share(&mut part.rules);
            program.is_editing |= part.rules.iter().flat_map(|rule| &rule.actions).any(is_edit);
            program.chains[chain].parts.push(part);
        }
        Ok(())
    }

    fn end_rule(&mut self) -> Result<(), Complaint> {
        // One mistake is told once.
        let is_flawed = std::mem::take(&mut self.is_flawed);
        let Some(rule) = self.rule.take().filter(|_| !is_flawed) else { return Ok(()) };
        if rule.actions.is_empty() {
            return Err(no_action());
        }
        let file = self.file.clone();
        let part = self.parts.entry(self.chain).or_insert_with(|| Part { file, rules: Vec::new(), shared: 0 });
        if part.rules.len() == MOST_RULES {
            return Err(Complaint::new(format!("a chain has at most {MOST_RULES} rules in a file"), "Remove some"));
        }
        part.rules.push(rule);
        Ok(())
    }

    fn begin_chain(&mut self, scope: &mut Scope, text: &str) -> Result<(), Complaint> {
        let name = text[2..].trim_start();
        self.chain = scope::chain(scope.program, name).map_err(|complaint| complaint.after(text.len() - name.len()))?;
        Ok(())
    }

    fn rule(&mut self, line: &Line) -> &mut Rule {
        let rule = || Rule { line: line.number(), conditions: Vec::new(), actions: Vec::new() };
        self.rule.get_or_insert_with(rule)
    }

    fn action(&mut self, scope: &mut Scope, line: &Line) -> Result<(), Complaint> {
        let action = action(scope, &line.text);
        // After a mistake the line is still one of this rule.
        let known = action.as_ref().ok().cloned().unwrap_or(Action::Nothing);
        self.rule(line).actions.push(known);
        action.map(drop)
    }

    fn condition(&mut self, scope: &mut Scope, line: &Line) -> Result<(), Complaint> {
        let condition = condition(scope, &line.text);
        self.rule(line).conditions.push(condition?);
        Ok(())
    }
}

fn is_edit(action: &Action) -> bool {
    matches!(action, Action::Strip { .. } | Action::Inject(_))
}

fn no_action() -> Complaint {
    Complaint::new("a rule has conditions and no action", "Write what is to be done below them, like `DROP.`")
}

/// A name of letters, digits, underscores and spaces, then `.` or `=`.
fn is_action(text: &str) -> bool {
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || sign == '_' || sign == ' ';
    let name = text.trim_start_matches(is_name);
    name.len() < text.len() && name.starts_with(['.', '='])
}

fn action(scope: &mut Scope, text: &str) -> Result<Action, Complaint> {
    let length = text.find(['.', '=']).unwrap_or(text.len());
    let name = spaced(&text[..length]).to_uppercase();
    let word = word::find(ACTIONS, "action", &name).map_err(|complaint| {
        let is_condition = CONDITIONS.iter().any(|word| word.name == name);
        if is_condition {
            Complaint::new(complaint.what, format!("Conditions have a colon: `{name}: …`"))
        } else {
            complaint
        }
    })?;
    let behind = text[length..].strip_prefix('=').filter(|rest| !rest.is_empty());
    word.read(scope, behind).map_err(|complaint| complaint.after(if behind.is_some() { length + 1 } else { 0 }))
}

fn condition(scope: &mut Scope, text: &str) -> Result<Condition, Complaint> {
    let length = text.find([':', '=', '.', '?']).unwrap_or(text.len());
    let (name, is_negated) = without_not(&spaced(&text[..length]));
    let word = word::find(CONDITIONS, "condition", &name)
        .map_err(|complaint| Complaint { hint: hint(&name).unwrap_or(complaint.hint), ..complaint })?;
    let behind = text.split_once(':').map(|(_, rest)| rest);
    let behind = behind.map(|rest| rest.strip_prefix(|sign: char| sign.is_ascii_whitespace()).unwrap_or(rest));
    let behind = behind.filter(|rest| !rest.is_empty());
    let at = behind.map_or(0, |behind| text.len() - behind.len());
    let test = word.read(scope, behind).map_err(|complaint| complaint.after(at))?;
    Ok(Condition { test, is_negated, shared: None })
}

/// What is meant by the name of a condition that is none.
fn hint(name: &str) -> Option<String> {
    let action = name.to_uppercase();
    if ACTIONS.iter().any(|word| word.name == action) {
        return Some(format!("Actions end with `.` or have `=`: `{action}.`"));
    }
    let longest = CONDITIONS.iter().filter(|word| name.starts_with(&format!("{} ", word.name)));
    longest.max_by_key(|word| word.name.len()).map(|word| format!("Write it like `{}`", word.example))
}

/// Underscores are spaces, and several are one.
fn spaced(name: &str) -> String {
    name.split(['_', ' ', '\t']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Takes the first `NOT` out of a name.
fn without_not(name: &str) -> (String, bool) {
    let words: Vec<&str> = name.split(' ').collect();
    match words.iter().position(|word| *word == "NOT") {
        Some(at) => ([&words[..at], &words[at + 1..]].concat().join(" "), true),
        None => (name.to_owned(), false),
    }
}

fn metadata(text: &str) -> Result<(), Complaint> {
    let is_assignment =
        text[2..].split_once('=').is_some_and(|(key, value)| !key.trim().is_empty() && !value.trim().is_empty());
    let flawed = || Complaint::new("this says nothing about the file", "Write it like `@@ trace = on`");
    is_assignment.then_some(()).ok_or_else(flawed)
}

/// Gives every test that several rules have a number; returns how many there are.
fn share(rules: &mut [Rule]) -> usize {
    let mut uses: HashMap<String, usize> = HashMap::new();
    let key = |test: &Test| format!("{test:?}");
    rules
        .iter()
        .flat_map(|rule| &rule.conditions)
        .for_each(|condition| *uses.entry(key(&condition.test)).or_default() += 1);
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for condition in rules.iter_mut().flat_map(|rule| &mut rule.conditions) {
        let key = key(&condition.test);
        let next = numbers.len();
        condition.shared = (uses[&key] > 1).then(|| *numbers.entry(key).or_insert(next));
    }
    numbers.len()
}
