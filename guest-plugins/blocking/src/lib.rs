//! Who is blocked comes in by no side door, block lists have limits, and strangers may do what the operator allows.
//!
//! Prosody keeps block lists (mod_blocklist) and looks at who sends a stanza. Behind a room, it sees the room: here the
//! person behind it is looked at. What users report of those whom they block is told to the operator, and not kept.

mod address;
mod consents;
mod forgetting;
mod invitation;
mod kind;
mod lists;
mod pair;
mod reports;
mod request;
mod settings;
mod size;
mod strangers;
mod texts;
mod waiting;

use prosody_policy::{
    Admission, BlocklistPolicy, Change, Decision, Direction, Element, Fact, KeepsState, MessagePolicy, Needs, Party,
    Passage, Policy, Ruling, StanzaKind, Want, blocklist,
};

use crate::lists::Lists;
use crate::reports::Reports;
use crate::settings::{Mode, Rules, Settings};
use crate::strangers::Strangers;

/// What this policy has saved begins with this. A change of the format changes it.
const TITLE: &[u8] = b"blocking 1\n";

/// The policy.
#[derive(Debug)]
pub struct Blocking {
    rules: Rules,
    lists: Lists,
    reports: Reports,
    strangers: Strangers,
}

impl Policy for Blocking {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        let rules = settings.check()?;
        let (lists, reports) = (Lists::new(rules.limits), Reports::new(rules.reports));
        Ok(Self { lists, reports, strangers: Strangers::new(rules.strangers), rules })
    }
}

impl MessagePolicy for Blocking {
    fn wants(&self) -> Vec<Want> {
        let incoming = |kind| Want { direction: Some(Direction::Incoming), ..Want::all(kind) };
        match self.rules.strangers {
            Mode::Pass => vec![incoming(StanzaKind::Message), incoming(StanzaKind::Iq)],
            _ => vec![Want::all(StanzaKind::Message), Want::all(StanzaKind::Presence), incoming(StanzaKind::Iq)],
        }
    }

    fn decide(&mut self, passage: Passage) -> Decision {
        let stanza = prosody_policy::stanza();
        let root = stanza.root();
        if is_side_door(root, passage) && blocklist::is_blocked() {
            return Decision::drop("blocked");
        }
        if self.rules.strangers != Mode::Pass {
            self.strangers.note(root, passage);
        }
        match passage.kind {
            StanzaKind::Message => self.strangers.decide(root, passage, &self.rules.texts),
            StanzaKind::Presence => self.decide_about_presence(root, passage),
            StanzaKind::Iq => Decision::pass("not-blocked"),
        }
    }
}

impl Blocking {
    fn decide_about_presence(&mut self, presence: Element<'_>, passage: Passage) -> Decision {
        let is_broadcast = presence.attribute("to").is_none() && presence.attribute("type").is_none();
        if self.rules.strangers == Mode::Hold && is_broadcast && passage.direction == Direction::Outgoing {
            self.strangers.remind(presence);
        }
        match self.rules.strangers {
            Mode::Refuse => self.strangers.asks(presence, passage),
            _ => Decision::pass("presence"),
        }
    }

    /// Takes over what was saved; `None` if it is something else.
    fn read(&mut self, state: &[u8]) -> Option<()> {
        let mut rest = state.strip_prefix(TITLE)?;
        self.lists.restore(&mut rest)?;
        self.reports.restore(&mut rest)?;
        self.strangers.restore(rest)
    }
}

impl BlocklistPolicy for Blocking {
    fn change(&mut self, change: Change) -> Ruling<Admission> {
        let stanza = prosody_policy::stanza();
        let root = stanza.root();
        let ruling = self.lists.admit(&change, root.attribute("xml:lang"));
        if change.is_blocking && ruling.verdict == Admission::Allow {
            self.reports.tell(root, &change.user);
            self.strangers.blocked(root, &change.user);
        }
        ruling
    }
}

impl Needs for Blocking {
    fn needed(&self) -> Vec<Fact> {
        match self.rules.strangers {
            Mode::Pass => vec![Fact::Blocklist],
            _ => vec![Fact::Blocklist, Fact::Roster, Fact::Rooms, Fact::Standing],
        }
    }
}

impl KeepsState for Blocking {
    fn save(&self) -> Vec<u8> {
        let mut state = TITLE.to_vec();
        self.lists.save(&mut state);
        self.reports.save(&mut state);
        self.strangers.save(&mut state);
        state
    }

    fn restore(&mut self, _: &str, state: Vec<u8>) -> Result<(), String> {
        self.read(&state)
            .ok_or_else(|| "what was saved is not of this policy; to begin without it, start it afresh".to_owned())
    }
}

/// Where Prosody does not look: behind a room. What users of this host send each other it looks at where it arrives. What a
/// room says to all, and who is there, is between the user and the room (XEP-0191 §4).
fn is_side_door(stanza: Element<'_>, passage: Passage) -> bool {
    let is_to_all = passage.source == Party::Room && stanza.attribute("type") == Some("groupchat");
    passage.direction == Direction::Incoming && passage.kind != StanzaKind::Presence && !is_to_all
}

prosody_policy::policy!(Blocking: message, blocklist, needs, state);
