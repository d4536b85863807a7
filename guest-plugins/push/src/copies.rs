//! Copies of messages that another device of the user sent or got (XEP-0280).

use prosody_policy::{Element, STREAM_NAMESPACE};

const CARBONS: &str = "urn:xmpp:carbons:2";
const FORWARD: &str = "urn:xmpp:forward:0";

/// The message of which this is a copy. Only the user's own account makes copies; what looks like one from anywhere else
/// is a message like any other.
pub fn inside<'a>(root: Element<'a>, user: &str) -> Option<Element<'a>> {
    let is_own = root.attribute("from").is_some_and(|from| from.eq_ignore_ascii_case(user));
    let copies = ["received", "sent"].into_iter().filter_map(|name| root.child(name, CARBONS).filter(|_| is_own));
    let mut forwarded = copies.filter_map(|copy| copy.child("forwarded", FORWARD));
    forwarded.find_map(|forwarded| forwarded.child("message", STREAM_NAMESPACE))
}
