//! How large a stanza may be before it is refused instead of judged.

use std::fmt;

/// The size up to which a stanza is judged. Beyond, it is refused whole: a policy that saw only a part
/// could be evaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Levels of elements, the stanza itself being the first.
    pub depth: usize,
    /// Elements, texts and attributes together.
    pub nodes: usize,
    /// Attributes of one element.
    pub attributes: usize,
    /// Bytes of names, namespaces, attributes and text together.
    pub bytes: usize,
    /// Bytes of text together.
    pub text: usize,
}

impl Default for Limits {
    /// Room for what Prosody's own limits let through: 512 KiB from servers, 256 KiB from clients.
    fn default() -> Self {
        Self { depth: 64, nodes: 10_000, attributes: 64, bytes: 512 * 1024, text: 256 * 1024 }
    }
}

/// Why a stanza is refused unseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Deeper than [`Limits::depth`].
    Depth,
    /// More nodes than [`Limits::nodes`].
    Nodes,
    /// More attributes on one element than [`Limits::attributes`].
    Attributes,
    /// More bytes than [`Limits::bytes`], or of text than [`Limits::text`].
    Bytes,
    /// Not the shape of a stanza: no name, a value that is neither text nor element, bad UTF-8.
    Malformed,
}

impl Excess {
    /// The reason as a word for logs and replays.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Depth => "too-deep",
            Self::Nodes => "too-many-nodes",
            Self::Attributes => "too-many-attributes",
            Self::Bytes => "too-large",
            Self::Malformed => "malformed",
        }
    }

    /// The reason as the end of a sentence about a stanza, under the limits of [`Limits::default`].
    pub fn sentence(self) -> String {
        let Limits { depth, nodes, attributes, bytes, text } = Limits::default();
        match self {
            Self::Depth => format!("is more than {depth} elements deep"),
            Self::Nodes => format!("has more than {nodes} elements, texts and attributes"),
            Self::Attributes => format!("has more than {attributes} attributes on one element"),
            Self::Bytes => format!("has more than {} KiB, or {} KiB of text", bytes >> 10, text >> 10),
            Self::Malformed => "is not well-formed XML of one element, or has what XMPP does not allow".into(),
        }
    }
}

impl fmt::Display for Excess {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.reason())
    }
}

impl std::error::Error for Excess {}
