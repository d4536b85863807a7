//! What a policy is asked about uploads (XEP-0363), and answers.

use crate::Bounce;

/// What users have uploaded, by what they said when they asked for a slot: in the hour and the day also what has been removed
/// since, if the server has run that long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Slots that the user got in the last 3,600 seconds.
    pub hour_slots: u32,
    /// Seconds until the oldest of these is not counted any more.
    pub hour_ends: u32,
    /// Bytes for which he got slots in the last 86,400 seconds.
    pub day_bytes: u64,
    /// Seconds until the oldest of these is not counted any more.
    pub day_ends: u32,
    /// Bytes of the user that are kept.
    pub user_bytes: u64,
    /// Bytes of all users of this upload service that are kept.
    pub total_bytes: u64,
}

/// A request for a slot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlotRequest {
    /// Who asks, without resource. Not always a user of this server.
    pub user: String,
    /// What the file is called.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    /// Its media type as the client says, in lower case and without parameters; empty when it says none.
    pub content_type: String,
    /// What there is already.
    pub usage: Usage,
}

/// May a file be uploaded?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// It may, if the server would allow it.
    Allow,
    /// It may, under a random name that ends as the one that was asked for, if that is a dot and at most 8 letters or digits.
    AllowRenamed,
    /// It may, under a random name.
    AllowUnnamed,
    /// It may not; the client is told this.
    Refuse(Bounce),
    /// It may not, because of its size.
    RefuseSize {
        /// So large it may be, in bytes.
        limit: u64,
        /// What the user is told.
        text: String,
    },
    /// Not now.
    RefuseNow {
        /// The request may be repeated in so many seconds; at most 31,536,000.
        seconds: u32,
        /// What the user is told.
        text: String,
    },
}

/// A piece of a file that is arriving.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// Who uploads, without resource.
    pub user: String,
    /// How large the file is to be.
    pub size: u64,
    /// How much of it came before this piece.
    pub offset: u64,
    /// At most 65,536 bytes.
    pub bytes: Vec<u8>,
    /// Is it the last one? Of every file there is one, which may be empty.
    pub is_last: bool,
    /// What this policy noted with the piece before; empty for the first one.
    pub notes: Vec<u8>,
}

/// May a file go on?
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// As far as can be seen.
    Accept,
    /// It is removed, and answered with 415 and this text.
    Refuse(String),
}

/// For how long files are kept; no limit of its own where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expiry {
    /// Hours from the slot on, 1 to 87,600.
    pub hours: Option<u32>,
    /// Bytes of one user; when there are more, his oldest files are removed.
    pub user_bytes: Option<u64>,
    /// Bytes of all users; when there are more, the oldest files are removed.
    pub total_bytes: Option<u64>,
}
