//! The languages a policy can be written in.

use std::fmt;

use clap::ValueEnum;
use serde::Deserialize;

/// The language of a policy's project, as `policy.json` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Rust,
    #[value(name = "js", alias = "javascript")]
    Javascript,
    Python,
    C,
}

impl Language {
    /// Its word in `policy.json`, in templates, and where the SDK is installed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rust => "rust",
            Self::Javascript => "javascript",
            Self::Python => "python",
            Self::C => "c",
        }
    }

    /// The one source file of a new project.
    pub fn source(self) -> &'static str {
        match self {
            Self::Rust => "src/lib.rs",
            Self::Javascript => "policy.js",
            Self::Python => "policy.py",
            Self::C => "policy.c",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Rust => "Rust",
            Self::Javascript => "JavaScript",
            Self::Python => "Python",
            Self::C => "C",
        })
    }
}
