//! Only what is end-to-end encrypted is kept: in archives, in the history of rooms, for users who are offline.
//!
//! What ciphertext is, and what is readable outside it, the crate `recognition` knows. Here is what follows from it:
//! what is kept of a message, how long, and what a sender is told whose message cannot wait.

mod copies;
mod hints;
mod kind;
mod offline;
mod settings;
mod stored;
mod texts;

use prosody_policy::{ArchivePolicy, Element, Keep, Keeping, Party, Passage, Place, Policy, Ruling};
use recognition::outside::{self, Context, Judgement};

use crate::kind::Kind;
use crate::settings::{Rules, Settings};

const MUC_USER: &str = "http://jabber.org/protocol/muc#user";

/// The policy.
#[derive(Debug)]
pub struct Archive {
    rules: Rules,
}

impl Policy for Archive {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { rules: settings.check()? })
    }
}

impl ArchivePolicy for Archive {
    fn retention(&self) -> Option<u32> {
        Some(self.rules.retention)
    }

    fn keep(&mut self, keeping: Keeping) -> Ruling<Keep> {
        let stanza = prosody_policy::stanza();
        let root = stanza.root();
        match (keeping.place, root.attribute("type")) {
            // An error may quote what was sent; a headline is for those who are there.
            (_, Some("error")) => skip("error"),
            (_, Some("headline")) => skip("headline"),
            (Place::Archive, _) if !self.rules.archive => skip("off"),
            (Place::Room, _) if !self.rules.rooms => skip("off"),
            (Place::Archive, _) if !keeping.is_wanted => skip("not-wanted"),
            (Place::Archive | Place::Room, _) => self.keep_for_long(root, &context(keeping)),
            // A room gives its history to whoever comes back.
            (Place::Offline, Some("groupchat")) => skip("groupchat"),
            (Place::Offline, _) => match copies::inside(root) {
                Some(inside) => self.keep_copy(inside, &context(keeping)),
                None => self.keep_until_online(root, &context(keeping)),
            },
        }
    }
}

impl Archive {
    /// In an archive or the history of a room: ciphertext, and nothing else whoever asks for it.
    fn keep_for_long(&self, root: Element<'_>, context: &Context) -> Ruling<Keep> {
        if hints::forbid_permanent(root) {
            return skip("hint");
        }
        let reading = outside::read(root, context);
        match Kind::of(root, &reading) {
            Kind::Encrypted(scheme) => stored::keep(root, reading, scheme.word()).unwrap_or_else(skip),
            Kind::Keys if self.rules.key_transport => stored::keep(root, reading, "key-transport").unwrap_or_else(skip),
            Kind::Keys => skip("key-transport"),
            Kind::Otr => skip("otr"),
            Kind::Other => match reading.judgement() {
                Judgement::Refuse(reason) => skip(reason),
                Judgement::Pass(..) => skip("no-text"),
            },
        }
    }
}

/// What is known of a message that is to be kept. It has passed the server, so what a server says may stand in it.
fn context(keeping: Keeping) -> Context {
    let Passage { source, destination, .. } = keeping.passage;
    let room = keeping.place == Place::Room || source == Party::Room || destination == Party::Room;
    Context { strict: true, incoming: true, room, kept: true, ..Context::default() }
}

fn skip(reason: &str) -> Ruling<Keep> {
    Ruling::new(Keep::Skip, reason)
}

prosody_policy::policy!(Archive: archive);
