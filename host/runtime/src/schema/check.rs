//! Comparing a value with a schema.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};
use serde_json::{Map, Value};

use super::Schema;
use super::node::{Definitions, Node, Type, is_empty_table};
use super::pattern;
use super::words::{self, Place, expected, shown};

/// What is wrong, told at once.
const MOST_FINDINGS: usize = 8;
/// Comparisons. A schema that branches at every level would take years.
const MOST_STEPS: usize = 200_000;
/// Schemas in schemas, on the way to one value. One that refers to itself could go on for ever.
const DEEPEST: usize = 200;

/// What is wrong with the settings, as sentences.
pub fn settings(schema: &Schema, settings: &Value) -> Result<Vec<String>> {
    let mut checker = Checker::of(&schema.definitions);
    checker.check(&schema.root, settings);
    checker.end()
}

/// An author's defaults are settings like any others.
pub fn defaults(schema: &Schema) -> Result<()> {
    let mut checker = Checker::of(&schema.definitions);
    checker.check_defaults(&schema.root);
    let findings = checker.end()?;
    ensure!(findings.is_empty(), "a default does not fit its own schema: {}", findings.join("; "));
    Ok(())
}

struct Checker<'a> {
    definitions: &'a Definitions,
    place: Place,
    findings: Vec<String>,
    steps: usize,
    depth: usize,
    is_spent: bool,
}

impl<'a> Checker<'a> {
    fn of(definitions: &'a Definitions) -> Self {
        Self { definitions, place: Place::default(), findings: Vec::new(), steps: 0, depth: 0, is_spent: false }
    }

    fn end(mut self) -> Result<Vec<String>> {
        ensure!(
            !self.is_spent,
            "the schema of its settings takes more than {MOST_STEPS} steps, or refers to itself without end: that is \
             for its author to mend"
        );
        self.findings.truncate(MOST_FINDINGS);
        Ok(self.findings)
    }

    /// May it go on? What is left out is never taken for right: `end` says that it was too much.
    fn step(&mut self, cost: usize) -> bool {
        self.steps = self.steps.saturating_add(cost);
        self.is_spent |= self.steps > MOST_STEPS || self.depth > DEEPEST;
        !self.is_spent
    }

    fn find(&mut self, sentence: &str) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(format!("{} {sentence}", self.place));
        }
    }

    fn check(&mut self, node: &Node, value: &Value) {
        self.depth += 1;
        if self.step(1) {
            self.check_all(node, value);
        }
        self.depth -= 1;
    }

    fn check_all(&mut self, node: &Node, value: &Value) {
        if node.is_never {
            return self.find("cannot be there");
        }
        if !node.types.is_empty() && !node.types.iter().any(|one| one.is_of(value)) {
            return self.find(&format!("must be {}, not {}", expected(node), words::kind(value)));
        }
        self.check_values(node, value);
        self.check_reference(node, value);
        match value {
            Value::Number(number) => self.check_number(node, number.as_f64().unwrap_or_default()),
            Value::String(text) => self.check_text(node, text),
            Value::Array(entries) => self.check_list(node, entries),
            Value::Object(_) if is_empty_table(value) && !node.types.contains(&Type::Object) => {
                self.check_list(node, &[])
            }
            Value::Object(table) => self.check_table(node, table),
            Value::Bool(_) | Value::Null => {}
        }
        self.check_combinations(node, value);
    }

    fn check_values(&mut self, node: &Node, value: &Value) {
        let Some(values) = &node.values else { return };
        if self.step(values.len()) && !values.iter().any(|known| words::is_same(known, value)) {
            self.find(&format!(
                "cannot be {}: it is {}{}",
                shown(value),
                words::list(values),
                words::meant(value, values)
            ));
        }
    }

    fn check_reference(&mut self, node: &Node, value: &Value) {
        let definitions = self.definitions;
        if let Some(found) = node.reference.as_ref().and_then(|name| definitions.get(name)) {
            self.check(found, value);
        }
    }

    fn check_number(&mut self, node: &Node, number: f64) {
        if !node.number.hold(number) {
            self.find(&format!("cannot be {number}: it is {}", words::bounds(&node.number)));
        }
    }

    fn check_text(&mut self, node: &Node, text: &str) {
        if !node.length.holds(text.chars().count()) {
            self.find(&format!("must have {}", words::range(&node.length, "letter", "letters")));
        }
        let Some(pattern) = &node.pattern else { return };
        if !self.step(text.len()) {
            return;
        }
        match pattern.is_in(text) {
            Some(true) => {}
            // What stands there may be a password: it is not repeated.
            Some(false) => self.find(&format!("has another form: it is {}", expected(node))),
            None => {
                self.find(&format!("is longer than {} bytes, too long to be compared with a pattern", pattern::TEXT))
            }
        }
    }

    fn check_list(&mut self, node: &Node, entries: &[Value]) {
        if !node.entries.holds(entries.len()) {
            self.find(&format!("must have {}", words::range(&node.entries, "entry", "entries")));
        }
        if node.is_unique && self.step(entries.len()) {
            let mut seen = BTreeSet::new();
            let twice = entries.iter().find(|entry| !seen.insert(entry.to_string()));
            twice.into_iter().for_each(|entry| self.find(&format!("has {} twice", shown(entry))));
        }
        let Some(each) = &node.items else { return };
        for (index, entry) in entries.iter().enumerate() {
            self.within(Place::entry(index), |checker| checker.check(each, entry));
        }
    }

    fn check_table(&mut self, node: &Node, table: &Map<String, Value>) {
        if !node.size.holds(table.len()) {
            self.find(&format!("must have {}", words::range(&node.size, "value", "values")));
        }
        for name in node.required.iter().filter(|name| !table.contains_key(*name)) {
            self.within(Place::name(name), |checker| checker.find("is missing"));
        }
        for (name, value) in table {
            self.within(Place::name(name), |checker| checker.check_named(node, name, value));
        }
    }

    fn check_named(&mut self, node: &Node, name: &str, value: &Value) {
        if let Some(names) = node.names.as_ref().filter(|names| !self.fits(names, &name.into())) {
            self.find(&format!("cannot have this name: it must be {}", expected(names)));
        }
        match (node.properties.get(name), &node.others) {
            (Some(property), _) => self.check(property, value),
            (None, Some(others)) if others.is_never => {
                self.findings.push(format!("{}: there is no such setting{}", self.place, words::alike(name, node)));
                self.findings.truncate(MOST_FINDINGS);
            }
            (None, Some(others)) => self.check(others, value),
            (None, None) => {}
        }
    }

    fn fits(&mut self, node: &Node, value: &Value) -> bool {
        let before = std::mem::take(&mut self.findings);
        self.check(node, value);
        std::mem::replace(&mut self.findings, before).is_empty()
    }

    fn check_combinations(&mut self, node: &Node, value: &Value) {
        node.all_of.iter().for_each(|each| self.check(each, value));
        if !node.any_of.is_empty() {
            self.check_branches(&node.any_of, value);
        }
        // An empty table of Lua is list and table, and may fit both.
        let fitting = if node.one_of.is_empty() { 0 } else { self.check_branches(&node.one_of, value) };
        if fitting > 1 && !is_empty_table(value) {
            self.find("fits more than one of what it may be");
        }
    }

    /// At least one must fit; says what is nearest when none does. -> how many fit.
    fn check_branches(&mut self, branches: &[Node], value: &Value) -> usize {
        let before = std::mem::take(&mut self.findings);
        let mut tried = Vec::new();
        for branch in branches {
            self.check(branch, value);
            tried.push((branch, std::mem::take(&mut self.findings)));
        }
        self.findings = before;
        let fitting = tried.iter().filter(|(_, findings)| findings.is_empty()).count();
        if fitting == 0 {
            self.find_nearest(tried, value);
        }
        fitting
    }

    /// When one of them is of the same type, that was meant.
    fn find_nearest(&mut self, tried: Vec<(&Node, Vec<String>)>, value: &Value) {
        let all: Vec<String> = tried.iter().map(|(branch, _)| expected(self.resolved(branch))).collect();
        let is_meant = |branch: &Node| branch.types.iter().any(|one| one.is_of(value));
        let mut meant: Vec<_> = tried.into_iter().filter(|(branch, _)| is_meant(self.resolved(branch))).collect();
        match (meant.pop(), meant.is_empty()) {
            (Some((_, findings)), true) => self.findings.extend(findings),
            _ => self.find(&format!("must be {}, not {}", all.join(", or "), words::kind(value))),
        }
    }

    /// What a mere reference stands for.
    fn resolved<'b>(&self, node: &'b Node) -> &'b Node
    where
        'a: 'b,
    {
        let found = node.reference.as_ref().and_then(|name| self.definitions.get(name));
        found.filter(|_| node.types.is_empty()).unwrap_or(node)
    }

    fn check_defaults(&mut self, node: &Node) {
        if let Some(default) = &node.default {
            self.check(node, default);
        }
        for (name, property) in &node.properties {
            self.within(Place::name(name), |checker| checker.check_defaults(property));
        }
    }

    fn within(&mut self, step: String, check: impl FnOnce(&mut Self)) {
        self.place.enter(step);
        check(self);
        self.place.leave();
    }
}
