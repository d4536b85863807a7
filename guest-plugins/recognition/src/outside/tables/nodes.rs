//! Which nodes may be published (XEP-0163), and what is in them (strict mode).

use crate::namespaces::{OMEMO, OMEMO_1, OMEMO_2, OPENPGP};

use crate::outside::shape::Shape;
use crate::outside::values::Value::{Address, Base64, Boolean, Hex, Human, Number, Pair, Time, Token};

const BOOKMARKS_1: &str = "urn:xmpp:bookmarks:1";
const STORAGE: &str = "storage:bookmarks";

/// The payload of an item.
pub enum Item {
    /// Of this shape.
    Of(&'static Shape),
    /// For the publisher alone, as a roster is, and then not looked into; of this shape where others may read it.
    Own(&'static Shape),
    /// A picture in base64.
    Picture(&'static str),
}

impl Item {
    /// What a node of this name holds; none if it may not be published.
    pub fn of(node: &str) -> Option<&'static Self> {
        let is = |known: &str| node == known || known.ends_with(':') && node.starts_with(known);
        NODES.iter().find(|(known, _)| is(known)).map(|(_, item)| item)
    }
}

/// A node, or the beginning of the names of several, and what it holds.
static NODES: &[(&str, Item)] = &[
    ("eu.siacs.conversations.axolotl.bundles:", Item::Of(&BUNDLE)),
    ("eu.siacs.conversations.axolotl.devicelist", Item::Of(&DEVICES)),
    ("urn:xmpp:omemo:1:bundles", Item::Of(&BUNDLE_1)),
    ("urn:xmpp:omemo:1:devices", Item::Of(&DEVICES_1)),
    ("urn:xmpp:omemo:2:bundles", Item::Of(&BUNDLE_2)),
    ("urn:xmpp:omemo:2:devices", Item::Of(&DEVICES_2)),
    ("urn:xmpp:openpgp:0:public-keys:", Item::Of(&KEY)),
    ("urn:xmpp:openpgp:0:public-keys", Item::Of(&KEYS)),
    ("urn:xmpp:openpgp:0:secret-key", Item::Of(&SECRET_KEY)),
    ("urn:xmpp:avatar:data", Item::Picture("urn:xmpp:avatar:data")),
    ("urn:xmpp:avatar:metadata", Item::Of(&AVATAR)),
    ("urn:xmpp:bookmarks:1", Item::Own(&BOOKMARK)),
    ("storage:bookmarks", Item::Own(&BOOKMARKS)),
    ("urn:xmpp:mds:displayed:0", Item::Of(&DISPLAYED)),
];

static DEVICES: Shape =
    Shape::new(OMEMO, &["list"]).around(&[Shape::new(OMEMO, &["device"]).with(&[("id", Number), ("label", Human)])]);

static BUNDLE: Shape = Shape::new(OMEMO, &["bundle"]).around(&[
    Shape::new(OMEMO, &["signedPreKeyPublic"]).with(&[("signedPreKeyId", Number)]).text(Base64),
    Shape::new(OMEMO, &["identityKey", "signedPreKeySignature"]).text(Base64),
    Shape::new(OMEMO, &["prekeys"])
        .around(&[Shape::new(OMEMO, &["preKeyPublic"]).with(&[("preKeyId", Number)]).text(Base64)]),
]);

const fn devices(namespace: &'static str, device: &'static [Shape]) -> Shape {
    Shape::new(namespace, &["devices"]).around(device)
}

/// A label is what the owner calls a device.
const DEVICE: &[(&str, crate::outside::values::Value)] = &[("id", Number), ("label", Human), ("labelsig", Human)];

static DEVICES_1: Shape = devices(OMEMO_1, &[Shape::new(OMEMO_1, &["device"]).with(DEVICE)]);
static DEVICES_2: Shape = devices(OMEMO_2, &[Shape::new(OMEMO_2, &["device"]).with(DEVICE)]);

static BUNDLE_1: Shape = Shape::new(OMEMO_1, &["bundle"]).around(&[
    Shape::new(OMEMO_1, &["spk"]).with(&[("id", Number)]).text(Base64),
    Shape::new(OMEMO_1, &["ik", "spks"]).text(Base64),
    Shape::new(OMEMO_1, &["prekeys"]).around(&[Shape::new(OMEMO_1, &["pk"]).with(&[("id", Number)]).text(Base64)]),
]);

static BUNDLE_2: Shape = Shape::new(OMEMO_2, &["bundle"]).around(&[
    Shape::new(OMEMO_2, &["spk"]).with(&[("id", Number)]).text(Base64),
    Shape::new(OMEMO_2, &["ik", "spks"]).text(Base64),
    Shape::new(OMEMO_2, &["prekeys"]).around(&[Shape::new(OMEMO_2, &["pk"]).with(&[("id", Number)]).text(Base64)]),
]);

static KEY: Shape =
    Shape::new(OPENPGP, &["pubkey"]).with(&[("date", Time)]).around(&[Shape::new(OPENPGP, &["data"]).text(Base64)]);

static KEYS: Shape = Shape::new(OPENPGP, &["public-keys-list"])
    .around(&[Shape::new(OPENPGP, &["pubkey-metadata"]).with(&[("date", Time), ("v4-fingerprint", Hex)])]);

static SECRET_KEY: Shape = Shape::new(OPENPGP, &["secretkey"]).text(Base64);

static AVATAR: Shape =
    Shape::new("urn:xmpp:avatar:metadata", &["metadata"]).around(&[Shape::new("urn:xmpp:avatar:metadata", &["info"])
        .with(&[
            ("bytes", Number),
            ("height", Number),
            ("id", Token),
            ("type", Token),
            ("url", Human),
            ("width", Number),
        ])]);

/// A name of two words tells no more than the room's address; there is no room for a sentence.
static BOOKMARK: Shape = Shape::new(BOOKMARKS_1, &["conference"])
    .with(&[("autojoin", Boolean), ("name", Pair)])
    .around(&[Shape::new(BOOKMARKS_1, &["nick"]).text(Pair)]);

static BOOKMARKS: Shape = Shape::new(STORAGE, &["storage"]).around(&[Shape::new(STORAGE, &["conference"])
    .with(&[("autojoin", Boolean), ("jid", Address), ("name", Pair)])
    .around(&[Shape::new(STORAGE, &["nick"]).text(Pair)])]);

static DISPLAYED: Shape =
    Shape::new("urn:xmpp:mds:displayed:0", &["displayed"])
        .around(&[Shape::new("urn:xmpp:sid:0", &["stanza-id"]).with(&[("by", Address), ("id", Token)])]);

/// What the publisher may ask of the node (XEP-0060 §7.1.5): fields and values, all of them words of the protocol.
pub const OPTIONS: Shape =
    Shape::new("jabber:x:data", &["x"]).with(&[("type", Token)]).around(&[Shape::new("jabber:x:data", &["field"])
        .with(&[("type", Token), ("var", OPTION)])
        .around(&[Shape::new("jabber:x:data", &["value"]).text(Token), Shape::new("jabber:x:data", &["required"])])]);

const OPTION: crate::outside::values::Value = crate::outside::values::Value::OneOf(&[
    "FORM_TYPE",
    "pubsub#access_model",
    "pubsub#deliver_notifications",
    "pubsub#deliver_payloads",
    "pubsub#item_expire",
    "pubsub#itemreply",
    "pubsub#max_items",
    "pubsub#max_payload_size",
    "pubsub#notify_config",
    "pubsub#notify_delete",
    "pubsub#notify_retract",
    "pubsub#notify_sub",
    "pubsub#notification_type",
    "pubsub#persist_items",
    "pubsub#presence_based_delivery",
    "pubsub#publish_model",
    "pubsub#purge_offline",
    "pubsub#roster_groups_allowed",
    "pubsub#send_last_published_item",
    "pubsub#type",
]);

/// An item's start tag.
pub const ITEM: &[(&str, crate::outside::values::Value)] = &[("id", Token), ("node", Token), ("publisher", Address)];

/// Booleans of a retraction.
pub const RETRACT: &[(&str, crate::outside::values::Value)] = &[("id", Token), ("node", Token), ("notify", Boolean)];
