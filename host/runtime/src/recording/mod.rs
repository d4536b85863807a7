//! What a policy was asked and what it answered, written down so that it can be asked again.
//!
//! A recording is a text file of JSON lines: a [`Header`], then an [`Entry`] for each stanza. It begins with a fresh
//! instance that was given the state in the header, and holds what the policy got from its imports, so that a replay
//! runs through the same instructions.

mod entry;
mod recorder;
mod replay;

pub use entry::{Answered, Entry, Header, Recording, StoreNotes};
pub use recorder::{Order, Recorder};
pub use replay::{Replay, Replayed};
