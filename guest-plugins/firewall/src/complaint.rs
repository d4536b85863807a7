//! What is wrong with a rule file, said to whoever wrote it.

use std::fmt;

/// What is wrong with one piece of text. Where the piece stands is known to whoever asked for it to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub hint: String,
    /// At which byte of the piece.
    pub at: usize,
}

/// Where a line of a file is wrong, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// The character in the line, counted from 1.
    pub column: usize,
    /// Why.
    pub complaint: Complaint,
}

impl Complaint {
    /// Something is wrong, from the beginning of the piece on.
    pub fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into(), at: 0 }
    }

    /// The piece begins so many bytes after another, of which whoever is told knows.
    #[must_use]
    pub fn after(mut self, bytes: usize) -> Self {
        self.at += bytes;
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, column, complaint: Complaint { what, hint, .. } } = self;
        let end = if hint.ends_with('?') { "" } else { "." };
        write!(formatter, "{file}:{line}:{column}: {what}. {hint}{end}")
    }
}

/// A hint that names the known word which is nearest to one that nobody knows, or all of them if none is near.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let distance = |known: &&&str| strsim::osa_distance(&known.to_lowercase(), &word.to_lowercase());
    match known.iter().min_by_key(distance).filter(|best| distance(best) <= (word.len() / 4).max(1)) {
        Some(best) => format!("Did you mean `{best}`?"),
        None if known.is_empty() => "There is none here".into(),
        None => format!("Known are: {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_nearest() {
        let known = ["BOUNCE", "DROP", "PASS"];
        assert_eq!(nearest("BOUNC", known), "Did you mean `BOUNCE`?");
        assert_eq!(nearest("drop", known), "Did you mean `DROP`?");
        assert_eq!(nearest("REJECT", known), "Known are: BOUNCE, DROP, PASS");
        assert_eq!(nearest("x", []), "There is none here");
    }

    #[test]
    fn is_one_line() {
        let complaint = Complaint::new("nobody knows this word", "Did you mean `DROP`?").after(3);
        let problem = Problem { file: "a.pfw".into(), line: 3, column: 7, complaint };
        assert_eq!(problem.to_string(), "a.pfw:3:7: nobody knows this word. Did you mean `DROP`?");
        assert_eq!(problem.complaint.at, 3);
    }
}
