//! The namespaces of end-to-end encryption. No specification of MLS over XMPP is published yet (2026-11).

/// OMEMO as deployed.
pub const OMEMO: &str = "eu.siacs.conversations.axolotl";
/// The name that XEP-0384 0.3 gave to the same format.
pub const OMEMO_0: &str = "urn:xmpp:omemo:0";
/// OMEMO from XEP-0384 0.5 to 0.7.
pub const OMEMO_1: &str = "urn:xmpp:omemo:1";
/// OMEMO from XEP-0384 0.8.
pub const OMEMO_2: &str = "urn:xmpp:omemo:2";
/// OpenPGP for XMPP (XEP-0373).
pub const OPENPGP: &str = "urn:xmpp:openpgp:0";
/// The older use of OpenPGP (XEP-0027).
pub const PGP_ENCRYPTED: &str = "jabber:x:encrypted";
/// A signature over a presence's status (XEP-0027).
pub const PGP_SIGNED: &str = "jabber:x:signed";
/// OTR, as named in explicit encryption marks (XEP-0380); OTR itself lives in bodies.
pub const OTR: &str = "urn:xmpp:otr:0";
