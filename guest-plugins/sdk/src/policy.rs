//! What an author implements: one trait for the life of a policy, one for each hook.

use serde::de::DeserializeOwned;

use crate::{
    Access, Admission, Carbon, Change, Content, Decision, Deliver, Delivery, Exemption, Expiry, Fact, Keep, Keeping,
    Notification, Passage, Piece, Push, Reading, Registration, Room, Ruling, Sample, Settle, Slot, SlotRequest, Want,
};

/// A policy, made from the operator's settings.
///
/// ```
/// use prosody_policy::Policy;
///
/// struct Limited {
///     most: usize,
/// }
///
/// #[derive(serde::Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct Settings {
///     most: usize,
/// }
///
/// impl Policy for Limited {
///     type Settings = Settings;
///
///     fn configure(settings: Settings) -> Result<Self, String> {
///         match settings.most {
///             0 => Err("most is 0: nothing would ever pass".into()),
///             most => Ok(Self { most }),
///         }
///     }
/// }
///
/// let refused = prosody_policy::testing::configure::<Limited>(r#"{"most": 0}"#).err();
/// assert_eq!(refused.as_deref(), Some("most is 0: nothing would ever pass"));
/// ```
pub trait Policy: Sized {
    /// The operator's settings: a struct with `#[serde(deny_unknown_fields)]`, so that typos are refused.
    type Settings: DeserializeOwned;

    /// Makes the policy. An error refuses it; the text is shown to the operator.
    fn configure(settings: Self::Settings) -> Result<Self, String>;
}

/// A policy that decides about messages, presence and IQs on their way.
///
/// ```
/// use prosody_policy::{Decision, Direction, MessagePolicy, Passage, Policy, StanzaKind, Want};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Mine;
/// # impl Policy for Mine {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
/// # }
///
/// impl MessagePolicy for Mine {
///     fn wants(&self) -> Vec<Want> {
///         vec![Want { direction: Some(Direction::Outgoing), ..Want::all(StanzaKind::Message) }]
///     }
///
///     fn decide(&mut self, _: Passage) -> Decision {
///         match prosody_policy::stanza().root().child("subject", "jabber:client") {
///             Some(_) => Decision::refuse("subject", "Messages have no subject here."),
///             None => Decision::pass("no-subject"),
///         }
///     }
/// }
///
/// prosody_policy::policy!(Mine: message);
/// ```
pub trait MessagePolicy: Policy {
    /// Which stanzas it wants to see. Asked once.
    fn wants(&self) -> Vec<Want>;

    /// What is to happen to the current stanza.
    fn decide(&mut self, passage: Passage) -> Decision;
}

/// A policy that decides what is kept: in archives, in the history of rooms, for users who are offline.
///
/// ```
/// use prosody_policy::{ArchivePolicy, Keep, Keeping, Place, Policy, Ruling};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Mine;
/// # impl Policy for Mine {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
/// # }
///
/// impl ArchivePolicy for Mine {
///     fn retention(&self) -> Option<u32> {
///         Some(72)
///     }
///
///     fn keep(&mut self, keeping: Keeping) -> Ruling<Keep> {
///         match keeping.place {
///             Place::Offline => Ruling::new(Keep::Memory, "offline"),
///             _ => Ruling::new(Keep::Skip, "no-archives"),
///         }
///     }
/// }
///
/// prosody_policy::policy!(Mine: archive);
/// ```
pub trait ArchivePolicy: Policy {
    /// How many hours what is kept may be kept; `None` for no limit of its own. Asked once.
    fn retention(&self) -> Option<u32> {
        None
    }

    /// What is to be kept of the current message, with the [edits](crate::edits) that were asked for.
    fn keep(&mut self, keeping: Keeping) -> Ruling<Keep>;
}

/// A policy that decides which messages are copied to a user's other devices.
///
/// ```
/// use prosody_policy::{Carbon, CarbonsPolicy, Passage, Policy, Ruling};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Mine;
/// # impl Policy for Mine {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
/// # }
///
/// impl CarbonsPolicy for Mine {
///     fn copy(&mut self, _: Passage) -> Ruling<Carbon> {
///         Ruling::new(Carbon::CopyToEncrypting, "keys-only")
///     }
/// }
///
/// prosody_policy::policy!(Mine: carbons);
/// ```
pub trait CarbonsPolicy: Policy {
    /// Who gets a copy of the current message: one that the user sent if the passage is outgoing.
    fn copy(&mut self, passage: Passage) -> Ruling<Carbon>;
}

/// A policy that decides what wakes a client that said that it is inactive.
///
/// ```
/// use prosody_policy::{Deliver, Delivery, DeliveryPolicy, Policy, Ruling, StanzaKind};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Mine;
/// # impl Policy for Mine {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
/// # }
///
/// impl DeliveryPolicy for Mine {
///     fn deliver(&mut self, delivery: Delivery) -> Ruling<Deliver> {
///         match delivery.passage.kind {
///             StanzaKind::Presence => Ruling::new(Deliver::Hold, "presence"),
///             _ => Ruling::new(Deliver::Deliver, "something-else"),
///         }
///     }
/// }
///
/// prosody_policy::policy!(Mine: delivery);
/// ```
pub trait DeliveryPolicy: Policy {
    /// When the current stanza is delivered to it, with the [edits](crate::edits) that were asked for.
    fn deliver(&mut self, delivery: Delivery) -> Ruling<Deliver>;
}

/// A policy that decides who may notify sleeping devices, and what he learns by it.
///
/// ```
/// use prosody_policy::{Admission, Notification, Policy, Push, PushPolicy, Registration, Ruling};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Mine;
/// # impl Policy for Mine {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
/// # }
///
/// impl PushPolicy for Mine {
///     fn register(&mut self, _: Registration) -> Ruling<Admission> {
///         Ruling::new(Admission::Allow, "any-service")
///     }
///
///     fn notify(&mut self, _: Notification) -> Ruling<Push> {
///         Ruling::new(Push::Redact(30), "no-text")
///     }
/// }
///
/// prosody_policy::policy!(Mine: push);
/// ```
pub trait PushPolicy: Policy {
    /// May a device be registered? The current stanza is the request.
    fn register(&mut self, registration: Registration) -> Ruling<Admission>;

    /// What the service is told about the current stanza.
    fn notify(&mut self, notification: Notification) -> Ruling<Push>;
}

/// A policy that decides who may upload what, looks at what is uploaded, and says for how long it is kept.
///
/// ```
/// use prosody_policy::{Content, Piece, Policy, Ruling, Slot, SlotRequest, UploadPolicy};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Mine;
/// # impl Policy for Mine {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
/// # }
///
/// impl UploadPolicy for Mine {
///     fn request(&mut self, request: SlotRequest) -> Ruling<Slot> {
///         match request.size {
///             0..=1_000_000 => Ruling::new(Slot::AllowUnnamed, "small"),
///             _ => Ruling::new(Slot::RefuseSize { limit: 1_000_000, text: "At most 1 MB.".into() }, "large"),
///         }
///     }
///
///     fn inspect(&mut self, piece: Piece) -> (Ruling<Content>, Vec<u8>) {
///         let is_script = piece.offset == 0 && piece.bytes.starts_with(b"#!");
///         let verdict = if is_script { Content::Refuse("No programs.".into()) } else { Content::Accept };
///         (Ruling::new(verdict, if is_script { "script" } else { "no-script" }), Vec::new())
///     }
/// }
///
/// prosody_policy::policy!(Mine: upload);
/// ```
pub trait UploadPolicy: Policy {
    /// May the file be uploaded?
    fn request(&mut self, request: SlotRequest) -> Ruling<Slot>;

    /// May the file go on, of which a piece has come? With at most 8,192 bytes of notes to be shown with the next piece.
    fn inspect(&mut self, piece: Piece) -> (Ruling<Content>, Vec<u8>);

    /// For how long files are kept. Asked once.
    fn expiry(&self) -> Expiry {
        Expiry::default()
    }
}

/// A policy that decides how rooms may be configured.
///
/// ```
/// use prosody_policy::{Policy, Room, RoomPolicy, Ruling, Settle};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Mine;
/// # impl Policy for Mine {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
/// # }
///
/// impl RoomPolicy for Mine {
///     fn settle(&mut self, room: Room) -> Ruling<Settle> {
///         match room.address.starts_with("public-") {
///             true => Ruling::new(Settle::Exempt, "public"),
///             false => Ruling::new(Settle::Allow, "as-asked"),
///         }
///     }
/// }
///
/// prosody_policy::policy!(Mine: room);
/// ```
pub trait RoomPolicy: Policy {
    /// How is the room to be configured, with the [edits](crate::edits) of the form that were asked for?
    fn settle(&mut self, room: Room) -> Ruling<Settle>;
}

/// A policy that decides who may read OMEMO keys besides those whom their owner allows.
///
/// ```
/// use prosody_policy::{Access, KeysPolicy, Policy, Reading, Ruling};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Mine;
/// # impl Policy for Mine {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
/// # }
///
/// impl KeysPolicy for Mine {
///     fn read(&mut self, reading: Reading) -> Ruling<Access> {
///         let access = if reading.is_sharing_room { Access::Open } else { Access::AsConfigured };
///         Ruling::new(access, "keys")
///     }
/// }
///
/// prosody_policy::policy!(Mine: keys);
/// ```
pub trait KeysPolicy: Policy {
    /// May they be read?
    fn read(&mut self, reading: Reading) -> Ruling<Access>;
}

/// A policy that decides about changes of block lists.
///
/// ```
/// use prosody_policy::{Admission, BlocklistPolicy, Bounce, Change, ErrorCondition, ErrorType, Policy, Ruling};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Mine;
/// # impl Policy for Mine {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self) }
/// # }
///
/// impl BlocklistPolicy for Mine {
///     fn change(&mut self, change: Change) -> Ruling<Admission> {
///         if !change.is_blocking || change.blocked + change.count <= 1_000 {
///             return Ruling::new(Admission::Allow, "room-for-it");
///         }
///         let (error_type, condition) = (ErrorType::Cancel, ErrorCondition::ResourceConstraint);
///         let bounce = Bounce { error_type, condition, text: "Your block list is full.".into() };
///         Ruling::new(Admission::Refuse(bounce), "full")
///     }
/// }
///
/// prosody_policy::policy!(Mine: blocklist);
/// ```
pub trait BlocklistPolicy: Policy {
    /// May the list be changed?
    fn change(&mut self, change: Change) -> Ruling<Admission>;
}

/// A policy whose settings decide which facts it looks at.
pub trait Needs: Policy {
    /// Those it needs; the others are empty. Asked once.
    fn needed(&self) -> Vec<Fact>;
}

/// A policy that lets pass some of what arrives whatever it says, and so need not be asked about it.
pub trait Exempts: MessagePolicy {
    /// Stanzas that it passes whenever it is asked about them as incoming, without an edit or an effect, and without
    /// remembering anything of them. At most 16. Asked once.
    fn exempt(&self) -> Vec<Exemption>;
}

/// A policy that shows that it works before it is put into force.
pub trait ShowsSamples: MessagePolicy {
    /// Stanzas with what is to become of them under its settings. The host refuses it when one comes out otherwise.
    fn samples(&self) -> Vec<Sample>;
}

/// A policy that hands its state over when it is replaced.
///
/// ```
/// use prosody_policy::{KeepsState, Policy};
/// # #[derive(serde::Deserialize)]
/// # struct Settings {}
/// # struct Counting { count: u64 }
/// # impl Policy for Counting {
/// #     type Settings = Settings;
/// #     fn configure(_: Settings) -> Result<Self, String> { Ok(Self { count: 0 }) }
/// # }
///
/// impl KeepsState for Counting {
///     fn save(&self) -> Vec<u8> {
///         self.count.to_le_bytes().to_vec()
///     }
///
///     fn restore(&mut self, _: &str, state: Vec<u8>) -> Result<(), String> {
///         let bytes = state.try_into().map_err(|_| "this is no count".to_owned())?;
///         self.count = u64::from_le_bytes(bytes);
///         Ok(())
///     }
/// }
/// ```
pub trait KeepsState: Policy {
    /// The state to hand over.
    fn save(&self) -> Vec<u8>;

    /// Takes it over; `version` is the sha256 of the component that saved it. An error keeps the predecessor in force.
    fn restore(&mut self, version: &str, state: Vec<u8>) -> Result<(), String>;
}
