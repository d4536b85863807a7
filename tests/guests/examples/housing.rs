//! Answers at the hooks of uploads, rooms, keys and block lists as its settings say, so that tests see what becomes of it.

use prosody_policy::{
    Access, Admission, BlocklistPolicy, Bounce, Change, Circumstance, Content, Decision, ErrorCondition, ErrorType,
    Exemption, Exempts, Expiry, Fact, KeysPolicy, MessagePolicy, Needs, Passage, Piece, Policy, Reading, Room,
    RoomPolicy, Ruling, Settle, Slot, SlotRequest, StanzaKind, UploadPolicy, Want, blocklist, edits, holding, log,
    operator, roles, rooms, roster, routing, standing, stanza,
};
use serde::Deserialize;

struct Housing(Settings);

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// `allow`, `renamed`, `unnamed`, `refuse`, `size`, `now`.
    slot: String,
    /// Refuses a file that has this byte.
    byte: Option<u8>,
    /// Returns so many bytes of notes.
    notes: Option<usize>,
    hours: Option<u32>,
    user_bytes: Option<u64>,
    /// `exempt`, `allow`, `close`, `refuse`, `fail`; `fail-later`, but not when it is tried.
    room: String,
    /// `open`, `refuse`; else as configured.
    keys: String,
    /// Refuses to block more than so many.
    blocked: Option<u32>,
    /// What it does with each message besides: `copy`, `forward`, `answer`, `hold`, `release`, `discard`, `tell`; and `facts`,
    /// which logs them.
    effects: Vec<String>,
    needs: Vec<String>,
    /// `contact`, `client`; `both` is one exemption, `nothing` one without a circumstance.
    exempt: Vec<String>,
}

impl Policy for Housing {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self(settings))
    }
}

fn bounce(text: &str) -> Bounce {
    Bounce { error_type: ErrorType::Cancel, condition: ErrorCondition::NotAllowed, text: text.into() }
}

impl UploadPolicy for Housing {
    fn request(&mut self, request: SlotRequest) -> Ruling<Slot> {
        let text = format!(
            "{} {} {} {} {}",
            request.user, request.name, request.size, request.content_type, request.usage.user_bytes
        );
        let verdict = match self.0.slot.as_str() {
            "renamed" => Slot::AllowRenamed,
            "unnamed" => Slot::AllowUnnamed,
            "refuse" => Slot::Refuse(bounce(&text)),
            "size" => Slot::RefuseSize { limit: 1000, text },
            "now" => Slot::RefuseNow { seconds: request.usage.hour_ends, text },
            _ => Slot::Allow,
        };
        Ruling::new(verdict, "slot")
    }

    /// The notes count the bytes.
    fn inspect(&mut self, piece: Piece) -> (Ruling<Content>, Vec<u8>) {
        let before = piece.notes.try_into().map_or(0, u64::from_le_bytes);
        if before != piece.offset {
            return (Ruling::new(Content::Refuse(format!("{before} and not {}", piece.offset)), "notes"), Vec::new());
        }
        let count = before + piece.bytes.len() as u64;
        if piece.is_last && count != piece.size {
            return (Ruling::new(Content::Refuse(format!("{count} and not {}", piece.size)), "size"), Vec::new());
        }
        if self.0.byte.is_some_and(|byte| piece.bytes.contains(&byte)) {
            return (Ruling::new(Content::Refuse("this byte may not be in it".into()), "byte"), Vec::new());
        }
        let notes = self.0.notes.map_or_else(|| count.to_le_bytes().to_vec(), |length| vec![0; length]);
        (Ruling::new(Content::Accept, "no-such-byte"), notes)
    }

    fn expiry(&self) -> Expiry {
        Expiry { hours: self.0.hours, user_bytes: self.0.user_bytes, total_bytes: None }
    }
}

impl RoomPolicy for Housing {
    fn settle(&mut self, room: Room) -> Ruling<Settle> {
        match self.0.room.as_str() {
            "exempt" => Ruling::new(Settle::Exempt, "open"),
            "refuse" => Ruling::new(Settle::Refuse(bounce(&format!("{:?} {:?}", room.occasion, room.actor))), "no"),
            "fail" => panic!("asked about a room"),
            "fail-later" if !room.address.ends_with(".invalid") => panic!("asked about a room"),
            "close" => {
                let form = stanza();
                let mut fields = form.root().subtree();
                let field = fields.find(|field| field.attribute("var") == Some("muc#roomconfig_membersonly"));
                if let Some(value) = field.and_then(|field| field.child_elements().next()) {
                    edits::set_text(value.number(), "1");
                }
                Ruling::new(Settle::Allow, "closed")
            }
            _ => Ruling::new(Settle::Allow, "as-it-is"),
        }
    }
}

impl KeysPolicy for Housing {
    fn read(&mut self, reading: Reading) -> Ruling<Access> {
        match self.0.keys.as_str() {
            "open" if reading.is_sharing_room => Ruling::new(Access::Open, "roommate"),
            "refuse" => Ruling::new(Access::Refuse, "no"),
            _ => Ruling::new(Access::AsConfigured, "as-configured"),
        }
    }
}

impl BlocklistPolicy for Housing {
    fn change(&mut self, change: Change) -> Ruling<Admission> {
        match self.0.blocked.is_some_and(|limit| change.is_blocking && change.blocked + change.count > limit) {
            true => Ruling::new(Admission::Refuse(bounce(&format!("{} blocks too many", change.user))), "too-many"),
            false => Ruling::new(Admission::Allow, "few"),
        }
    }
}

impl MessagePolicy for Housing {
    fn wants(&self) -> Vec<Want> {
        if self.0.effects.is_empty() { Vec::new() } else { vec![Want::all(StanzaKind::Message)] }
    }

    fn decide(&mut self, _: Passage) -> Decision {
        for effect in &self.0.effects {
            match effect.as_str() {
                "strip" => stanza().root().child_elements().take(1).for_each(|child| edits::remove(child.number())),
                "copy" => routing::copy("elsewhere@local.test"),
                "forward" => routing::forward("elsewhere@local.test", None),
                "report" => routing::forward(
                    "elsewhere@local.test",
                    Some(&routing::Report { reason: "urn:xmpp:reporting:spam".into(), text: "why".into() }),
                ),
                "answer" => routing::answer("Thanks."),
                "hold" => holding::hold("key"),
                "release" => holding::release("key"),
                "discard" => holding::discard("key"),
                "tell" => operator::tell("Look."),
                _ => log::write(
                    log::Level::Debug,
                    &format!(
                        "exempt={} shared={} blocked={} {:?} sender={:?} recipient={:?} roster={:?}",
                        rooms::is_exempt(),
                        rooms::is_shared(),
                        blocklist::is_blocked(),
                        standing::acquaintance(),
                        roles::sender(),
                        roles::recipient(),
                        roster::subscription(),
                    ),
                ),
            }
        }
        match self.0.effects.iter().any(|effect| effect == "hold") {
            true => Decision::drop("held"),
            false => Decision::pass("done"),
        }
    }
}

impl Needs for Housing {
    fn needed(&self) -> Vec<Fact> {
        let named = |word: &String| match word.as_str() {
            "roster" => Fact::Roster,
            "rooms" => Fact::Rooms,
            "blocklist" => Fact::Blocklist,
            "standing" => Fact::Standing,
            _ => Fact::Roles,
        };
        self.0.needs.iter().map(named).collect()
    }
}

impl Exempts for Housing {
    fn exempt(&self) -> Vec<Exemption> {
        let named = |word: &String| match word.as_str() {
            "contact" => vec![Circumstance::FromContact],
            "client" => vec![Circumstance::ToClient],
            "both" => vec![Circumstance::FromContact, Circumstance::ToClient],
            _ => Vec::new(),
        };
        let exempt = self.0.exempt.iter().map(named);
        exempt.map(|circumstances| Exemption { kind: StanzaKind::Message, circumstances }).collect()
    }
}

prosody_policy::policy!(Housing: message, upload, room, keys, blocklist, needs, exemptions);
