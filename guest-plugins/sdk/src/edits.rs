//! Changes to the current stanza, made if the decision is to pass it. Permission: `edits`.
//!
//! A change that cannot be done (see `wit/v0.1/stanza.wit`) is a trap.
//!
//! ```
//! use prosody_policy::{Decision, edits, stanza};
//!
//! fn decide() -> Decision {
//!     let stanza = stanza();
//!     for element in stanza.root().child_elements().filter(|element| element.is("thread", "jabber:client")) {
//!         edits::remove(element.number());
//!     }
//!     Decision::pass("no-threads")
//! }
//! ```

pub use prosody_stanza::edit::{Edit, NewElement};

/// Makes a change that was found elsewhere.
pub fn make(edit: Edit) {
    crate::host::edit(edit);
}

/// Removes a node with everything inside.
pub fn remove(node: u32) {
    crate::host::edit(Edit::Remove { node });
}

/// Replaces everything inside an element by this text.
pub fn set_text(node: u32, text: &str) {
    crate::host::edit(Edit::SetText { node, text: text.into() });
}

/// Sets an attribute of an element.
pub fn set_attribute(node: u32, name: &str, value: &str) {
    crate::host::edit(Edit::SetAttribute { node, name: name.into(), value: value.into() });
}

/// Removes an attribute of an element, if it is there.
pub fn remove_attribute(node: u32, name: &str) {
    crate::host::edit(Edit::RemoveAttribute { node, name: name.into() });
}

/// Appends an element inside another.
pub fn append(parent: u32, element: NewElement) {
    crate::host::edit(Edit::Append { parent, element });
}
