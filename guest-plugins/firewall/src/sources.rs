//! The files that the operator brings: scripts, and lists for them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// A file, as the host read it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub text: String,
}

impl File {
    /// Takes the mark away with which some editors begin a file; it would be a part of the first line.
    pub fn forget_mark(&mut self) {
        if self.text.starts_with('\u{feff}') {
            self.text.remove(0);
        }
    }
}

/// All of them.
#[derive(Debug, Default)]
pub struct Sources {
    /// The files, in the operator's order.
    pub files: Vec<File>,
    /// By the address of a list on the web, or the name that a rule file uses: the name of the file that stands for it.
    pub stand_ins: BTreeMap<String, String>,
}

impl Sources {
    /// The scripts, in their order.
    pub fn scripts(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| is_script(&file.name))
    }

    /// The file that is meant by a name: that of its stand-in, its whole name, or the last part of it.
    pub fn list(&self, name: &str) -> Option<&str> {
        let name = self.stand_ins.get(name).map_or(name, String::as_str);
        let lists = || self.files.iter().filter(|file| !is_script(&file.name));
        let file =
            lists().find(|file| file.name == name).or_else(|| lists().find(|file| last(&file.name) == last(name)));
        file.map(|file| file.text.as_str())
    }

    /// A name that is not that of any file, if an operator wrote one.
    pub fn missing(&self) -> Option<&str> {
        self.stand_ins.iter().find(|(name, _)| self.list(name).is_none()).map(|(_, file)| file.as_str())
    }
}

fn is_script(name: &str) -> bool {
    name.ends_with(".pfw")
}

/// The part behind the last slash.
pub fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
