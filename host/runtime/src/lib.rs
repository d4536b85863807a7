//! Hosts the policies.
//!
//! From the outside in: a [`Chain`] holds the policies of one Prosody host, each in a [`Slot`](slot::Slot)
//! that is closed until a [`Generation`] fills it; a generation has one [`Instance`](instance::Instance) at a
//! time, which meets the host through [`capabilities`]. What comes out is an [`Outcome`]: a verdict, edits and
//! [effects](Effect), all of them data. Nothing here knows Lua, compiles, or blocks.
//!
//! | subject | file |
//! |---|---|
//! | one stanza, all policies | `chain.rs`, `question.rs`, `facts.rs`, `about.rs`, `asked.rs`, `ruling.rs`, `hearing.rs`, `expiry.rs`, `slot.rs`, `closed.rs`, `interest.rs`, `exemption.rs`, `backoff.rs`, `budget.rs`, `last_failure.rs`, `discretion.rs`, `statistics.rs` |
//! | from one generation to the next | `generation.rs`, `identity.rs`, `staging.rs`, `probe.rs`, `gate.rs`, `succession.rs`, `probation.rs`, `retirement.rs` |
//! | what is tried beside it | `candidate.rs`, `comparison.rs`, `redaction.rs`, `recording/`, `rehearsal.rs` |
//! | one component, one instance | `policy.rs`, `surface.rs`, `instance.rs`, `session.rs`, `failure.rs`, `scene.rs` |
//! | what a policy may call | `capabilities/`, `permission.rs`, `store.rs`, `effect.rs` |
//! | the engine and its clock | `engine.rs`, `watchdog.rs`, `stopwatch.rs`, `processor.rs`, `background.rs`, `limits.rs` |
//! | from a file to an artifact | `source.rs`, `sections.rs`, `schema/`, `signature.rs`, `statement.rs`, `folder.rs`, `cache.rs`, `artifact.rs`, `compilation.rs`, `library.rs` |
//! | lines of the server's log | `scrubbing/` |

mod about;
mod artifact;
mod asked;
mod background;
mod backoff;
mod bindings;
mod bucket;
mod budget;
pub mod cache;
pub mod candidate;
mod capabilities;
mod chain;
mod closed;
pub mod comparison;
pub mod compilation;
mod discretion;
mod effect;
mod engine;
mod exemption;
mod expiry;
mod facts;
mod failure;
mod folder;
mod gate;
mod generation;
mod hearing;
mod identity;
mod in_its_place;
mod instance;
mod interest;
mod joint_budget;
mod last_failure;
pub mod library;
mod limits;
mod outcome;
mod permission;
mod policy;
mod prepared;
mod probation;
mod probe;
mod processor;
mod question;
pub mod recording;
mod redaction;
mod rehearsal;
mod retirement;
mod ruling;
mod scene;
pub mod schema;
pub mod scrubbing;
pub mod sections;
mod session;
pub mod signature;
pub mod slot;
pub mod source;
pub mod staging;
pub mod statement;
mod statistics;
mod stopwatch;
mod store;
mod succession;
pub mod suggestion;
mod surface;
mod wasi;
mod watchdog;

pub use about::{About, Blocklist, Device, Keys, Occasion, Piece, Registration, Room, Slot};
pub use artifact::Artifact;
pub use bindings::{
    Bounce, Decision, Direction, ErrorCondition, ErrorType, LogLevel, Party, Passage, Place, StanzaKind, Subscription,
    Verdict, Want,
};
pub use cache::Cache;
pub use chain::Chain;
pub use effect::{Effect, Failed, Recipient, Report, Return};
pub use engine::{Engine, Purpose};
pub use exemption::Exemptions;
pub use expiry::Expiry;
pub use facts::{Facts, Parties, RosterEntry};
pub use failure::{Failure, Kind, Rejection};
pub use gate::{Gate, Passed};
pub use generation::Generation;
pub use identity::identity;
pub use interest::{Interest, Interests};
pub use last_failure::LastFailure;
pub use limits::Limits;
pub use outcome::Outcome;
pub use permission::Permission;
pub use policy::{NotLoadable, Policy, Terms};
pub use probation::{Probation, Thresholds};
pub use probe::probe;
pub use question::{Hook, Question};
pub use rehearsal::{Rehearsal, Rehearsed};
pub use ruling::{Manner, Remedy};
pub use scene::{Frame, PANIC_WORDS, Scene, Used};
pub use schema::Schema;
pub use signature::Trust;
pub use slot::{Mode, OnError};
pub use source::Source;
pub use statement::Statement;
pub use statistics::{ByHook, Statistics};
pub use store::{KeyValues, Undone};
pub use succession::Trial;
pub use surface::{Refusals, Surface};

/// The version of the host, which the Lua shim compares with its own.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The version of wasmtime, which is what its advisories are about.
pub const WASMTIME_VERSION: &str = wasmtime_environ::VERSION;
