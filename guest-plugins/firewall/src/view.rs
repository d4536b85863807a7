//! The stanza as the rules have changed it so far.

use std::borrow::Cow;
use std::cell::OnceCell;

use prosody_policy::edits::{self, NewElement};
use prosody_policy::{Element, Node, STREAM_NAMESPACE, Stanza, envelope};

use crate::address::Address;
use crate::path::{End, Path, Segment};
use crate::pattern::Budget;

/// Changes of one stanza that the host makes; with more the call would be a trap.
const MOST_EDITS: usize = 256;

/// The stanza. What is inside is read when a rule looks there.
#[derive(Debug)]
pub struct View {
    /// Who sent it.
    pub from: Option<String>,
    /// Who is to get it. Without an address it is for the sender's own account.
    pub to: Option<String>,
    /// Is it without `to`?
    pub is_for_self: bool,
    stanza: OnceCell<Stanza>,
    removed: Vec<u32>,
    injected: Vec<NewElement>,
    /// So many of these are told to the host.
    told: (usize, usize),
}

/// What is found at the end of a path.
pub enum Found<'a> {
    /// An element.
    Element,
    /// A text.
    Text(Cow<'a, str>),
}

/// An element of the stanza, or one that was put into it.
#[derive(Clone, Copy)]
enum Place<'a> {
    Real(Element<'a>),
    New(&'a NewElement),
}

impl View {
    /// The current stanza.
    pub fn new() -> Self {
        let (from, to) = (envelope::attribute("from"), envelope::attribute("to"));
        let is_for_self = to.is_none();
        let own = || from.as_deref().and_then(Address::split).map(|address| address.bare.to_owned());
        let to = to.or_else(own);
        Self { from, to, is_for_self, stanza: OnceCell::new(), removed: Vec::new(), injected: Vec::new(), told: (0, 0) }
    }

    fn stanza(&self) -> &Stanza {
        self.stanza.get_or_init(prosody_policy::stanza)
    }

    /// An attribute of the stanza itself.
    pub fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        match (name, self.stanza.get()) {
            ("from", _) => self.from.as_deref().map(Cow::Borrowed),
            (_, Some(stanza)) => stanza.root().attribute(name).map(Cow::Borrowed),
            _ => envelope::attribute(name).map(Cow::Owned),
        }
    }

    /// What a path leads to.
    pub fn find(&self, path: &Path, budget: &mut Budget) -> Option<Found<'_>> {
        if let ([], End::Attribute(name)) = (&path.segments[..], &path.end) {
            return self.attribute(name).map(Found::Text);
        }
        let mut place = Place::Real(self.stanza().root());
        for segment in &path.segments {
            place = self.child(place, segment, budget)?;
        }
        match &path.end {
            End::Element => Some(Found::Element),
            End::Text => place.text().map(Found::Text),
            End::Attribute(name) => place.attribute(name).map(|value| Found::Text(Cow::Borrowed(value))),
        }
    }

    /// The text to which a path leads.
    pub fn text(&self, path: &Path, budget: &mut Budget) -> Option<Cow<'_, str>> {
        match self.find(path, budget)? {
            Found::Text(text) => Some(text),
            Found::Element => None,
        }
    }

    /// The first child that fits.
    fn child<'a>(&'a self, place: Place<'a>, segment: &Segment, budget: &mut Budget) -> Option<Place<'a>> {
        let Place::Real(parent) = place else { return None };
        let (namespace, name) = (segment.namespace.as_deref().unwrap_or(parent.namespace()), segment.name.as_deref());
        let is_root = parent.number() == 0;
        let is_there = |child: &Element| !is_root || !self.removed.contains(&child.number());
        let fits = |child: &Element| {
            budget.spend(1);
            name.is_none_or(|name| child.name() == name) && child.namespace() == namespace && is_there(child)
        };
        let real = parent.child_elements().find(fits).map(Place::Real);
        real.or_else(|| self.injected.iter().filter(|_| is_root).find(|new| is(new, name, namespace)).map(Place::New))
    }

    /// Removes children of the stanza; false if they are too many.
    pub fn strip(&mut self, name: Option<&str>, namespace: Option<&str>, budget: &mut Budget) -> bool {
        let namespace = namespace.unwrap_or(STREAM_NAMESPACE);
        let children = self.stanza.get_or_init(prosody_policy::stanza).root().child_elements();
        for child in children.take_while(|_| budget.spend(1)) {
            let fits = name.is_none_or(|name| child.name() == name) && child.namespace() == namespace;
            if fits && !self.removed.contains(&child.number()) {
                if self.removed.len() + self.injected.len() == MOST_EDITS {
                    return false;
                }
                self.removed.push(child.number());
            }
        }
        // What the host was told of is there for good.
        let mut number = 0;
        let told = self.told.1;
        self.injected.retain(|new| {
            number += 1;
            number <= told || !is(new, name, namespace)
        });
        true
    }

    /// Puts an element into it; false if there are too many.
    pub fn inject(&mut self, element: &NewElement) -> bool {
        let is_possible = self.removed.len() + self.injected.len() < MOST_EDITS;
        if is_possible {
            self.injected.push(element.clone());
        }
        is_possible
    }

    /// Tells the host of the changes, before it copies the stanza or lets it go.
    pub fn tell_edits(&mut self) {
        self.removed[self.told.0..].iter().for_each(|number| edits::remove(*number));
        self.injected[self.told.1..].iter().for_each(|element| edits::append(0, element.clone()));
        self.told = (self.removed.len(), self.injected.len());
    }

    /// The stanza's own tag, as Prosody writes it.
    pub fn top_tag(&self) -> String {
        let root = self.stanza().root();
        let attributes = root.attributes().filter(|(name, _)| !name.contains('\u{1}'));
        attributes.fold(format!("<{}", root.name()), |tag, (name, value)| format!("{tag} {name}='{}'", escaped(value)))
            + ">"
    }
}

fn is(new: &NewElement, name: Option<&str>, namespace: &str) -> bool {
    let own = if new.namespace.is_empty() { STREAM_NAMESPACE } else { &new.namespace };
    name.is_none_or(|name| new.name == name) && own == namespace
}

fn escaped(value: &str) -> String {
    let pairs = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('\'', "&apos;"), ('"', "&quot;")];
    pairs.iter().fold(value.to_owned(), |value, (sign, escape)| value.replace(*sign, escape))
}

impl<'a> Place<'a> {
    /// Its text; an element with others inside has none.
    fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::New(new) => Some(Cow::Borrowed(&new.text)),
            Self::Real(element) => {
                let has_elements = element.children().any(|child| matches!(child, Node::Element(_)));
                (!has_elements).then(|| element.text())
            }
        }
    }

    fn attribute(self, name: &str) -> Option<&'a str> {
        match self {
            Self::Real(element) => element.attribute(name),
            Self::New(new) => new.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()),
        }
    }
}
