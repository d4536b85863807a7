//! Invitations that a room passes on for somebody, and those that are declined (XEP-0045 §7.8.2).

use prosody_policy::Element;

use crate::address::bare;

const MUC_USER: &str = "http://jabber.org/protocol/muc#user";

/// Nobody needs more to invite somebody, and a stanza takes 256 edits.
const MOST_WORDS: usize = 64;

/// What a room passes on.
#[derive(Clone, Copy, Debug)]
pub struct Invitation<'a> {
    message: Element<'a>,
    x: Element<'a>,
    said: Element<'a>,
}

impl<'a> Invitation<'a> {
    /// If this is one.
    pub fn of(message: Element<'a>) -> Option<Self> {
        let x = message.child("x", MUC_USER)?;
        let said = x.child("invite", MUC_USER).or_else(|| x.child("decline", MUC_USER))?;
        Some(Self { message, x, said })
    }

    /// Who invites or declines, without resource.
    pub fn spokesman(&self) -> &'a str {
        bare(self.said.attribute("from").unwrap_or_default())
    }

    /// The elements in which he may say something; none if there are too many. Rooms repeat his words for clients that know
    /// of no invitations.
    pub fn words(&self) -> Option<Vec<u32>> {
        let x = self.x.number();
        let beside = self.message.child_elements().filter(move |child| child.number() != x);
        let words: Vec<u32> =
            beside.chain(self.said.child_elements()).map(Element::number).take(MOST_WORDS + 1).collect();
        (words.len() <= MOST_WORDS).then_some(words)
    }
}
