//! What can be found, by name.

use prosody_wasm_runtime::suggestion::nearest;

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    MessageText,
    Otr,
    FileName,
    ReadableUpload,
    IpAddress,
    WhoTalksToWhom,
    Jid,
    LastSeen,
    TooOld,
    UnreadableFile,
    UnknownFile,
    FallbackText,
    ProfileText,
}

impl Kind {
    pub const ALL: [Self; 13] = [
        Self::MessageText,
        Self::Otr,
        Self::FileName,
        Self::ReadableUpload,
        Self::IpAddress,
        Self::WhoTalksToWhom,
        Self::Jid,
        Self::LastSeen,
        Self::TooOld,
        Self::UnreadableFile,
        Self::UnknownFile,
        Self::FallbackText,
        Self::ProfileText,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::MessageText => "message-text",
            Self::Otr => "otr",
            Self::FileName => "file-name",
            Self::ReadableUpload => "readable-upload",
            Self::IpAddress => "ip-address",
            Self::WhoTalksToWhom => "who-talks-to-whom",
            Self::Jid => "jid",
            Self::LastSeen => "last-seen",
            Self::TooOld => "too-old",
            Self::UnreadableFile => "unreadable-file",
            Self::UnknownFile => "unknown-file",
            Self::FallbackText => "fallback-text",
            Self::ProfileText => "profile-text",
        }
    }

    /// Is it only said, and no reason for another exit status?
    pub fn is_informational(self) -> bool {
        matches!(self, Self::FallbackText | Self::ProfileText)
    }

    /// The kind of this name, or a sentence that helps to find it.
    pub fn parse(name: &str) -> Result<Self, String> {
        let names = || Self::ALL.into_iter().map(Self::name);
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| match nearest(name, names()) {
            Some(meant) => format!("there is no kind \"{name}\"; did you mean {meant}?"),
            None => format!("there is no kind \"{name}\"; there are {}", names().collect::<Vec<_>>().join(", ")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_of_a_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.name()), Ok(kind));
        }
        assert_eq!(Kind::parse("too-olt"), Err("there is no kind \"too-olt\"; did you mean too-old?".into()));
        assert!(Kind::parse("colour").unwrap_err().contains("who-talks-to-whom, jid"));
    }
}
