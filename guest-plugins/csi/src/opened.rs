//! A message out of its wrappings: a copy for another device (XEP-0280), or one that is forwarded (XEP-0297).

use prosody_policy::{Element, STREAM_NAMESPACE};

use crate::address::bare;
use crate::kind::Kind;
use crate::namespaces::{CARBONS, FORWARD};

/// How a message came to be where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// By itself.
    Direct,
    /// As a copy of what another device of the user got.
    Received,
    /// As a copy of what another device of the user sent.
    Sent,
    /// Inside a message of somebody who passes it on; nobody knows who wrote it.
    Forwarded,
}

/// A message out of its wrappings.
#[derive(Clone, Copy, Debug)]
pub struct Opened<'a> {
    /// The innermost message.
    pub message: Element<'a>,
    /// What it is.
    pub kind: Kind<'a>,
    /// How it came to be there.
    pub role: Role,
}

/// So many wrappings are opened. Nobody passes on what was passed on so often.
const DEEPEST: usize = 8;

impl<'a> Opened<'a> {
    /// Opens a message that says nothing by itself.
    pub fn new(stanza: Element<'a>) -> Self {
        let mut opened = Self { message: stanza, kind: Kind::of(stanza), role: Role::Direct };
        for _ in 0..DEEPEST {
            let Some((message, role)) = opened.inside().filter(|_| opened.kind == Kind::Unknown) else { break };
            opened = Self { message, kind: Kind::of(message), role };
        }
        opened
    }

    fn inside(&self) -> Option<(Element<'a>, Role)> {
        if self.role == Role::Direct && is_from_own_account(self.message) {
            for (name, role) in [("received", Role::Received), ("sent", Role::Sent)] {
                if let Some(copy) = self.message.child(name, CARBONS) {
                    return forwarded(copy).map(|message| (message, role));
                }
            }
        }
        let role = if self.role == Role::Sent { Role::Sent } else { Role::Forwarded };
        forwarded(self.message).map(|message| (message, role))
    }
}

/// Only the server can write that; a copy from anybody else is a forgery.
fn is_from_own_account(stanza: Element<'_>) -> bool {
    stanza.attribute("from").is_some_and(|from| stanza.attribute("to").map(bare) == Some(from))
}

fn forwarded(parent: Element<'_>) -> Option<Element<'_>> {
    parent.child("forwarded", FORWARD)?.child("message", STREAM_NAMESPACE)
}
