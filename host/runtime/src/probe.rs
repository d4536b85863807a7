//! Trying a policy out on sample stanzas before anything depends on it.
//!
//! What it decides about the host's samples is its own affair: that it decides at all, without a trap and within its
//! memory, is what is tried. Of its own samples it says itself what is to become of them. A first call runs cold, so it has the time of a call that sets up, not of one that decides.

use std::sync::Arc;

use anyhow::{Context, Error, Result, anyhow, ensure};
use prosody_stanza::{Limits, xml};

use crate::about::{About, Blocklist, Keys, Piece, Registration, Room, Slot};
use crate::bindings::samples::Expectation;
use crate::bindings::{Direction, Party, Passage, Place, StanzaKind, Verdict, Want};
use crate::engine::Engine;
use crate::facts::Facts;
use crate::failure::{Failure, Rejection};
use crate::instance::{Answer, Instance, words};
use crate::interest::wanted;
use crate::limits;
use crate::policy::Policy;
use crate::question::{Hook, Question};
use crate::session::Judged;
use crate::store::Keys as StoreKeys;

const SAMPLES: [(StanzaKind, Party, &str); 8] = [
    (
        StanzaKind::Message,
        Party::User,
        "<message type='chat' id='1' to='b@x.invalid/r' from='a@x.invalid/r'><body>Hello</body><active \
         xmlns='http://jabber.org/protocol/chatstates'/></message>",
    ),
    (
        StanzaKind::Message,
        Party::User,
        "<message type='chat' id='2' to='b@x.invalid' from='a@x.invalid/r'><encrypted \
         xmlns='eu.siacs.conversations.axolotl'><header sid='1'><key rid='2'>AAAA</key><iv>AAAA</iv></header>\
         <payload>AAAA</payload></encrypted><store xmlns='urn:xmpp:hints'/></message>",
    ),
    (
        StanzaKind::Message,
        Party::Room,
        "<message type='groupchat' id='3' to='room@rooms.x.invalid' from='a@x.invalid/r'><body>Hello</body></message>",
    ),
    (StanzaKind::Message, Party::User, "<message/>"),
    (StanzaKind::Presence, Party::User, "<presence from='a@x.invalid/r'><show>away</show></presence>"),
    (StanzaKind::Presence, Party::User, "<presence/>"),
    (
        StanzaKind::Iq,
        Party::Service,
        "<iq type='get' id='4' to='x.invalid' from='a@x.invalid/r'><ping xmlns='urn:xmpp:ping'/></iq>",
    ),
    (
        StanzaKind::Iq,
        Party::User,
        "<iq type='set' id='5' from='a@x.invalid/r'><pubsub xmlns='http://jabber.org/protocol/pubsub'><publish \
         node='urn:example:node'><item id='current'><x xmlns='urn:example:x'>text</x></item></publish></pubsub></iq>",
    ),
];

/// Asks instances of its own about every sample of the host's that the policy wants, and about the policy's own.
pub fn probe(engine: &Engine, policy: &Policy, now: u64) -> Result<()> {
    let mut probe = Probe::start(engine, policy, now)?;
    for (kind, destination, text) in SAMPLES {
        let passage = Passage { kind, direction: Direction::Outgoing, source: Party::User, destination };
        let judged = judged(text)?;
        probe.ask(passage, &judged)?;
        probe.ask_besides(passage, &judged)?;
    }
    // Of these nothing may be known that was learned from those.
    if policy.surface.shows_samples { Probe::start(engine, policy, now)?.ask_samples() } else { Ok(()) }
}

struct Probe<'a> {
    engine: &'a Engine,
    policy: &'a Policy,
    instance: Instance,
    wants: Vec<Want>,
    now: u64,
}

impl<'a> Probe<'a> {
    fn start(engine: &'a Engine, policy: &'a Policy, now: u64) -> Result<Self> {
        let mut instance = policy.instantiate(engine, StoreKeys::default(), now).map_err(refused)?;
        let wants = instance.wants(engine).map_err(refused)?;
        instance.allow(limits::SETUP_MILLISECONDS);
        Ok(Self { engine, policy, instance, wants, now })
    }

    /// `None` when it does not want to see it.
    fn ask(&mut self, passage: Passage, judged: &Arc<Judged>) -> Result<Option<Answer>> {
        let is_wanted = wanted(&self.wants, passage, false, &judged.stanza);
        is_wanted.then(|| self.decide(passage.into(), judged)).transpose()
    }

    /// What a policy is asked about stanzas besides their passing.
    fn ask_besides(&mut self, passage: Passage, judged: &Arc<Judged>) -> Result<()> {
        for hook in besides(passage.kind) {
            if self.policy.hears(hook.interface()) {
                self.decide(Question { hook, passage }, judged)?;
            }
        }
        Ok(())
    }

    fn decide(&mut self, question: Question, judged: &Arc<Judged>) -> Result<Answer> {
        let facts = Facts { now: self.now, about: about(question.hook), ..Facts::default() };
        self.instance.decide(self.engine, "probe", question, judged, &facts).map_err(refused)
    }

    fn ask_samples(&mut self) -> Result<()> {
        for sample in self.instance.samples(self.engine).map_err(refused)? {
            let name = words(limits::cut(&sample.name, 80));
            let judged = judged(&sample.stanza).with_context(|| format!("its sample \"{name}\""))?;
            let answer = self.ask(sample.passage, &judged)?;
            let found = found(answer.as_ref());
            ensure!(
                found == sample.expectation,
                "its sample \"{name}\" came out otherwise than it expects, {} instead of {}: correct the sample, or the policy under these settings",
                word(found),
                word(sample.expectation)
            );
        }
        Ok(())
    }
}

/// The hooks at which such a stanza can be met, besides its passing.
fn besides(kind: StanzaKind) -> Vec<Hook> {
    let places = [Place::Archive, Place::Room, Place::Offline];
    let archive = places.map(|place| Hook::Archive { place, is_wanted: true });
    match kind {
        StanzaKind::Message => [&archive[..], &[Hook::Carbons, Hook::Delivery, Hook::Notification]].concat(),
        StanzaKind::Presence => vec![Hook::Delivery, Hook::Notification],
        StanzaKind::Iq => vec![
            Hook::Registration,
            Hook::Notification,
            Hook::Slot,
            Hook::Piece,
            Hook::Room,
            Hook::Keys,
            Hook::Blocklist,
        ],
    }
}

/// Something ordinary.
fn about(hook: Hook) -> About {
    let user = || "b@x.invalid".to_owned();
    match hook {
        Hook::Registration | Hook::Notification => {
            let service = "push.x.invalid".into();
            About::Registration(Registration { user: user(), service, ..Registration::default() })
        }
        Hook::Slot => About::Slot(Slot { user: user(), name: "a.bin".into(), size: 1_000, ..Slot::default() }),
        Hook::Piece => {
            let bytes = Arc::new(vec![7; 1_000]);
            About::Piece(Piece { user: user(), size: 1_000, bytes, is_last: true, ..Piece::default() })
        }
        Hook::Room => About::Room(Room { address: "room@rooms.x.invalid".into(), ..Room::default() }),
        Hook::Keys => About::Keys(Keys { owner: user(), reader: "a@x.invalid".into(), shares_room: true }),
        Hook::Blocklist => {
            About::Blocklist(Blocklist { user: user(), is_blocking: true, count: 1, ..Blocklist::default() })
        }
        _ => About::Stanza,
    }
}

fn judged(text: &str) -> Result<Arc<Judged>> {
    let stanza = xml::parse(text, "jabber:client", &Limits::default());
    stanza.map(|stanza| Arc::new(Judged::new(stanza))).map_err(|excess| anyhow!("it is no stanza: {}", excess.reason()))
}

fn refused(failure: Failure) -> Error {
    Rejection { step: "it was tried out on sample stanzas, and ", failure }.into()
}

fn found(answer: Option<&Answer>) -> Expectation {
    match answer {
        Some(answer) if answer.decision.verdict != Verdict::Pass => Expectation::Refuse,
        Some(answer) if !answer.edits.is_empty() => Expectation::Edit,
        _ => Expectation::Pass,
    }
}

fn word(expectation: Expectation) -> &'static str {
    match expectation {
        Expectation::Pass => "pass",
        Expectation::Edit => "edit",
        Expectation::Refuse => "refuse",
    }
}
