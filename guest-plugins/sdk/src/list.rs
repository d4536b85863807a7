//! Lists in an operator's settings.

use serde::Deserialize;

/// A list of texts as Lua writes it: an empty one looks like an empty table.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Settings {
///     #[serde(default)]
///     domains: prosody_policy::List,
/// }
///
/// let settings: Settings = serde_json::from_str(r#"{"domains": ["example.org"]}"#)?;
/// assert_eq!(settings.domains.entries(), ["example.org"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged, expecting = "write a list of texts, like { \"example.org\" }")]
pub enum List {
    /// What is in it.
    Entries(Vec<String>),
    /// Nothing.
    Empty(Nothing),
}

/// A table without anything in it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl List {
    /// What is in it.
    pub fn entries(self) -> Vec<String> {
        match self {
            Self::Entries(entries) => entries,
            Self::Empty(_) => Vec::new(),
        }
    }
}

impl Default for List {
    fn default() -> Self {
        Self::Empty(Nothing {})
    }
}

#[cfg(test)]
mod tests {
    use super::List;

    #[test]
    fn is_what_lua_writes() {
        let read = |text: &str| serde_json::from_str::<List>(text).map(List::entries);
        assert_eq!(read(r#"["a", "b"]"#).unwrap(), ["a", "b"]);
        assert!(read("{}").unwrap().is_empty() && read("[]").unwrap().is_empty());
        for wrong in [r#""a""#, r#"{"a": "b"}"#, "[1]", "null"] {
            assert!(read(wrong).unwrap_err().to_string().contains("write a list of texts"), "{wrong}");
        }
    }
}
