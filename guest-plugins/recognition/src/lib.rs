//! Tells ciphertext from what only claims to be: OMEMO, OpenPGP and OTR in XMPP messages; and what is readable
//! [outside] it, and [whom it calls](mention). And tells a [file] that looks like ciphertext from one that anybody can open.
//!
//! The name of an element proves nothing; a container counts if it has the shape that its specification
//! demands, down to the packets and fields inside the base64. Two people who mean to can still hide
//! text in that shape. What is told apart here is what clients do by mistake, and cheap imitations.

pub mod file;
pub mod mention;
pub mod namespaces;
mod omemo;
mod opaque;
mod openpgp;
pub mod otr;
mod otr_message;
pub mod outside;
mod packets;
mod readable;
mod shape;

use prosody_stanza::{Element, STREAM_NAMESPACE};

pub use opaque::Opaque;
pub use openpgp::is_signature;

/// A way of encrypting a message end to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// OMEMO as deployed (XEP-0384 up to 0.4).
    Omemo,
    /// OMEMO with stanza content encryption (XEP-0384 from 0.5).
    Omemo2,
    /// OpenPGP for XMPP (XEP-0373).
    OpenPgp,
    /// The older use of OpenPGP (XEP-0027).
    Pgp,
    /// Off-the-Record messaging (XEP-0364).
    Otr,
}

impl Scheme {
    /// Its name for logs and replays.
    pub fn word(self) -> &'static str {
        match self {
            Self::Omemo => "omemo",
            Self::Omemo2 => "omemo-2",
            Self::OpenPgp => "openpgp",
            Self::Pgp => "pgp",
            Self::Otr => "otr",
        }
    }

    /// May a message carry both? Converse 14 writes to old and new devices at once, in a container each.
    pub fn stands_beside(self, other: Self) -> bool {
        matches!((self, other), (Self::Omemo, Self::Omemo2) | (Self::Omemo2, Self::Omemo))
    }

    /// The scheme that an element claims by its name.
    pub fn claimed(element: Element<'_>) -> Option<Self> {
        match (element.name(), element.namespace()) {
            ("encrypted", namespaces::OMEMO | namespaces::OMEMO_0) => Some(Self::Omemo),
            ("encrypted", namespaces::OMEMO_1 | namespaces::OMEMO_2) => Some(Self::Omemo2),
            ("openpgp", namespaces::OPENPGP) => Some(Self::OpenPgp),
            ("x", namespaces::PGP_ENCRYPTED) => Some(Self::Pgp),
            _ => None,
        }
    }
}

/// What an element that claims a scheme turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// It holds an encrypted text.
    Ciphertext,
    /// OMEMO keys without a text: session upkeep, sent by every OMEMO client now and then.
    KeyTransport,
    /// It is not what it claims.
    Malformed,
}

/// Looks into an element that claims a scheme; none if it claims nothing.
pub fn container(element: Element<'_>) -> Option<(Scheme, Container)> {
    let scheme = Scheme::claimed(element)?;
    let container = match scheme {
        Scheme::Omemo => omemo::legacy(element),
        Scheme::Omemo2 => omemo::current(element),
        Scheme::OpenPgp => openpgp::content(element),
        Scheme::Pgp => openpgp::armored(element),
        Scheme::Otr => None,
    };
    Some((scheme, container.unwrap_or(Container::Malformed)))
}

/// How the text of a message is encrypted: by the well-formed ciphertext among its children, of which there
/// is one of each scheme that [may stand beside](Scheme::stands_beside) the others. None if any of them is
/// malformed. A body beside a container is not looked at.
pub fn scheme(message: Element<'_>) -> Option<Scheme> {
    let mut claimed = Vec::new();
    let mut encrypted = None;
    for (scheme, container) in message.child_elements().filter_map(container) {
        if container == Container::Malformed || claimed.iter().any(|other| !scheme.stands_beside(*other)) {
            return None;
        }
        claimed.push(scheme);
        if container == Container::Ciphertext {
            encrypted.get_or_insert(scheme);
        }
    }
    match claimed.is_empty() {
        true => is_otr(message).then_some(Scheme::Otr),
        false => encrypted,
    }
}

/// Is the one body an OTR message or a fragment of one? Queries are not: they are not encrypted.
fn is_otr(message: Element<'_>) -> bool {
    let mut bodies = message.child_elements().filter(|child| child.is("body", STREAM_NAMESPACE));
    match (bodies.next(), bodies.next()) {
        (Some(body), None) => {
            body.child_elements().next().is_none() && matches!(otr::read(&body.text()), Some(otr::Body::Encrypted))
        }
        _ => false,
    }
}
