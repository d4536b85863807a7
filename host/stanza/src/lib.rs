//! One XMPP stanza as a flat tree.
//!
//! Both sides of the sandbox use this crate, so that there is one idea of what a stanza is, one snapshot
//! format with one writer and one reader, and one meaning of an edit:
//!
//! * the host [builds](Builder) a [`Stanza`] from Prosody's tables, under [`Limits`];
//! * a policy [decodes](Stanza::decode) the snapshot and looks at its [elements](Element);
//! * [edits](edit::Edit) are applied to it before the next policy is asked.
//!
//! Nodes (elements and text) are numbered in document order; 0 is the stanza itself. Namespaces are
//! effective ones. Nothing here recurses: clients can send stanzas that are tens of thousands deep.

mod builder;
pub mod edit;
mod edited;
mod element;
mod limits;
mod snapshot;
mod tree;
#[cfg(feature = "xml")]
pub mod xml;

pub use builder::Builder;
pub use element::{Element, Node};
pub use limits::{Excess, Limits};
pub use snapshot::SnapshotError;
pub use tree::Stanza;

/// The namespace that stands for those of the streams themselves (RFC 6120 §4.8.2).
///
/// What arrives as `jabber:server` on one stream leaves as `jabber:client` on another: a body in either
/// is a body to somebody, so they are one namespace here.
pub const STREAM_NAMESPACE: &str = "jabber:client";

/// The effective namespace of an element that names `namespace` explicitly.
pub(crate) fn effective(namespace: &str) -> &str {
    if is_stream(namespace.as_bytes()) { STREAM_NAMESPACE } else { namespace }
}

/// Is it another name for the namespace of the stream?
pub(crate) fn is_stream(namespace: &[u8]) -> bool {
    matches!(namespace, b"" | b"jabber:server" | b"jabber:component:accept")
}
