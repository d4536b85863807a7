//! The words of the language: what each is called, how it is written, and whether a policy can do it.
//!
//! There is one table for conditions, one for actions and one for definitions. The rule files are read by them, and the
//! page for operators shows them.

use crate::complaint::{Complaint, nearest};
use crate::scope::Scope;

/// A word, of which `T` is made.
pub struct Word<T> {
    /// What it is called, with spaces.
    pub name: &'static str,
    /// How it is written, as an example.
    pub example: &'static str,
    /// What it means here.
    pub about: &'static str,
    /// How it is read, or why it cannot be.
    pub reading: Reading<T>,
}

/// How a word is read.
pub enum Reading<T> {
    /// It stands alone.
    Alone(fn() -> T),
    /// It needs a text behind it.
    With(fn(&mut Scope, &str) -> Result<T, Complaint>),
    /// There may be a text behind it.
    Perhaps(fn(Option<&str>) -> Result<T, Complaint>),
    /// A policy cannot do it; this helps instead.
    Refused {
        /// What helps.
        instead: &'static str,
    },
}

impl<T> Word<T> {
    /// A row of a table.
    pub const fn new(name: &'static str, example: &'static str, about: &'static str, reading: Reading<T>) -> Self {
        Self { name, example, about, reading }
    }

    /// Reads it with the text behind it.
    pub fn read(&self, scope: &mut Scope, text: Option<&str>) -> Result<T, Complaint> {
        let missing = || Complaint::new(format!("something is missing behind `{}`", self.name), self.hint());
        match self.reading {
            Reading::Alone(make) => Ok(make()),
            Reading::With(read) => read(scope, text.ok_or_else(missing)?),
            Reading::Perhaps(read) => read(text),
            Reading::Refused { instead } => {
                Err(Complaint::new(format!("`{}` cannot be done here: {}", self.name, self.about), instead))
            }
        }
    }

    fn hint(&self) -> String {
        format!("Write it like `{}`", self.example)
    }

    /// The row of the page for operators, which a test compares.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn row(&self) -> String {
        let cell = |text: &str| text.replace('|', "\\|");
        let is_supported = if matches!(self.reading, Reading::Refused { .. }) { "no" } else { "yes" };
        let instead =
            if let Reading::Refused { instead } = self.reading { format!(". {instead}") } else { String::new() };
        format!("| `{}` | {is_supported} | {}{} |", cell(self.example), cell(self.about), cell(&instead))
    }
}

/// The word of this name.
pub fn find<'a, T>(table: &'a [Word<T>], kind: &str, name: &str) -> Result<&'a Word<T>, Complaint> {
    table.iter().find(|word| word.name == name).ok_or_else(|| {
        Complaint::new(format!("there is no {kind} `{name}`"), nearest(name, table.iter().map(|word| word.name)))
    })
}
