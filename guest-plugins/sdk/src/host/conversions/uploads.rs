//! Uploads.

use crate::bindings::upload_policy::exports::prosody::policy::upload_policy;
use crate::{Content, Expiry, Piece, Ruling, Slot, SlotRequest, Usage};

impl From<upload_policy::SlotRequest> for SlotRequest {
    fn from(request: upload_policy::SlotRequest) -> Self {
        let upload_policy::SlotRequest { user, name, size, content_type, usage } = request;
        let upload_policy::Usage { hour_slots, hour_ends, day_bytes, day_ends, user_bytes, total_bytes } = usage;
        let usage = Usage { hour_slots, hour_ends, day_bytes, day_ends, user_bytes, total_bytes };
        Self { user, name, size, content_type, usage }
    }
}

impl From<Ruling<Slot>> for upload_policy::SlotRuling {
    fn from(Ruling { verdict, reason }: Ruling<Slot>) -> Self {
        let verdict = match verdict {
            Slot::Allow => upload_policy::SlotVerdict::Allow,
            Slot::AllowRenamed => upload_policy::SlotVerdict::AllowRenamed,
            Slot::AllowUnnamed => upload_policy::SlotVerdict::AllowUnnamed,
            Slot::Refuse(bounce) => upload_policy::SlotVerdict::Refuse(bounce.into()),
            Slot::RefuseSize { limit, text } => {
                upload_policy::SlotVerdict::RefuseSize(upload_policy::TooLarge { limit, text })
            }
            Slot::RefuseNow { seconds, text } => {
                upload_policy::SlotVerdict::RefuseNow(upload_policy::Retry { seconds, text })
            }
        };
        Self { verdict, reason }
    }
}

impl From<upload_policy::Piece> for Piece {
    fn from(piece: upload_policy::Piece) -> Self {
        let upload_policy::Piece { user, size, offset, bytes, is_last, notes } = piece;
        Self { user, size, offset, bytes, is_last, notes }
    }
}

impl From<(Ruling<Content>, Vec<u8>)> for upload_policy::ContentRuling {
    fn from((Ruling { verdict, reason }, notes): (Ruling<Content>, Vec<u8>)) -> Self {
        let verdict = match verdict {
            Content::Accept => upload_policy::ContentVerdict::Accept,
            Content::Refuse(text) => upload_policy::ContentVerdict::Refuse(text),
        };
        Self { verdict, notes, reason }
    }
}

impl From<Expiry> for upload_policy::Expiry {
    fn from(Expiry { hours, user_bytes, total_bytes }: Expiry) -> Self {
        Self { hours, user_bytes, total_bytes }
    }
}
