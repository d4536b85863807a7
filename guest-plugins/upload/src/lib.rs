//! Who may upload how much; only what looks like ciphertext; under a random name; and for how long it is kept.
//!
//! Two questions are asked about each file: about the slot, when only the client's word is known, and about the content,
//! piece by piece, while it arrives.

mod people;
mod quota;
mod refusal;
mod settings;
mod texts;
mod types;

use prosody_policy::{Content, Expiry, Piece, Policy, Ruling, Slot, SlotRequest, UploadPolicy, envelope};
use recognition::file::{Look, TAG};

use crate::refusal::Refusal;
use crate::settings::{Rules, Settings};

/// The policy.
#[derive(Debug)]
pub struct Upload {
    rules: Rules,
}

impl Policy for Upload {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { rules: settings.check()? })
    }
}

impl UploadPolicy for Upload {
    fn request(&mut self, request: SlotRequest) -> Ruling<Slot> {
        match self.refusal(&request) {
            None => Ruling::new(self.rules.names.clone(), "allowed"),
            Some(refusal) => Ruling::new(refusal.slot(envelope::attribute("xml:lang").as_deref()), refusal.reason()),
        }
    }

    fn inspect(&mut self, piece: Piece) -> (Ruling<Content>, Vec<u8>) {
        if !self.rules.only_encrypted {
            return (Ruling::new(Content::Accept, "any"), Vec::new());
        }
        // What was noted about another file, or another part of it, says nothing.
        let Some(mut look) = Look::decode(&piece.notes).ok().filter(|look| look.len() == piece.offset) else {
            return self.refuse("notes");
        };
        let found = look.feed(&piece.bytes);
        match found.or_else(|| look.end().filter(|_| piece.is_last)) {
            Some(finding) => self.refuse(finding.reason()),
            None => (Ruling::new(Content::Accept, "ciphertext"), look.encode()),
        }
    }

    fn expiry(&self) -> Expiry {
        self.rules.expiry
    }
}

impl Upload {
    fn refusal(&self, request: &SlotRequest) -> Option<Refusal> {
        let SlotRequest { user, size, content_type, .. } = request;
        if !self.rules.who.hold(user) {
            return Some(Refusal::Who);
        }
        if !self.rules.types.hold(content_type) {
            return Some(Refusal::Type);
        }
        if self.rules.only_encrypted && *size < TAG {
            return Some(Refusal::TooShort);
        }
        quota::refusal(&self.rules, *size, &request.usage)
    }

    fn refuse(&self, reason: &str) -> (Ruling<Content>, Vec<u8>) {
        (Ruling::new(Content::Refuse(texts::readable(&self.rules.texts)), reason), Vec::new())
    }
}

prosody_policy::policy!(Upload: upload);
