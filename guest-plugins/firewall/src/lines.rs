//! The lines of a rule file: without white space around them, joined where one ends in a backslash.

/// One line as it counts, which may be several in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// Where the pieces of it stand: byte in `text`, line in the file, and characters of white space before it there.
    pieces: Vec<(usize, usize, usize)>,
}

impl Line {
    /// Line and column in the file, both from 1, of a byte of the text.
    pub fn place(&self, at: usize) -> (usize, usize) {
        let piece = self.pieces.iter().rev().find(|(start, ..)| *start <= at).or(self.pieces.first());
        let (start, line, indent) = piece.copied().unwrap_or_default();
        let before = self.text.get(start..at).unwrap_or_default();
        (line, indent + before.chars().count() + 1)
    }

    /// The line in the file on which it begins.
    pub fn number(&self) -> usize {
        self.place(0).0
    }

    /// Does it say nothing?
    pub fn is_comment(&self) -> bool {
        self.text.starts_with(['#', ';'])
    }
}

/// The lines of a file. The error is the line on which the file ends although more should follow.
pub fn lines(text: &str) -> Result<Vec<Line>, usize> {
    let mut lines = Vec::new();
    let mut held: Option<Line> = None;
    for (index, raw) in text.split('\n').enumerate() {
        let (indent, piece) = trimmed(raw);
        let mut line = held.take().unwrap_or(Line { text: String::new(), pieces: Vec::new() });
        line.pieces.push((line.text.len(), index + 1, indent));
        match piece.strip_suffix('\\') {
            Some(piece) => {
                line.text.push_str(piece);
                held = Some(line);
            }
            None => {
                line.text.push_str(piece);
                lines.push(line);
            }
        }
    }
    held.map_or(Ok(lines), |line| Err(line.number()))
}

/// The characters of white space before it, and the rest without that behind it. White space is what Lua takes for it.
fn trimmed(raw: &str) -> (usize, &str) {
    let is_space = |character: char| matches!(character, ' ' | '\t'..='\r');
    let piece = raw.trim_start_matches(is_space);
    (raw.len() - piece.len(), piece.trim_end_matches(is_space))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_trimmed_and_joined() {
        let lines = lines("  KIND: message\r\n# a comment\\\n\n LOG=one \\\n\t two\nDROP.").unwrap();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        assert_eq!(texts, ["KIND: message", "# a comment", "LOG=one two", "DROP."]);
        assert!(lines[1].is_comment() && !lines[2].is_comment());
        assert_eq!((lines[0].place(6), lines[2].place(4)), ((1, 9), (4, 6)));
        assert_eq!((lines[2].place(8), lines[3].place(5)), ((5, 3), (6, 6)));
    }

    #[test]
    fn a_file_may_not_end_in_the_middle() {
        assert_eq!(lines("DROP.\nLOG=x\\\ny\\"), Err(2));
    }
}
