//! What makes a room ready for OMEMO, in the words of XEP-0045 and the fields of its form.

use prosody_policy::{Element, Stanza};

const OWNER: &str = "http://jabber.org/protocol/muc#owner";
const DATA: &str = "jabber:x:data";

/// Something that every room has.
#[derive(Debug, PartialEq, Eq)]
pub struct Property {
    /// What the operator calls it.
    pub name: &'static str,
    /// The field of the form.
    pub field: &'static str,
    /// Its value.
    pub value: &'static str,
}

/// What every room has.
pub const ALL: &[Property] = &[
    Property { name: "members-only", field: "muc#roomconfig_membersonly", value: "1" },
    Property { name: "non-anonymous", field: "muc#roomconfig_whois", value: "anyone" },
    Property { name: "hidden", field: "muc#roomconfig_publicroom", value: "0" },
    Property { name: "persistent", field: "muc#roomconfig_persistentroom", value: "1" },
    // Else only owners and admins could bring somebody in.
    Property { name: "invitations", field: "muc#roomconfig_allowinvites", value: "1" },
];

/// Is the room to be otherwise?
pub fn is_loose(stanza: &Stanza, property: &Property) -> bool {
    value_of(stanza, property.field).is_some_and(|value| value.text() != property.value)
}

/// The element with the value of a field of the form.
pub fn value_of<'a>(stanza: &'a Stanza, field: &str) -> Option<Element<'a>> {
    let form = stanza.root().child("query", OWNER)?.child("x", DATA)?;
    let mut fields = form.child_elements().filter(|child| child.is("field", DATA));
    fields.find(|element| element.attribute("var") == Some(field))?.child("value", DATA)
}
