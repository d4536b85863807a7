//! Strangers: people whom the user does not have in his roster, with whom he is in no room, and to whom he has not written.

use prosody_policy::rates::Rates;
use prosody_policy::texts::Texts;
use prosody_policy::{
    Decision, Element, Party, Passage, StanzaKind, clock, edits, holding, outbox, rooms, roster, standing,
};

use crate::address::{bare, blocks, has_user};
use crate::consents;
use crate::forgetting::Forgetting;
use crate::invitation::Invitation;
use crate::kind::Kind;
use crate::pair;
use crate::request::items;
use crate::settings::Mode;
use crate::size;
use crate::texts::{self, Say};
use crate::waiting::{Place, Waiting};

const HOUR: u64 = 60 * 60;
/// New people, of one user in an hour.
const MOST_AGREED: u32 = 60;

/// What strangers may do.
#[derive(Debug)]
pub struct Strangers {
    /// What they may send.
    pub mode: Mode,
    waiting: Waiting,
    forgetting: Forgetting,
    /// By user. Kept over no swap: it is only against those who make addresses up.
    agreed: Rates,
}

impl Strangers {
    /// Nobody waits yet.
    pub fn new(mode: Mode) -> Self {
        Self { mode, waiting: Waiting::default(), forgetting: Forgetting::default(), agreed: Rates::new(HOUR) }
    }

    /// The user's own words and wishes are consents, to whomever they go. What they are is looked at last: it costs most, and
    /// nearly all of them go to contacts.
    pub fn note(&mut self, stanza: Element<'_>, passage: Passage) {
        self.forgetting.go_on();
        let [from, to] = sides(stanza);
        if passage.source != Party::User || !has_user(to) || from == to {
            return;
        }
        if roster::subscription() != Some(roster::Subscription::None) || !self.is_consent(stanza, passage) {
            return;
        }
        let pair = pair::of(from, to);
        if !self.has_agreed(from, to) && !self.may_agree(from) {
            return;
        }
        self.forgetting.finish(pair);
        consents::remember(pair);
        if self.mode == Mode::Hold {
            self.waiting.remove(from, to);
            holding::release(&pair::key(pair));
        }
    }

    /// Nobody uses up what all others need.
    fn may_agree(&mut self, user: &str) -> bool {
        let now = clock::now();
        let may = self.agreed.lately(user, now).0 < MOST_AGREED;
        if may {
            self.agreed.count(user, now);
        }
        may
    }

    /// A message to a person, other than an error, or the wish to be or have a contact.
    fn is_consent(&self, stanza: Element<'_>, passage: Passage) -> bool {
        match (passage.kind, stanza.attribute("type")) {
            (StanzaKind::Message, Some("error" | "groupchat")) => false,
            (StanzaKind::Message, _) => self.is_written(&Kind::of(stanza)),
            (StanzaKind::Presence, kind) => matches!(kind, Some("subscribe" | "subscribed")),
            (StanzaKind::Iq, _) => false,
        }
    }

    /// By a person: what his software sends by itself, because a stranger's message was let in, is no consent.
    fn is_written(&self, kind: &Kind) -> bool {
        match kind {
            Kind::Quiet | Kind::Keys(_) => false,
            Kind::Otr(_) => self.mode != Mode::Encrypted,
            Kind::Unreadable(_) | Kind::Readable => true,
        }
    }

    /// Whoever came online is told once more who waits: a notice is not kept for those who are offline.
    pub fn remind(&mut self, stanza: Element<'_>) {
        let [from, _] = sides(stanza);
        let waiting = self.waiting.remind(from, clock::now());
        if !waiting.is_empty() {
            outbox::reply(&texts::say(Say::Waiting(waiting), stanza.attribute("xml:lang")));
        }
    }

    /// May this message go on?
    pub fn decide(&mut self, stanza: Element<'_>, passage: Passage, texts: &Texts) -> Decision {
        match self.reason_to_pass(stanza, passage) {
            Some("no-person") => self.decide_of_others(stanza, passage),
            Some(reason) => Decision::pass(reason),
            None => self.decide_of_stranger(stanza, texts),
        }
    }

    /// Rooms of this server are no persons, but pass on what strangers say to whom they invite. What the user's roster says
    /// of those nobody tells: everybody's words are taken out whom he is not known to have agreed to.
    fn decide_of_others(&self, stanza: Element<'_>, passage: Passage) -> Decision {
        let [_, to] = sides(stanza);
        let is_for_one = passage.destination == Party::User && stanza.attribute("type") != Some("groupchat");
        let invitation = Invitation::of(stanza).filter(|_| passage.source == Party::Room && is_for_one);
        match invitation {
            Some(invitation) if !rooms::is_shared() && !self.has_agreed(to, invitation.spokesman()) => {
                without_words(&invitation)
            }
            _ => Decision::pass("no-person"),
        }
    }

    /// May somebody ask for a subscription?
    pub fn asks(&self, stanza: Element<'_>, passage: Passage) -> Decision {
        let is_request = stanza.attribute("type") == Some("subscribe");
        match is_request.then(|| self.reason_to_pass(stanza, passage)) {
            None => Decision::pass("no-request"),
            Some(Some(reason)) => Decision::pass(reason),
            Some(None) => Decision::drop("stranger-asks"),
        }
    }

    fn reason_to_pass(&self, stanza: Element<'_>, passage: Passage) -> Option<&'static str> {
        let [from, to] = sides(stanza);
        let is_from_somebody = matches!(passage.source, Party::User | Party::Remote | Party::Component);
        match stanza.attribute("type") {
            _ if self.mode == Mode::Pass => Some("off"),
            _ if passage.destination != Party::User || !is_from_somebody => Some("no-person"),
            Some("error") => Some("error"),
            _ if from == to => Some("own"),
            _ if standing::acquaintance().entry.is_some() => Some("contact"),
            _ if rooms::is_shared() => Some("in-a-room"),
            _ if self.has_agreed(to, from) => Some("agreed"),
            _ => None,
        }
    }

    fn has_agreed(&self, user: &str, stranger: &str) -> bool {
        let pair = pair::of(user, stranger);
        consents::has(pair) && !self.forgetting.has(pair)
    }

    fn decide_of_stranger(&mut self, stanza: Element<'_>, texts: &Texts) -> Decision {
        match (self.mode, Kind::of(stanza)) {
            (Mode::Encrypted, Kind::Quiet) => Decision::pass("stranger-quiet"),
            (Mode::Encrypted, Kind::Unreadable(changes) | Kind::Keys(changes) | Kind::Otr(changes)) => {
                changes.into_iter().for_each(edits::make);
                Decision::pass("stranger-unreadable")
            }
            (Mode::Encrypted, Kind::Readable) => refuse("stranger-readable", stanza, texts, Say::Readable),
            // Nobody who does not know of a message needs to hear that it is being written.
            (_, Kind::Quiet) => Decision::drop("stranger-quiet"),
            (Mode::Hold, _) => self.hold(stanza, texts),
            _ => refuse("stranger", stanza, texts, Say::Refused),
        }
    }

    fn hold(&mut self, stanza: Element<'_>, texts: &Texts) -> Decision {
        let [from, to] = sides(stanza);
        let place = self.waiting.add(to, from, size::most_bytes(stanza), clock::now());
        if place == Place::Full {
            return refuse("hold-full", stanza, texts, Say::Later);
        }
        if place == Place::First {
            outbox::notify(&texts::say(Say::Waiting(vec![from.to_owned()]), None));
        }
        let pair = pair::of(to, from);
        self.forgetting.finish(pair);
        holding::hold(&pair::key(pair));
        Decision::drop("held")
    }

    /// Whom a user blocks has no consent any more, and what waits of him is forgotten.
    pub fn blocked(&mut self, stanza: Element<'_>, user: &str) {
        if self.mode == Mode::Pass {
            return;
        }
        let named: Vec<&str> = items(stanza).map(|item| item.address).collect();
        let known = self.waiting.take(user, |stranger| named.iter().any(|entry| blocks(entry, stranger)));
        let people = named.into_iter().filter(|entry| has_user(entry) && !entry.contains('/'));
        let people = known.iter().map(String::as_str).chain(people);
        self.forgetting.begin(people.map(|person| pair::of(user, person)));
    }

    /// For a successor.
    pub fn save(&self, state: &mut Vec<u8>) {
        self.forgetting.save(state);
        self.waiting.save(state);
    }

    /// Takes over all of `rest`.
    pub fn restore(&mut self, mut rest: &[u8]) -> Option<()> {
        self.forgetting.restore(&mut rest)?;
        self.waiting.restore(rest)
    }
}

/// Sender and recipient, without resource.
fn sides<'a>(stanza: Element<'a>) -> [&'a str; 2] {
    ["from", "to"].map(|side| bare(stanza.attribute(side).unwrap_or_default()))
}

fn without_words(invitation: &Invitation<'_>) -> Decision {
    let Some(words) = invitation.words() else { return Decision::drop("invitation-of-too-much") };
    words.into_iter().for_each(edits::remove);
    Decision::pass("invitation-without-words")
}

/// A room that the server does not know would throw the user out for an error.
fn refuse(reason: &str, stanza: Element<'_>, texts: &Texts, say: Say) -> Decision {
    match stanza.attribute("type") {
        Some("groupchat") => Decision::drop(reason),
        _ => texts::refusal(reason, texts, say, stanza.attribute("xml:lang")),
    }
}
