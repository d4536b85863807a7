//! The two tables of Prosody's SQL store, whichever database they are in.

use std::fmt::Display;

use super::entry::{Content, Entry, When};
use super::report::Report;
use super::stored;
use super::value::Value;

/// Bytes of one value; a larger one is not fetched.
pub const LARGEST_VALUE: u32 = 32 * 1024 * 1024;

/// A row of `prosody` or of `prosodyarchive`.
pub struct Row<'a> {
    pub place: &'a dyn Display,
    pub host: &'a str,
    pub user: &'a str,
    pub store: &'a str,
    pub key: &'a str,
    /// `string`, `number`, `boolean`, `json` or `xml`.
    pub kind: &'a str,
    /// Or why there is none.
    pub value: Result<&'a str, &'static str>,
    pub when: When,
    pub with: &'a str,
}

/// A value as it was fetched: not at all when it is larger than [`LARGEST_VALUE`].
pub fn value(fetched: Option<&str>, is_null: bool) -> Result<&str, &'static str> {
    fetched.ok_or(if is_null { "it is NULL" } else { "it is too large" })
}

impl Row<'_> {
    /// Judges what the row holds.
    pub fn judge(&self, report: &mut Report) {
        match self.content() {
            // What has names that are no text, or none, is in one row together.
            Ok(Content::Value(Value::Table(pairs))) if self.key.is_empty() && matches!(self.when, When::Unsaid) => {
                for (name, value) in pairs {
                    self.entry(report, name.text().unwrap_or_default(), &Content::Value(value));
                }
            }
            Ok(content) => self.entry(report, self.key, &content),
            Err(why) => report.unreadable(self.host, self.store, self.user, &format_args!("{}: {why}", self.place)),
        }
    }

    fn entry(&self, report: &mut Report, name: &str, content: &Content) {
        let Self { place, host, store, user, when, with, .. } = *self;
        report.entry(&Entry { place, host, store, user, name, when, with, content });
    }

    fn content(&self) -> Result<Content, String> {
        let value = self.value?;
        match self.kind {
            "xml" => stored::from_xml(value).map(Content::Stanza).map_err(|excess| excess.reason().to_owned()),
            "json" => serde_json::from_str::<serde_json::Value>(value)
                .map(|json| Content::Value(json.into()))
                .map_err(|error| format!("no JSON at column {}", error.column())),
            "number" => {
                value.parse().map(|number| Content::Value(Value::Number(number))).map_err(|_| "no number".into())
            }
            "boolean" if ["true", "false"].contains(&value) => Ok(Content::Value(Value::Boolean(value == "true"))),
            _ => Ok(Content::Value(Value::Text(value.to_owned()))),
        }
    }
}
