//! What a chain says of a stanza.

use std::sync::Arc;

use prosody_stanza::Stanza;
use prosody_stanza::edit::Edit;

use crate::bindings::Verdict;
use crate::effect::Effect;
use crate::ruling::{Manner, Remedy};
use crate::session::Judged;

/// What is to happen to a stanza.
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// The policy that refused or edited it, else the one that was asked last; `None` when nobody was.
    pub policy: Option<String>,
    /// Why, as a word.
    pub reason: String,
    /// The edits to make, in rounds: the numbers in each are those of the stanza after the round before.
    pub edits: Vec<Vec<Edit>>,
    /// How it passes, if it does.
    pub manner: Manner,
    /// Seconds between two notifications of one device.
    pub pause: u32,
    /// What would make a refusal an acceptance.
    pub remedy: Option<Remedy>,
    /// What each policy noted about a file, of which a piece has come.
    pub notes: Vec<(String, Vec<u8>)>,
    /// What to do besides, with the policy that asked for it.
    pub effects: Vec<(String, Effect)>,
    /// The stanza after the edits, unless it was beyond the limits.
    pub(crate) stanza: Option<Arc<Judged>>,
}

impl Outcome {
    /// The stanza after the edits, unless it was beyond the limits.
    pub fn stanza(&self) -> Option<&Stanza> {
        self.stanza.as_deref().map(|judged| &judged.stanza)
    }

    /// Nobody was asked.
    pub(crate) fn pass() -> Self {
        Self {
            verdict: Verdict::Pass,
            policy: None,
            reason: "not-asked".into(),
            edits: Vec::new(),
            manner: Manner::Usual,
            pause: 0,
            remedy: None,
            notes: Vec::new(),
            effects: Vec::new(),
            stanza: None,
        }
    }
}
