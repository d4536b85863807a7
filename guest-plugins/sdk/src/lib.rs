//! Write a policy for the Prosody XMPP server.
//!
//! A policy is a type with settings and a decision. [`policy!`] makes it a component; natively the same
//! file is an ordinary library, so `cargo test` runs it without a sandbox:
//!
//! ```
//! use prosody_policy::{Decision, MessagePolicy, Passage, Policy, StanzaKind, Want, stanza, testing};
//!
//! struct NoShouting { limit: usize }
//!
//! #[derive(serde::Deserialize)]
//! struct Settings { limit: usize }
//!
//! impl Policy for NoShouting {
//!     type Settings = Settings;
//!
//!     fn configure(settings: Settings) -> Result<Self, String> {
//!         Ok(Self { limit: settings.limit })
//!     }
//! }
//!
//! impl MessagePolicy for NoShouting {
//!     fn wants(&self) -> Vec<Want> {
//!         vec![Want::all(StanzaKind::Message)]
//!     }
//!
//!     fn decide(&mut self, _: Passage) -> Decision {
//!         let stanza = stanza();
//!         let body = stanza.root().child("body", "jabber:client").map(|body| body.text()).unwrap_or_default();
//!         match body.matches('!').count() > self.limit {
//!             true => Decision::refuse("shouting", "Please do not shout."),
//!             false => Decision::pass("calm"),
//!         }
//!     }
//! }
//!
//! prosody_policy::policy!(NoShouting: message);
//!
//! let mut policy = testing::configure::<NoShouting>(r#"{"limit": 2}"#).unwrap();
//! let outcome = testing::decide(&mut policy, Passage::outgoing(), "<message><body>Hi!!!</body></message>");
//! assert_eq!(outcome.decision.reason, "shouting");
//! ```
//!
//! What a policy calls becomes what it imports, and what it imports is what the operator is asked to
//! allow: a policy that never calls [`stanza()`] cannot read a message.

#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod bindings;
mod decision;
mod exemption;
mod export;
mod host;
mod list;
mod needs;
#[cfg(target_arch = "wasm32")]
mod panics;
mod passage;
mod policy;
mod ruling;
mod sample;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

pub mod blocklist;
pub mod clock;
pub mod edits;
pub mod envelope;
pub mod holding;
pub mod log;
pub mod operator;
pub mod outbox;
pub mod rates;
pub mod roles;
pub mod rooms;
pub mod roster;
pub mod routing;
pub mod standing;
pub mod store;
pub mod texts;

pub use decision::{Bounce, Decision, ErrorCondition, ErrorType, Verdict};
pub use exemption::{Circumstance, Exemption};
pub use list::List;
pub use needs::Fact;
pub use passage::{Direction, Party, Passage, StanzaKind, Want};
pub use policy::{
    ArchivePolicy, BlocklistPolicy, CarbonsPolicy, DeliveryPolicy, Exempts, KeepsState, KeysPolicy, MessagePolicy,
    Needs, Policy, PushPolicy, RoomPolicy, ShowsSamples, UploadPolicy,
};
pub use prosody_stanza::{Element, Node, STREAM_NAMESPACE, Stanza};
pub use ruling::{
    Access, Admission, Carbon, Change, Content, Deliver, Delivery, Device, Expiry, Keep, Keeping, Notification,
    Occasion, Piece, Place, Push, Reading, Registration, Room, Ruling, Settle, Slot, SlotRequest, Usage,
};
pub use sample::{Expectation, Sample};

#[doc(hidden)]
pub use export::settings;

/// The current stanza, whole. Permission: `content`.
pub fn stanza() -> Stanza {
    // The host made these bytes; if they are not a snapshot, nothing can be judged and the trap is right.
    Stanza::decode(&host::snapshot()).expect("the host's snapshot is well-formed")
}
