//! `content`: the inside of the current stanza.

use prosody_stanza::{Element, Stanza};

use crate::bindings::content::Host;
use crate::failure::Misuse;
use crate::session::Session;

impl Host for Session {
    fn child(&mut self, node: u32, name: String, namespace: String) -> wasmtime::Result<Option<u32>> {
        let judged = self.stanza()?;
        Ok(element(&judged.stanza, node)?.child(&name, &namespace).map(Element::number))
    }

    fn attribute(&mut self, node: u32, name: String) -> wasmtime::Result<Option<String>> {
        let judged = self.stanza()?;
        Ok(element(&judged.stanza, node)?.attribute(&name).map(str::to_owned))
    }

    fn text(&mut self, node: u32) -> wasmtime::Result<String> {
        let judged = self.stanza()?;
        match judged.stanza.text_node(node) {
            Some(text) => Ok(text.to_owned()),
            None => Ok(element(&judged.stanza, node)?.text().into_owned()),
        }
    }

    fn snapshot(&mut self) -> wasmtime::Result<Vec<u8>> {
        Ok(self.stanza()?.snapshot().to_vec())
    }

    fn xml(&mut self) -> wasmtime::Result<String> {
        Ok(self.stanza()?.stanza.to_xml())
    }
}

fn element(stanza: &Stanza, node: u32) -> Result<Element<'_>, Misuse> {
    stanza.element(node).ok_or(Misuse("no element of the stanza has this number"))
}
