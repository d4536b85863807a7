//! Strangers: people whom a user's roster does not have. How often they may write and ask, and whether that wakes anybody.

use prosody_policy::rates::Rates;
use prosody_policy::roster::{Subscription, subscription};
use prosody_policy::texts::Texts;
use prosody_policy::{
    Decision, Delivery, Direction, Party, Passage, STREAM_NAMESPACE, StanzaKind, Want, clock, envelope,
};

use crate::address::{bare, domain, is_service};
use crate::kind::Kind;
use crate::namespaces::EVENT;
use crate::opened::{Opened, Role};
use crate::texts;

/// A server may send so many times as much as one of its users: to make up users is cheap.
const USERS_OF_A_SERVER: u32 = 10;

/// The first byte of a saved state.
const FORMAT: u8 = 1;

/// How often strangers may do something. None: as often as they like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// Messages.
    pub messages: Option<u32>,
    /// Requests to see when somebody is online.
    pub subscriptions: Option<u32>,
    /// In so many seconds.
    pub seconds: u64,
}

/// What strangers did lately.
#[derive(Debug)]
pub struct Strangers {
    messages: Option<Crowd>,
    subscriptions: Option<Crowd>,
}

/// How often each did one thing, by person and by server.
#[derive(Debug)]
struct Crowd {
    limit: u32,
    people: Rates,
    servers: Rates,
}

impl Strangers {
    /// Nobody did anything yet.
    pub fn new(limits: Limits) -> Self {
        let crowd = |limit| Crowd::new(limit, limits.seconds);
        Self { messages: limits.messages.map(crowd), subscriptions: limits.subscriptions.map(crowd) }
    }

    /// What arrives for users. Of what two users of one host send each other it is the recipient's roster that counts.
    pub fn wants(&self) -> Vec<Want> {
        let want = |kind| Want { direction: Some(Direction::Incoming), ..Want::all(kind) };
        let messages = self.messages.as_ref().map(|_| want(StanzaKind::Message));
        messages.into_iter().chain(self.subscriptions.as_ref().map(|_| want(StanzaKind::Presence))).collect()
    }

    /// May this go on?
    pub fn decide(&mut self, passage: Passage, texts: &Texts) -> Decision {
        let asks = passage.kind == StanzaKind::Presence;
        let Some(crowd) = (if asks { &mut self.subscriptions } else { &mut self.messages }) else {
            return Decision::pass("off");
        };
        if !is_for_a_user(passage) || subscription() != Some(Subscription::None) || is_from_own_account() {
            return Decision::pass("no-stranger");
        }
        if !(if asks { is_request() } else { is_counted() }) {
            return Decision::pass("not-counted");
        }
        let from = envelope::attribute("from").unwrap_or_default();
        match crowd.admit(&from, passage.source, clock::now()) {
            true => Decision::pass("stranger"),
            // Nobody answers presence with an error that he would understand.
            false if asks => Decision::drop("too-many-requests"),
            // An error must not be answered; a room, if it is one that the server does not know, would throw the user out.
            false if is_unanswerable() => Decision::drop("too-many-messages"),
            false => texts::refusal(texts, envelope::attribute("xml:lang").as_deref()),
        }
    }

    /// What strangers did, for a successor.
    pub fn save(&self) -> Vec<u8> {
        let mut state = vec![FORMAT];
        for crowd in [&self.messages, &self.subscriptions] {
            state.push(crowd.is_some().into());
            crowd.iter().flat_map(|crowd| [&crowd.people, &crowd.servers]).for_each(|rate| rate.save(&mut state));
        }
        state
    }

    /// Takes it over. What is not limited any more is forgotten.
    pub fn restore(&mut self, state: &[u8]) -> Result<(), String> {
        self.read(state).ok_or_else(|| "what its predecessor remembers of strangers cannot be read".to_owned())
    }

    fn read(&mut self, state: &[u8]) -> Option<()> {
        let mut rest = state.strip_prefix(&[FORMAT])?;
        for crowd in [&mut self.messages, &mut self.subscriptions] {
            let (was_limited, behind) = rest.split_first()?;
            rest = behind;
            if *was_limited == 1 {
                let mut nobody = Crowd::new(1, 1);
                let crowd = crowd.as_mut().unwrap_or(&mut nobody);
                crowd.people.restore(&mut rest)?;
                crowd.servers.restore(&mut rest)?;
            }
        }
        rest.is_empty().then_some(())
    }
}

impl Crowd {
    fn new(limit: u32, seconds: u64) -> Self {
        Self { limit, people: Rates::new(seconds), servers: Rates::new(seconds) }
    }

    /// Counts only what it lets through: whoever is refused gains nothing by it, and nobody else is forgotten for it.
    fn admit(&mut self, from: &str, source: Party, now: u64) -> bool {
        let (person, server) = (bare(from), domain(from));
        let counts_server = source != Party::User;
        let is_person = !is_service(from);
        let most_of_server = self.limit.saturating_mul(USERS_OF_A_SERVER);
        let has_room = (!counts_server || self.servers.lately(server, now).0 < most_of_server)
            && (!is_person || self.people.lately(person, now).0 < self.limit);
        if has_room && counts_server {
            self.servers.count(server, now);
        }
        if has_room && is_person {
            self.people.count(person, now);
        }
        has_room
    }
}

/// Rooms and the server itself are no strangers.
fn is_for_a_user(passage: Passage) -> bool {
    passage.destination == Party::User && is_from_somebody(passage.source)
}

fn is_from_somebody(source: Party) -> bool {
    matches!(source, Party::User | Party::Remote | Party::Component)
}

fn is_from_own_account() -> bool {
    let [from, to] = ["from", "to"].map(|side| envelope::attribute(side).unwrap_or_default());
    bare(&from) == bare(&to)
}

fn is_unanswerable() -> bool {
    matches!(envelope::attribute("type").as_deref(), Some("groupchat" | "error"))
}

fn is_request() -> bool {
    envelope::attribute("type").as_deref() == Some("subscribe")
}

/// Is this message more than software's housekeeping? What somebody publishes was asked for.
fn is_counted() -> bool {
    let stanza = prosody_policy::stanza();
    let message = stanza.root();
    let has = |name, namespace| message.child(name, namespace).is_some();
    match Kind::of(message) {
        Kind::Headline => has("body", STREAM_NAMESPACE) && !has("event", EVENT),
        kind => kind.says_something(),
    }
}

/// Does a stranger ask to see when the user is online?
pub fn asks(delivery: &Delivery) -> bool {
    is_from_somebody(delivery.passage.source) && subscription() == Some(Subscription::None)
}

/// Is it of a stranger? Of a copy for another device nobody knows; whoever is in a room with the user is none.
pub fn is_waiting(opened: &Opened<'_>, delivery: &Delivery) -> bool {
    opened.role != Role::Received && delivery.nickname.is_none() && asks(delivery) && !is_from_own_account()
}
