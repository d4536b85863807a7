//! Rule files, read line by line.

mod jumps;
mod rules;

use crate::complaint::{Complaint, Problem};
use crate::definitions::DEFINITIONS;
use crate::escapes::resolved;
use crate::lines::{Line, lines};
use crate::name::is_name;
use crate::program::{BUILT_IN, Chain, Program, Zone};
use crate::scope::{Definitions, Scope};
use crate::sources::{File, Sources};
use crate::word;

use rules::Rules;

/// Names that all buckets of limits remember together, and what all lists take in.
const MOST_NAMES: usize = 16_000;
/// Problems that are told one by one; of the others only where they are.
const MOST_TOLD: usize = 3;

/// What is read so far.
struct Reader<'a> {
    sources: &'a Sources,
    program: Program,
    definitions: Definitions,
    problems: Vec<Problem>,
}

/// Reads all scripts as one program. The error is for the operator.
pub fn program(sources: &Sources) -> Result<Program, String> {
    let chains = BUILT_IN.map(|name| Chain { name: name.to_owned(), parts: Vec::new() }).into();
    let zones = vec![Zone { is_local: true, ..Zone::default() }];
    let mut definitions = Definitions::default();
    definitions.zones.insert("$local".into(), 0);
    let program = Program { chains, zones, ..Program::default() };
    let mut reader = Reader { sources, program, definitions, problems: Vec::new() };
    sources.scripts().for_each(|file| reader.script(file));
    reader.problems.extend(jumps::problem(&reader.program));
    match reader.problems.is_empty() {
        true => sizes(&reader.program).map(|()| reader.program),
        false => Err(told(&reader.problems)),
    }
}

impl Reader<'_> {
    fn script(&mut self, file: &File) {
        let lines = match lines(&file.text) {
            Ok(lines) => lines,
            Err(line) => {
                let hint = "Remove the backslash, or write the rest of the line behind it";
                let complaint = Complaint::new("the file ends in the middle of a line", hint);
                return self.problems.push(Problem { file: file.name.clone(), line, column: 1, complaint });
            }
        };
        // What is defined at the end of a file may be used at its beginning.
        for line in lines.iter().filter(|line| line.text.starts_with('%')) {
            self.define(&file.name, line).unwrap_or_else(|complaint| self.complain(&file.name, line, complaint));
        }
        let mut rules = Rules::new(&file.name);
        for line in &lines {
            let Self { program, definitions, sources, .. } = self;
            let mut scope = Scope { program, definitions, sources, file: &file.name, chain: rules.chain() };
            rules.line(&mut scope, line).unwrap_or_else(|complaint| self.complain(&file.name, line, complaint));
        }
        if let Err((line, complaint)) = rules.end(&mut self.program) {
            self.problems.push(Problem { file: file.name.clone(), line, column: 1, complaint });
        }
    }

    fn complain(&mut self, file: &str, at: &Line, complaint: Complaint) {
        let (line, column) = at.place(complaint.at);
        self.problems.push(Problem { file: file.to_owned(), line, column, complaint });
    }

    /// Reads `%WORD name: value`.
    fn define(&mut self, file: &str, line: &Line) -> Result<(), Complaint> {
        let flawed = |what| Complaint::new(what, "Write it like `%LIST spammers: file:spammers.txt`");
        let text = line.text[1..].trim_start();
        let (word, rest) = text.split_once(' ').ok_or_else(|| flawed("nothing is defined here"))?;
        let (name, value) = rest.split_once(':').ok_or_else(|| flawed("a definition has a colon behind its name"))?;
        let name = name.trim();
        let word = word::find(DEFINITIONS, "definition", word).map_err(|complaint| complaint.after(1))?;
        if !is_name(name) {
            let hint = "A name is a letter, then letters, digits and underscores";
            return Err(Complaint::new(format!("`{name}` cannot be the name of anything"), hint).after(1));
        }
        let value = value.strip_prefix(' ').unwrap_or(value);
        let at = line.text.len() - value.len();
        let Self { program, definitions, sources, .. } = self;
        let mut scope = Scope { program, definitions, sources, file, chain: 0 };
        let value = (!value.is_empty()).then(|| resolved(value));
        let definition = word.read(&mut scope, value.as_deref()).map_err(|complaint| complaint.after(at))?;
        self.definitions.add(file, name, definition, &mut self.program);
        Ok(())
    }
}

/// Is all that is remembered together within bounds?
fn sizes(program: &Program) -> Result<(), String> {
    let entries: usize = program.limits.iter().filter(|limit| limit.is_split).map(|limit| limit.rate.entries).sum();
    let items: usize = program.lists.iter().filter(|list| list.is_growing).map(|list| list.limit).sum();
    let check = |number: usize, what: &str| match number <= MOST_NAMES {
        true => Ok(()),
        false => Err(format!("{what} {number} at once, and {MOST_NAMES} are the most")),
    };
    check(entries, "the limits with `on` remember, by their `(entries …)`,")?;
    check(items, "the lists to which rules add something take in, by their `(limit: …)`,")
}

fn told(problems: &[Problem]) -> String {
    let (first, others) = problems.split_at(problems.len().min(MOST_TOLD));
    let mut told: Vec<String> = first.iter().map(Problem::to_string).collect();
    if !others.is_empty() {
        let places: Vec<String> =
            others.iter().take(20).map(|other| format!("{}:{}", other.file, other.line)).collect();
        told.push(format!("{} more: {}.", others.len(), places.join(", ")));
    }
    told.join(" ")
}
