//! Testing a policy natively: stanza in, outcome out.
//!
//! ```
//! use prosody_policy::{Decision, MessagePolicy, Passage, Policy, Want, clock, testing};
//!
//! struct AtNight;
//! # #[derive(serde::Deserialize)]
//! # struct Settings {}
//! # impl Policy for AtNight {
//! #     type Settings = Settings;
//! #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
//! # }
//!
//! impl MessagePolicy for AtNight {
//!     // …
//! #     fn wants(&self) -> Vec<Want> { Vec::new() }
//!     fn decide(&mut self, _: Passage) -> Decision {
//!         if clock::now() % 86_400 < 21_600 { Decision::drop("night") } else { Decision::pass("day") }
//!     }
//! }
//!
//! let mut policy = testing::configure::<AtNight>("{}").unwrap();
//! testing::set_now(86_400 + 3 * 3_600);
//! let outcome = testing::decide(&mut policy, Passage::outgoing(), "<message to='bob@example.org'/>");
//! assert_eq!(outcome.decision, Decision::drop("night"));
//! ```

use prosody_stanza::edit::Edit;
use prosody_stanza::{Limits, Stanza, xml};

use crate::host::{Native, with};
use crate::log::Level;
use crate::roster::Subscription;
use crate::routing::Report;
use crate::standing::Acquaintance;
use crate::{
    Access, Admission, ArchivePolicy, BlocklistPolicy, Carbon, CarbonsPolicy, Change, Content, Decision, Deliver,
    Delivery, DeliveryPolicy, Expectation, Keep, Keeping, KeysPolicy, MessagePolicy, Notification, Passage, Piece,
    Policy, Push, PushPolicy, Reading, Registration, Room, RoomPolicy, Ruling, Settle, ShowsSamples, Slot, SlotRequest,
    UploadPolicy, Verdict,
};

/// What the server knows besides the stanza.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// What [`roster`](crate::roster) says.
    pub subscription: Option<Subscription>,
    /// What [`rooms::is_exempt`](crate::rooms::is_exempt) says.
    pub is_exempt: bool,
    /// What [`rooms::is_shared`](crate::rooms::is_shared) says.
    pub is_shared: bool,
    /// What [`blocklist`](crate::blocklist) says.
    pub is_blocked: bool,
    /// What [`standing`](crate::standing) says.
    pub acquaintance: Acquaintance,
    /// What [`roles::sender`](crate::roles::sender) says.
    pub sender_role: Option<String>,
    /// What [`roles::recipient`](crate::roles::recipient) says.
    pub recipient_role: Option<String>,
}

/// What a policy asked for by [`routing`](crate::routing), [`holding`](crate::holding) and [`operator`](crate::operator).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The stanza, as it then was, goes to this address.
    Copy {
        /// Whither.
        to: String,
        /// The stanza.
        xml: String,
    },
    /// The stanza, as it then was, goes to this address inside a message.
    Forward {
        /// Whither.
        to: String,
        /// The stanza.
        xml: String,
        /// Why it is reported.
        report: Option<Report>,
    },
    /// The sender gets this text.
    Answer(String),
    /// The message waits under this key.
    Hold(String),
    /// What waits under this key goes on.
    Release(String),
    /// What waits under this key is forgotten.
    Discard(String),
    /// The operator gets this text.
    Tell(String),
}

/// What came of one question: a [`Decision`], or a [`Ruling`] of another hook.
#[derive(Debug)]
pub struct Outcome<D = Decision> {
    /// The decision.
    pub decision: D,
    /// The edits it asked for.
    pub edits: Vec<Edit>,
    /// The stanza after them, as XML.
    pub xml: String,
    /// What the sender is told.
    pub replies: Vec<String>,
    /// What the recipient is told.
    pub notifications: Vec<String>,
    /// The lines it logged.
    pub lines: Vec<(Level, String)>,
    /// What else it asked for.
    pub effects: Vec<Effect>,
}

/// Makes a policy from settings as the operator writes them, in JSON. Forgets store and clock.
pub fn configure<P: Policy>(settings: &str) -> Result<P, String> {
    with(|native| *native = Native::default());
    P::configure(crate::settings(settings)?)
}

/// Sets the clock.
pub fn set_now(seconds: u64) {
    with(|native| native.now = seconds);
}

/// Sets what the roster says of the other party.
pub fn set_subscription(subscription: Option<Subscription>) {
    with(|native| native.facts.subscription = subscription);
}

/// Sets everything that the server knows besides the stanza.
pub fn set_facts(facts: Facts) {
    with(|native| native.facts = facts);
}

/// Asks a policy about one stanza.
///
/// # Panics
/// When the text is not a stanza within the host's limits.
pub fn decide<P: MessagePolicy>(policy: &mut P, passage: Passage, text: &str) -> Outcome {
    ask(text, || policy.decide(passage))
}

/// Asks a policy what is to be kept of a message.
///
/// # Panics
/// When the text is not a stanza within the host's limits.
pub fn keep<P: ArchivePolicy>(policy: &mut P, keeping: Keeping, text: &str) -> Outcome<Ruling<Keep>> {
    ask(text, || policy.keep(keeping))
}

/// Asks a policy who gets a copy of a message.
///
/// # Panics
/// When the text is not a stanza within the host's limits.
pub fn copy<P: CarbonsPolicy>(policy: &mut P, passage: Passage, text: &str) -> Outcome<Ruling<Carbon>> {
    ask(text, || policy.copy(passage))
}

/// Asks a policy when a stanza is delivered to an inactive client.
///
/// # Panics
/// When the text is not a stanza within the host's limits.
pub fn deliver<P: DeliveryPolicy>(policy: &mut P, delivery: Delivery, text: &str) -> Outcome<Ruling<Deliver>> {
    ask(text, || policy.deliver(delivery))
}

/// Asks a policy whether a device may be registered.
///
/// # Panics
/// When the text is not a stanza within the host's limits.
pub fn register<P: PushPolicy>(policy: &mut P, registration: Registration, text: &str) -> Outcome<Ruling<Admission>> {
    ask(text, || policy.register(registration))
}

/// Asks a policy what a service is told about a stanza.
///
/// # Panics
/// When the text is not a stanza within the host's limits.
pub fn notify<P: PushPolicy>(policy: &mut P, notification: Notification, text: &str) -> Outcome<Ruling<Push>> {
    ask(text, || policy.notify(notification))
}

/// Asks a policy whether a file may be uploaded. The stanza is made of the request.
pub fn request<P: UploadPolicy>(policy: &mut P, request: SlotRequest) -> Outcome<Ruling<Slot>> {
    let text = r#"<iq type="get"><request xmlns="urn:xmpp:http:upload:0"/></iq>"#;
    ask(text, || policy.request(request))
}

/// Asks a policy about the pieces of a file, each of so many bytes, until it refuses one.
///
/// # Panics
/// When the policy notes more than the host keeps, which is 8,192 bytes.
pub fn inspect<P: UploadPolicy>(policy: &mut P, file: &[u8], bytes: usize) -> Ruling<Content> {
    let mut notes = Vec::new();
    let (size, mut offset) = (file.len() as u64, 0);
    loop {
        let end = file.len().min(offset + bytes);
        let (bytes, is_last) = (file[offset..end].to_vec(), end == file.len());
        let piece = Piece { user: "user@local.test".into(), size, offset: offset as u64, bytes, is_last, notes };
        let (ruling, noted) = policy.inspect(piece);
        assert!(noted.len() <= 8192, "the host keeps 8,192 bytes, not {}", noted.len());
        if is_last || ruling.verdict != Content::Accept {
            return ruling;
        }
        (notes, offset) = (noted, end);
    }
}

/// Asks a policy how a room is to be configured; the text is the form.
///
/// # Panics
/// When the text is not a stanza within the host's limits.
pub fn settle<P: RoomPolicy>(policy: &mut P, room: Room, text: &str) -> Outcome<Ruling<Settle>> {
    ask(text, || policy.settle(room))
}

/// Asks a policy who may read keys; the text is the request.
///
/// # Panics
/// When the text is not a stanza within the host's limits.
pub fn read<P: KeysPolicy>(policy: &mut P, reading: Reading, text: &str) -> Outcome<Ruling<Access>> {
    ask(text, || policy.read(reading))
}

/// Asks a policy whether a block list may be changed; the text is the request.
///
/// # Panics
/// When the text is not a stanza within the host's limits.
pub fn change<P: BlocklistPolicy>(policy: &mut P, change: Change, text: &str) -> Outcome<Ruling<Admission>> {
    ask(text, || policy.change(change))
}

fn ask<D>(text: &str, answer: impl FnOnce() -> D) -> Outcome<D> {
    let limits = Limits::default();
    let stanza = xml::parse(text, "jabber:client", &limits).expect("a stanza within the host's limits");
    with(|native| native.stanza = Some(stanza.clone()));
    let decision = answer();
    with(|native| outcome(native, decision, &stanza, &limits))
}

/// Tries a policy on its own samples, as the host does before it puts it into force.
///
/// # Panics
/// When one of them comes out otherwise than it expects.
pub fn check_samples<P: ShowsSamples>(policy: &mut P) {
    for sample in policy.samples() {
        let outcome = decide(policy, sample.passage, &sample.stanza);
        let found = match outcome.decision.verdict {
            Verdict::Pass if outcome.edits.is_empty() => Expectation::Pass,
            Verdict::Pass => Expectation::Edit,
            Verdict::Drop | Verdict::Bounce(_) => Expectation::Refuse,
        };
        assert_eq!(found, sample.expectation, "the sample \"{}\": {:?}", sample.name, outcome.decision);
    }
}

fn outcome<D>(native: &mut Native, decision: D, stanza: &Stanza, limits: &Limits) -> Outcome<D> {
    native.stanza = None;
    let edits = std::mem::take(&mut native.edits);
    let edited = stanza.edited(&edits, limits).expect("an edited stanza within the host's limits");
    Outcome {
        decision,
        edits,
        xml: edited.to_xml(),
        replies: std::mem::take(&mut native.replies),
        notifications: std::mem::take(&mut native.notifications),
        lines: std::mem::take(&mut native.lines),
        effects: std::mem::take(&mut native.effects),
    }
}
