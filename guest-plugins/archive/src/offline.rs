//! Messages for somebody who is offline (XEP-0160). They wait until that person is there; what cannot wait is said to
//! the sender, and what would be stale by then is forgotten.

use prosody_policy::{Element, Keep, Ruling};
use recognition::outside::{self, Context, Judgement, Reading};

use crate::kind::{Kind, says_something};
use crate::settings::Plaintext;
use crate::texts::{Say, refusal};
use crate::{Archive, MUC_USER, hints, skip, stored};

/// Of messages without a text, those that somebody would miss. Chat states, markers and calls are stale by then.
const MISSED: &[(&str, &str, &str)] = &[
    ("received", "urn:xmpp:receipts", "receipt"),
    ("x", "jabber:x:conference", "invitation"),
    ("retract", "urn:xmpp:message-retract:1", "retraction"),
    ("apply-to", "urn:xmpp:fasten:0", "retraction"),
];

impl Archive {
    /// What waits for somebody who is offline.
    pub(crate) fn keep_until_online(&self, root: Element<'_>, context: &Context) -> Ruling<Keep> {
        let reading = outside::read(root, context);
        match Kind::of(root, &reading) {
            Kind::Otr => self.tell(root, Say::Otr, "otr"),
            Kind::Other => self.without_ciphertext(root, reading),
            _ if hints::forbid_any(root) => skip("hint"),
            Kind::Encrypted(_) if !self.rules.offline && is_archived(root) => skip("archived"),
            Kind::Encrypted(_) if !self.rules.offline => self.tell(root, Say::Off, "off"),
            Kind::Keys if !self.rules.offline => skip("off"),
            Kind::Encrypted(scheme) => self.encrypted(root, reading, scheme.word()),
            Kind::Keys => self.encrypted(root, reading, "key-transport"),
        }
    }

    /// A copy for a device that went away before it got it (XEP-0280). The message itself has arrived elsewhere, so nobody
    /// is told of a copy that cannot wait.
    pub(crate) fn keep_copy(&self, inside: Element<'_>, context: &Context) -> Ruling<Keep> {
        let reading = outside::read(inside, context);
        match Kind::of(inside, &reading) {
            _ if !self.rules.offline => skip("off"),
            _ if hints::forbid_any(inside) => skip("hint"),
            Kind::Encrypted(scheme) => stored::keep(inside, reading, scheme.word()).unwrap_or_else(skip),
            Kind::Other if self.rules.plaintext == Plaintext::Memory => Ruling::new(Keep::Memory, "copy"),
            _ => skip("copy"),
        }
    }

    fn encrypted(&self, root: Element<'_>, reading: Reading<'_>, reason: &str) -> Ruling<Keep> {
        stored::keep(root, reading, reason).unwrap_or_else(|reason| self.plaintext(root, reason))
    }

    /// Something of a person, or one of the small messages that software sends. Nobody loses the former without a word.
    fn without_ciphertext(&self, root: Element<'_>, reading: Reading<'_>) -> Ruling<Keep> {
        let missed = missed(root);
        // Beside a message that would be missed goes what nobody knows, and the rest waits.
        let beside = reading.readable().ok().filter(|_| missed.is_some() && !says_something(root)).map(<[_]>::to_vec);
        let edits = match (reading.judgement(), beside) {
            (Judgement::Pass(_, edits), _) | (Judgement::Refuse("unknown-element"), Some(edits)) => edits,
            (Judgement::Refuse(reason), _) => return self.plaintext(root, reason),
        };
        match missed {
            _ if !self.rules.offline => skip("off"),
            _ if hints::forbid_any(root) => skip("hint"),
            None => skip("no-text"),
            Some(reason) => stored::keep_edited(root, edits, reason),
        }
    }

    fn plaintext(&self, root: Element<'_>, reason: &str) -> Ruling<Keep> {
        match self.rules.plaintext {
            Plaintext::Memory if self.rules.offline && !hints::forbid_any(root) => Ruling::new(Keep::Memory, reason),
            _ => self.tell(root, Say::Plaintext, reason),
        }
    }

    /// Tells the sender that it was not delivered. Where nothing is kept, that is the reason.
    fn tell(&self, root: Element<'_>, say: Say, reason: &str) -> Ruling<Keep> {
        let say = if self.rules.offline { say } else { Say::Off };
        Ruling::new(refusal(&self.rules.texts, say, root.attribute("xml:lang")), reason)
    }
}

/// Is it in the recipient's archive? The server lets nobody else say so.
fn is_archived(root: Element<'_>) -> bool {
    let bare = root.attribute("to").and_then(|to| to.split('/').next());
    root.child_elements().any(|child| child.is("stanza-id", "urn:xmpp:sid:0") && child.attribute("by") == bare)
}

/// Why somebody would miss this, as a word.
fn missed(root: Element<'_>) -> Option<&'static str> {
    let listed = MISSED.iter().find(|(name, namespace, _)| root.child(name, namespace).is_some());
    listed.map(|(.., reason)| *reason).or_else(|| is_invitation(root).then_some("invitation"))
}

/// Into a room, by the room; or somebody's answer to one.
fn is_invitation(root: Element<'_>) -> bool {
    let x = root.child("x", MUC_USER);
    x.is_some_and(|x| x.child_elements().any(|child| ["invite", "decline"].contains(&child.name())))
}
