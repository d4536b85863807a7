//! `envelope`: the outside of the current stanza.

use crate::bindings::envelope::{Host, Payload};
use crate::session::Session;

impl Host for Session {
    fn attribute(&mut self, name: String) -> wasmtime::Result<Option<String>> {
        let judged = self.stanza()?;
        Ok(judged.stanza.root().attribute(&name).map(str::to_owned))
    }

    fn payloads(&mut self) -> wasmtime::Result<Vec<Payload>> {
        let judged = self.stanza()?;
        let payloads = judged.stanza.root().child_elements();
        Ok(payloads
            .map(|payload| Payload {
                node: payload.number(),
                name: payload.name().to_owned(),
                namespace: payload.namespace().to_owned(),
            })
            .collect())
    }
}
