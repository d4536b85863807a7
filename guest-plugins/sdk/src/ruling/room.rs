//! What a policy is asked about rooms and about the keys of those who meet there, and answers.

use crate::Bounce;

/// Why a room is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// Somebody enters a room that is not there yet.
    Created,
    /// An owner changes the configuration.
    Changed,
    /// It was there: before this policy came into force, or on the disk.
    Found,
}

/// A room of this host. The current stanza is the configuration that it is to have, as `wit/` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// Its address, without resource.
    pub address: String,
    /// Why it is asked about.
    pub occasion: Occasion,
    /// Who creates or changes it, without resource.
    pub actor: Option<String>,
}

/// What becomes of a room, with the [edits](crate::edits) of its configuration that were asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settle {
    /// It gets the configuration, and [`rooms::is_exempt`](crate::rooms::is_exempt) says of it that it is.
    Exempt,
    /// It gets the configuration.
    Allow,
    /// It is not created or not changed, and the actor is told this. One that was found stays as it is.
    Refuse(Bounce),
}

/// A request for OMEMO keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Whose keys, without resource: a user of this host.
    pub owner: String,
    /// Who asks, without resource.
    pub reader: String,
    /// Are they both in a room, or members of one, as far as the server knows?
    pub is_sharing_room: bool,
}

/// May keys be read?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// They may.
    Open,
    /// As the user says by the access model (XEP-0060 §4.5).
    AsConfigured,
    /// They may not; the reader is told that there are none.
    Refuse,
}
