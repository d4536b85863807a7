//! Testing a policy natively: stanza in, outcome out.

use prosody_stanza::edit::Edit;
use prosody_stanza::{Limits, Stanza, xml};

use crate::host::{Native, with};
use crate::log::Level;
use crate::roster::Subscription;
use crate::{
    Admission, ArchivePolicy, Carbon, CarbonsPolicy, Decision, Deliver, Delivery, DeliveryPolicy, Expectation, Keep,
    Keeping, MessagePolicy, Notification, Passage, Policy, Push, PushPolicy, Registration, Ruling, ShowsSamples,
    Verdict,
};

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
    with(|native| native.subscription = subscription);
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
    }
}
