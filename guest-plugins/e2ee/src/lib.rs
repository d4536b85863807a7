//! Messages are end-to-end encrypted: refused, warned about or let go otherwise, as the operator sets.
//!
//! Messages are judged by the crate `recognition`: it knows what ciphertext is, and what may stand outside. Here are
//! presence and IQs, to whom the rules apply, and what people are told.

mod address;
mod far;
mod iq;
mod people;
mod presence;
mod profile;
mod samples;
mod settings;
mod tables;
mod texts;
mod warnings;

use prosody_policy::{
    Decision, Direction, Element, Fact, MessagePolicy, Needs, Party, Passage, Policy, Stanza, StanzaKind, Want, edits,
    rooms,
};
use recognition::outside::{self, Context, Judgement};

use crate::far::Far;
use crate::settings::{Mode, Rules, Settings};
use crate::texts::Say;
use crate::warnings::Warnings;

/// The policy.
#[derive(Debug)]
pub struct EndToEnd {
    rules: Rules,
    warnings: Warnings,
}

impl Policy for EndToEnd {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { rules: settings.check()?, warnings: Warnings::default() })
    }
}

impl MessagePolicy for EndToEnd {
    fn wants(&self) -> Vec<Want> {
        let strict = self.rules.strict && (self.rules.direct == Mode::Mandatory || self.rules.rooms == Mode::Mandatory);
        match (self.rules.direct, self.rules.rooms) {
            (Mode::Off, Mode::Off) => Vec::new(),
            _ if strict => [StanzaKind::Message, StanzaKind::Presence, StanzaKind::Iq].map(Want::all).to_vec(),
            _ => vec![Want::all(StanzaKind::Message)],
        }
    }

    fn decide(&mut self, passage: Passage) -> Decision {
        let stanza = prosody_policy::stanza();
        let root = stanza.root();
        if let Some(on) = switch_of(root, passage) {
            warnings::switch(&stanza, &self.rules.texts, on);
            return Decision::drop(if on { "warnings-on" } else { "warnings-off" });
        }
        if is_from_this_server(root, passage) {
            return Decision::pass("from-this-server");
        }
        let exempt = ["from", "to"].iter().any(|side| address::is_listed(root.attribute(side), &self.rules.exempt));
        if exempt {
            return Decision::pass("exempt");
        }
        if self.rules.rooms != Mode::Off && is_for_a_whole_room(root, passage) && rooms::is_exempt() {
            return Decision::pass("exempt-room");
        }
        match self.mode(root, passage) {
            Mode::Mandatory => self.enforce(root, self.judge(root, passage)),
            Mode::Optional => self.warn(&stanza, passage, self.judge(root, passage)),
            Mode::Off => Decision::pass("off"),
        }
    }
}

/// Which rooms are exempt; nothing where no rules for rooms are.
impl Needs for EndToEnd {
    fn needed(&self) -> Vec<Fact> {
        if self.rules.rooms == Mode::Off { Vec::new() } else { vec![Fact::Rooms] }
    }
}

impl EndToEnd {
    fn mode(&self, root: Element<'_>, passage: Passage) -> Mode {
        match is_in_room(root, passage) {
            true => self.rules.rooms,
            false => self.rules.direct,
        }
    }

    fn judge(&self, root: Element<'_>, passage: Passage) -> Judgement {
        let incoming = passage.direction == Direction::Incoming;
        // On a room's own host it is the room that is spoken to; elsewhere the far side is not the user's.
        let (near, far, party) = match incoming && passage.destination != Party::Room {
            true => ("to", "from", passage.source),
            false => ("from", "to", passage.destination),
        };
        let room = match passage.kind {
            StanzaKind::Message => passage.source == Party::Room,
            _ => matches!(party, Party::Room | Party::Remote | Party::Component),
        };
        let well_known: Option<fn(&str) -> bool> = Some(texts::is_refusal);
        let context = Context { strict: self.rules.strict, incoming, room, well_known, ..Context::default() };
        match passage.kind {
            StanzaKind::Message => outside::read(root, &context).judgement(),
            StanzaKind::Presence => presence::judge(root, &context, room),
            StanzaKind::Iq => {
                let far = Far::of(root, passage, near, far, party);
                iq::judge(root, &context, far)
            }
        }
    }

    fn enforce(&self, root: Element<'_>, judgement: Judgement) -> Decision {
        match judgement {
            Judgement::Pass(reason, changes) => {
                changes.into_iter().for_each(edits::make);
                Decision::pass(reason)
            }
            // Nobody answers an error, a result or presence (RFC 6120 §8.3.1).
            Judgement::Refuse(reason) if is_unanswered(root) => Decision::drop(reason),
            Judgement::Refuse(reason) => {
                let what = if root.name() == "iq" { Say::Request } else { Say::Refusal };
                Decision::refuse(reason, texts::say(&self.rules.texts, what, root.attribute("xml:lang")))
            }
        }
    }

    fn warn(&mut self, stanza: &Stanza, passage: Passage, judgement: Judgement) -> Decision {
        let sent_here = passage.direction == Direction::Outgoing && passage.source == Party::User;
        match judgement {
            Judgement::Pass(reason, _) => Decision::pass(reason),
            Judgement::Refuse(reason) => {
                if passage.kind == StanzaKind::Message && sent_here && !is_unanswered(stanza.root()) {
                    self.warnings.give(stanza, &self.rules.texts, self.rules.warn_every);
                }
                Decision::pass(reason)
            }
        }
    }
}

/// A user tells the server itself to switch warnings off or on.
fn switch_of(root: Element<'_>, passage: Passage) -> Option<bool> {
    let to_server = passage.kind == StanzaKind::Message
        && passage.direction == Direction::Outgoing
        && (passage.source, passage.destination) == (Party::User, Party::Service)
        && root.attribute("to").is_some_and(|to| address::is_service(to) && address::bare(to) == to);
    let body = root.child("body", "jabber:client").filter(|_| to_server && !is_unanswered(root))?;
    match body.text().trim().to_ascii_lowercase().as_str() {
        "warnings off" => Some(false),
        "warnings on" => Some(true),
        _ => None,
    }
}

/// What the server itself says to its users; it is an end of that, and could not encrypt it.
fn is_from_this_server(root: Element<'_>, passage: Passage) -> bool {
    passage.source == Party::Service && root.attribute("from").is_some_and(|from| !from.contains(['@', '/']))
}

/// Is it for everybody in a room? A message to one person there is for that person. The type alone would be an
/// easy way out: it is the server who knows whether the other side is a room that the user has entered.
fn is_in_room(root: Element<'_>, passage: Passage) -> bool {
    let party = match passage.direction {
        Direction::Incoming if passage.destination != Party::Room => passage.source,
        _ => passage.destination,
    };
    let for_everybody = passage.kind != StanzaKind::Message || root.attribute("type") == Some("groupchat");
    party == Party::Room && for_everybody
}

/// Is it for, or from, a room and not one of those in it? What goes to one person there by an IQ is for that person.
fn is_for_a_whole_room(root: Element<'_>, passage: Passage) -> bool {
    let occupant = |side| root.attribute(side).is_some_and(|jid| jid.contains('/'));
    let side = if passage.source == Party::Room { "from" } else { "to" };
    is_in_room(root, passage) && (passage.kind != StanzaKind::Iq || !occupant(side))
}

fn is_unanswered(root: Element<'_>) -> bool {
    root.name() == "presence" || matches!(root.attribute("type"), Some("error" | "result"))
}

prosody_policy::policy!(EndToEnd: message, samples, needs);
