//! What clients write into the body beside a ciphertext, for people whose client cannot read it.

/// What takes the place of any other text there: the element stays, because archives, copies and pushes
/// go by it.
pub const CONSTANT: &str = "This message is encrypted end to end.";

/// The texts of real clients, word for word. There are more, and translations: they are replaced.
const KNOWN: &[&str] = &[
    CONSTANT,
    // Conversations, Smack, Siskin, Vacuum-IM and relatives
    "I sent you an OMEMO encrypted message but your client doesn't seem to support that.",
    "I sent you an OMEMO encrypted message but your client doesn't seem to support that. \
     Find more information on https://conversations.im/omemo",
    "I sent you an OMEMO encrypted message but your client doesn't seem to support that. \
     Find more information on https://xmpp.org/extensions/xep-0384.html",
    "I sent you a PGP encrypted message but your client doesn't seem to support that.",
    // Converse
    "This is an OMEMO encrypted message which your client doesn't seem to support. \
     Find more information on https://conversations.im/omemo",
    // Dino, Monal
    "[This message is OMEMO encrypted]",
    // slixmpp, poezio
    "This message is OMEMO encrypted.",
    "This message is encrypted with Legacy OMEMO (eu.siacs.conversations.axolotl)",
    "This message is encrypted with OMEMO (urn:xmpp:omemo:2)",
    // Profanity, Gajim
    "You received a message encrypted with OMEMO but your client doesn't support OMEMO.",
    "This message is encrypted (XEP-0373: OpenPGP for XMPP).",
    "This message is encrypted (XEP-0027).",
    "This message is *encrypted* with OpenPGP",
    "[This message is *encrypted* with OpenPGP (See :XEP:`0373`]",
    "[This message is *encrypted* (See :XEP:`27`]",
    "[This message is *encrypted* (See :XEP:`27`)]",
    // mcabber, Miranda
    "This message is PGP-encrypted.",
    "[This message is encrypted.]",
    // XEP-0027, XEP-0374, XEP-0380
    "This message is encrypted.",
    "[This message is encrypted]",
    "This message is encrypted with OMEMO.",
    "This message is encrypted with OMEMO, but your client doesn't seem to support that.",
    "This message is encrypted with OpenPGP.",
    "This message is encrypted with OpenPGP for XMPP.",
];

/// Does nobody but a client say this? Apostrophes come in two shapes.
pub fn is_known(body: &str) -> bool {
    // No text of the list is longer, so a long body is not copied.
    body.len() <= 256 && KNOWN.contains(&body.trim_ascii().replace('\u{2019}', "'").as_str())
}
