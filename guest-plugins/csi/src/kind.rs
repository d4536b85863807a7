//! What a message is, all its elements taken together.

use prosody_policy::Element;

use crate::namespaces::{FASTEN, REACTIONS, RETRACTION};
use crate::part::{Part, has_too_many_elements};

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'a> {
    /// It could not be delivered.
    Error,
    /// It cannot wait, for this reason.
    Urgent(&'static str),
    /// Something published or broadcast (RFC 6121 §5.2.2).
    Headline,
    /// An encrypted text, of this scheme.
    Encrypted(&'static str),
    /// A text.
    Text,
    /// What a room is about; in a room it is the last step of entering.
    Subject,
    /// OMEMO keys without a text.
    Keys,
    /// Something is taken back.
    Retraction,
    /// A message arrived or was read.
    Receipt,
    /// What somebody thinks of the message with this id.
    Reaction(&'a str),
    /// Somebody is typing, or not, and nothing else.
    ChatState,
    /// It has something that nobody knows.
    Unknown,
    /// It has nothing to say.
    Empty,
}

/// What was seen in a message.
#[derive(Default)]
struct Seen<'a> {
    urgent: Option<&'static str>,
    ciphertext: Option<&'static str>,
    reaction: Option<&'a str>,
    fallback: Option<&'a str>,
    keys: bool,
    body: bool,
    text: bool,
    subject: bool,
    event: bool,
    retraction: bool,
    receipt: bool,
    chat_state: bool,
    unknown: bool,
}

impl<'a> Kind<'a> {
    /// What this message is.
    pub fn of(message: Element<'a>) -> Self {
        let mut seen = Seen::default();
        match message.attribute("type") {
            Some("error") => Self::Error,
            _ if has_too_many_elements(message) => Self::Urgent("many-elements"),
            is_headline => message.child_elements().fold(&mut seen, Seen::see).kind(is_headline == Some("headline")),
        }
    }

    /// Does a person say something by it, or may he?
    pub fn says_something(self) -> bool {
        !matches!(self, Self::Receipt | Self::ChatState | Self::Empty)
    }

    /// Would a person miss it?
    pub fn is_missed(self) -> bool {
        matches!(self, Self::Urgent(_) | Self::Encrypted(_) | Self::Text | Self::Subject | Self::Retraction)
    }
}

impl<'a> Seen<'a> {
    fn see(&mut self, element: Element<'a>) -> &mut Self {
        match Part::of(element) {
            Part::Urgent(reason) => _ = self.urgent.get_or_insert(reason),
            Part::Ciphertext(scheme) => self.see_ciphertext(scheme),
            Part::Reaction(id) => _ = self.reaction.get_or_insert(id),
            Part::Fallback(namespace) => self.fallback = Some(namespace),
            Part::Keys => self.keys = true,
            Part::Body => self.body = true,
            Part::Text => self.text = true,
            Part::Subject => self.subject = true,
            Part::Event => self.event = true,
            Part::Retraction => self.retraction = true,
            Part::Receipt => self.receipt = true,
            Part::ChatState => self.chat_state = true,
            Part::Unknown => self.unknown = true,
            Part::Envelope => (),
        }
        self
    }

    /// The container says more than the mark beside it.
    fn see_ciphertext(&mut self, scheme: &'static str) {
        if self.ciphertext.is_none_or(|seen| seen == "encrypted") {
            self.ciphertext = Some(scheme);
        }
    }

    /// What would wake a person comes first. What could be replaced comes last: nothing may be in it besides.
    fn kind(&self, is_headline: bool) -> Kind<'a> {
        match (self.urgent, self.ciphertext, self.reaction) {
            (Some(reason), ..) => Kind::Urgent(reason),
            _ if is_headline || self.event && !(self.body || self.text) => Kind::Headline,
            // Some clients put a mark beside keys as well.
            (_, Some(scheme), _) if !(self.keys && scheme == "encrypted") => Kind::Encrypted(scheme),
            (.., Some(id)) if self.is_alone() && self.body_stands_for(&[REACTIONS]) => Kind::Reaction(id),
            _ if self.retraction && self.body_stands_for(&[RETRACTION, FASTEN]) => Kind::Retraction,
            _ if self.body || self.text => Kind::Text,
            _ if self.subject => Kind::Subject,
            _ if self.keys => Kind::Keys,
            _ if self.receipt => Kind::Receipt,
            _ if self.unknown || self.reaction.is_some() => Kind::Unknown,
            _ if self.chat_state => Kind::ChatState,
            _ => Kind::Empty,
        }
    }

    /// Is there nothing that would be lost if it were replaced by a newer one?
    fn is_alone(&self) -> bool {
        !(self.text || self.subject || self.keys || self.receipt || self.retraction || self.unknown)
    }

    /// Is there no text but that for clients that do not know the element?
    fn body_stands_for(&self, namespaces: &[&str]) -> bool {
        !self.text && (!self.body || self.fallback.is_some_and(|namespace| namespaces.contains(&namespace)))
    }
}
