//! `edits`: changes to the current stanza, checked at once, made later.

use prosody_stanza::edit::{Edit, NewElement, Refusal};

use crate::bindings::edits::{Element, Host};
use crate::failure::Misuse;
use crate::limits;
use crate::session::Session;

impl Host for Session {
    fn remove(&mut self, node: u32) -> wasmtime::Result<()> {
        self.edit(Edit::Remove { node })
    }

    fn set_text(&mut self, node: u32, text: String) -> wasmtime::Result<()> {
        self.edit(Edit::SetText { node, text })
    }

    fn set_attribute(&mut self, node: u32, name: String, value: String) -> wasmtime::Result<()> {
        self.edit(Edit::SetAttribute { node, name, value })
    }

    fn remove_attribute(&mut self, node: u32, name: String) -> wasmtime::Result<()> {
        self.edit(Edit::RemoveAttribute { node, name })
    }

    fn append(&mut self, parent: u32, element: Element) -> wasmtime::Result<()> {
        let Element { name, namespace, attributes, text } = element;
        self.edit(Edit::Append { parent, element: NewElement { name, namespace, attributes, text } })
    }
}

impl Session {
    fn edit(&mut self, edit: Edit) -> wasmtime::Result<()> {
        let judged = self.stanza()?;
        if self.edits.len() >= limits::EDITS {
            return Err(Misuse("more than 256 edits of one stanza").into());
        }
        edit.check(&judged.stanza).map_err(misuse)?;
        self.edits.push(edit);
        Ok(())
    }
}

fn misuse(refusal: Refusal) -> Misuse {
    Misuse(match refusal {
        Refusal::NoSuchElement => "an edit of an element that is not there",
        Refusal::WholeStanza => "an edit that removes or replaces the stanza itself",
        Refusal::ProtectedAttribute => "an edit of the stanza's to, from, id, type or of an xmlns",
        Refusal::BadName => "an edit with a name that is none in XML",
        Refusal::BadText => "an edit with a control character in its text",
    })
}
