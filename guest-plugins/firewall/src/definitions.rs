//! The definitions: `%WORD name: value`.

use std::collections::HashSet;

use crate::complaint::{Complaint, nearest};
use crate::lists::{Definition as ListDefinition, List};
use crate::path::{End, Path};
use crate::pattern::{Budget, Pattern};
use crate::program::{Program, Zone};
use crate::rate::Rate;
use crate::scope::{Definitions, Scope};
use crate::sources::last;
use crate::word::Reading::With;
use crate::word::Word;

/// Something that has a name.
#[derive(Debug)]
pub enum Definition {
    /// Hosts and addresses.
    Zone(Zone),
    /// How much is too much.
    Rate(Rate),
    /// Texts.
    List(List),
    /// A Lua pattern.
    Pattern(Pattern),
    /// A place in a stanza.
    Search(Path),
}

/// All of them.
pub const DEFINITIONS: &[Word<Definition>] = &[
    Word::new(
        "ZONE",
        "%ZONE ours: example.org, alice@example.com",
        "hosts, with all their users, and addresses; `$local` is there already, see above",
        With(zone),
    ),
    Word::new(
        "RATE",
        "%RATE normal: 2 (burst 3) (entries 4096) (allow overflow)",
        "so many in a second, reckoned over so many seconds",
        With(|_, text| Rate::new(text).map(Definition::Rate)),
    ),
    Word::new(
        "LIST",
        "%LIST words: file:words.txt (missing: ignore, filter: lower)",
        "`memory`, with a `limit` if you like; `file:`; `https:` and `http:` if a file stands in for it; filters are `upper`, `lower`, `md5`, `sha1`, `sha256` (in hex), `prep`, `bare`",
        With(list),
    ),
    Word::new("PATTERN", "%PATTERN word: [A-Za-z]+", "a Lua pattern", With(pattern)),
    Word::new("SEARCH", "%SEARCH body: body#", "a path to a text", With(search)),
];

fn zone(_: &mut Scope, text: &str) -> Result<Definition, Complaint> {
    if text.starts_with('<') {
        let hint = "Write its members here, between commas, or use `%LIST` with `file:`";
        return Err(Complaint::new("a zone cannot be read from a file", hint));
    }
    let members = text.split([',', ' ']).filter(|member| !member.is_empty()).map(str::to_owned).collect();
    Ok(Definition::Zone(Zone { members, is_local: false }))
}

fn list(scope: &mut Scope, text: &str) -> Result<Definition, Complaint> {
    let definition = ListDefinition::new(text);
    let items = match definition.source.split_once(':') {
        None if definition.source == "memory" => HashSet::new(),
        Some(("file", path)) => from_file(scope, path, &definition)?,
        Some(("http" | "https", _)) => from_web(scope, &definition)?,
        Some(("pubsubitemid", _)) => {
            let hint = "Write its items to a file, and use `file:`";
            return Err(Complaint::new("policies cannot subscribe to anything", hint));
        }
        _ => {
            let hint = nearest(definition.source, ["memory", "file:", "https:"]);
            return Err(Complaint::new(format!("there are no lists `{}`", definition.source), hint));
        }
    };
    List::new(String::new(), &definition, items).map(Definition::List)
}

/// Every line of a file.
fn from_file(scope: &Scope, path: &str, definition: &ListDefinition) -> Result<HashSet<Box<str>>, Complaint> {
    match scope.sources.list(path) {
        Some(text) => Ok(text.lines().map(Box::from).collect()),
        None if definition.option("missing") == Some("ignore") => Ok(HashSet::new()),
        None => {
            let hint = format!("Add it to the option `files` of the policy, as \"{}\"", last(path));
            Err(Complaint::new(format!("there is no file {path}"), hint))
        }
    }
}

/// Every line of what stands in for an address, or all that matches the pattern that is given.
fn from_web(scope: &Scope, definition: &ListDefinition) -> Result<HashSet<Box<str>>, Complaint> {
    let url = definition.source;
    let Some(text) = scope.sources.list(url) else {
        let hint = format!(
            "Fetch it regularly (`curl -fsSo {name} {url}`), add \"{name}\" to the option `files` of the policy, and \
             reload; under another name say so in the setting `lists`",
            name = last(url)
        );
        return Err(Complaint::new("policies reach no network, and no file stands in for this list", hint));
    };
    let Some(pattern) = definition.option("pattern") else {
        return Ok(text.lines().filter(|line| !line.is_empty()).map(Box::from).collect());
    };
    let mut items = HashSet::new();
    read_pattern(pattern)?.each(text, &mut Budget::without_end(), |item, _| {
        items.extend(item.and_then(|item| std::str::from_utf8(item).ok()).map(Box::from));
        false
    });
    Ok(items)
}

fn pattern(_: &mut Scope, text: &str) -> Result<Definition, Complaint> {
    read_pattern(text).map(Definition::Pattern)
}

fn read_pattern(text: &str) -> Result<Pattern, Complaint> {
    Pattern::repeated(text).map_err(|(_, what)| {
        Complaint::new(format!("this is not a Lua pattern: {what}"), "See §6.4.1 of the manual of Lua")
    })
}

fn search(_: &mut Scope, text: &str) -> Result<Definition, Complaint> {
    let path = Path::new(text)?;
    match path.end {
        End::Element => {
            let hint = "Append `#` for its text, or `@name` for an attribute";
            Err(Complaint::new("this path leads to an element, not to a text", hint))
        }
        _ => Ok(Definition::Search(path)),
    }
}

impl Definitions {
    /// Adds something under a name, in place of what had it before.
    pub fn add(&mut self, file: &str, name: &str, definition: Definition, program: &mut Program) {
        let name = name.to_owned();
        match definition {
            Definition::Zone(zone) => {
                program.zones.push(zone);
                self.zones.insert(name, program.zones.len() - 1);
            }
            Definition::List(mut list) => {
                list.name = format!("{file} {name}");
                program.lists.push(list);
                self.lists.insert(name, program.lists.len() - 1);
            }
            Definition::Rate(rate) => drop(self.rates.insert(name, rate)),
            Definition::Pattern(pattern) => drop(self.patterns.insert(name, pattern)),
            Definition::Search(path) => drop(self.searches.insert(name, path)),
        }
    }
}
