//! What was found in a stanza outside ciphertext, and how it could be taken out.

use prosody_stanza::edit::Edit;
use prosody_stanza::{Element, Node};

/// What the judge knows besides the stanza.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context {
    /// Are texts judged that are not messages: presence, publishes, reactions?
    pub strict: bool,
    /// Does it come from a server: not from a client of this one, whose messages never pass for a server's?
    pub incoming: bool,
    /// Does a room speak, or is a room spoken to, whose nicknames are addresses?
    pub room: bool,
    /// Is this a message inside another, from an archive?
    pub nested: bool,
    /// Is it judged for keeping? Then no body stays beside ciphertext, not even one that says nothing.
    pub kept: bool,
    /// Which texts of a bounce may stay, because they are the same wherever a policy says them.
    pub well_known: Option<fn(&str) -> bool>,
}

/// More than this is not a message with something to take out, and the host stops at 256.
const MOST_EDITS: usize = 200;

/// More than this is nobody's message either, and there are a few milliseconds to look at it.
const MOST_ELEMENTS: usize = 1_000;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Findings {
    /// What has to be taken out before the stanza may pass at all.
    pub edits: Vec<Edit>,
    /// Why it cannot pass unless it carries ciphertext.
    pub readable: Option<&'static str>,
    /// Why it cannot pass in any case.
    pub fatal: Option<&'static str>,
    /// How many elements were looked at.
    looked_at: usize,
}

/// What is to happen to a stanza.
#[derive(Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It may pass, after these edits.
    Pass(&'static str, Vec<Edit>),
    /// It may not.
    Refuse(&'static str),
}

impl Findings {
    /// Counts one more element. False if there is no use in looking at it, because the verdict is certain.
    pub fn look(&mut self) -> bool {
        self.looked_at += 1;
        if self.looked_at > MOST_ELEMENTS {
            self.refuse("too-many-elements");
        }
        self.fatal.is_none()
    }

    /// Something that a person may have written; the edit takes it out if the rest is worth sending.
    pub fn readable(&mut self, reason: &'static str, edit: Edit) {
        self.readable.get_or_insert(reason);
        self.removable(edit);
    }

    /// Something that is taken out while the rest goes on even without ciphertext.
    pub fn removable(&mut self, edit: Edit) {
        match self.edits.len() < MOST_EDITS {
            true => self.edits.push(edit),
            false => self.refuse("too-much-to-remove"),
        }
    }

    /// Something that no change can mend.
    pub fn refuse(&mut self, reason: &'static str) {
        self.fatal.get_or_insert(reason);
    }

    /// An attribute that may not be there.
    pub fn attribute(&mut self, element: Element<'_>, name: &str) {
        match is_editable(name) {
            true => self.readable(
                "readable-attribute",
                Edit::RemoveAttribute { node: element.number(), name: name.to_owned() },
            ),
            false => self.refuse("strange-attribute"),
        }
    }

    /// The texts directly inside an element, unless they are only white space.
    pub fn texts(&mut self, element: Element<'_>) {
        for number in texts(element) {
            self.readable("readable-text", Edit::Remove { node: number });
        }
    }

    /// The same where the element goes on without.
    pub fn remove_texts(&mut self, element: Element<'_>) {
        texts(element).for_each(|number| self.removable(Edit::Remove { node: number }));
    }

    /// The judgement, for a stanza without ciphertext.
    pub fn judgement(self, quiet: &'static str) -> Judgement {
        match self.fatal.or(self.readable) {
            Some(reason) => Judgement::Refuse(reason),
            None if self.edits.is_empty() => Judgement::Pass(quiet, Vec::new()),
            None => Judgement::Pass("text-removed", self.edits),
        }
    }
}

fn texts(element: Element<'_>) -> impl Iterator<Item = u32> {
    element.children().filter_map(|child| match child {
        Node::Text(number, text) if !is_blank(text) => Some(number),
        _ => None,
    })
}

/// Is this a name that the host takes for one? It stops a policy that asks for anything else, and nobody
/// shall be able to stop this one by a name.
fn is_editable(name: &str) -> bool {
    let (namespace, local) = name.split_once('\u{1}').unwrap_or(("", name.strip_prefix("xml:").unwrap_or(name)));
    local.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && local.chars().all(|character| character.is_alphanumeric() || "-_.".contains(character))
        && local.len() <= 256
        && name != "xmlns"
        && !namespace.contains(|character: char| character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}'))
}

/// Only the white space of XML counts as nothing, and no more of it than indents a line. OTR hides its offer
/// in it, but only behind a text.
pub fn is_blank(text: &str) -> bool {
    text.len() <= 1024 && text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
}
