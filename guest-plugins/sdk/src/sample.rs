//! Stanzas with which a policy shows that it works.

use crate::Passage;

/// What is to become of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It passes as it is.
    Pass,
    /// It passes with changes.
    Edit,
    /// It is dropped or bounced.
    Refuse,
}

/// A stanza with what is to become of it.
///
/// ```
/// use prosody_policy::{Expectation, Passage, Sample};
///
/// let shout = Sample {
///     name: "shouting".into(),
///     passage: Passage::outgoing(),
///     stanza: "<message><body>Hello!!!</body></message>".into(),
///     expectation: Expectation::Refuse,
/// };
/// ```
#[derive(Clone, Debug)]
pub struct Sample {
    /// A few words that name it, for the operator.
    pub name: String,
    /// Its road.
    pub passage: Passage,
    /// The stanza as XML, at most 16 KiB.
    pub stanza: String,
    /// What is to become of it.
    pub expectation: Expectation,
}
