//! `routing`: the current stanza goes elsewhere too, and is answered.

use prosody_stanza::edit::Edit;

use crate::bindings::routing::{Host, Report};
use crate::capabilities::outbox::printable;
use crate::effect::{Effect, Report as Reported};
use crate::limits;
use crate::session::Session;

impl Host for Session {
    fn copy(&mut self, to: String) -> wasmtime::Result<()> {
        self.route(to, |to, edits| Effect::Copy { to, edits })
    }

    fn forward(&mut self, to: String, report: Option<Report>) -> wasmtime::Result<()> {
        let report = report.map(|Report { reason, text }| Reported {
            reason: printable(limits::cut(&reason, limits::NAMESPACE)),
            text: printable(limits::cut(&text, limits::BOUNCE_TEXT)),
        });
        self.route(to, |to, edits| Effect::Forward { to, edits, report })
    }

    fn answer(&mut self, text: String) -> wasmtime::Result<()> {
        self.stanza()?;
        self.notices()?;
        self.effects.push(Effect::Answer { text: printable(limits::cut(&text, limits::NOTICE)) });
        Ok(())
    }
}

impl Session {
    /// With the edits that were asked for so far. An address that is none is left to the shim, which can tell.
    fn route(&mut self, to: String, effect: impl FnOnce(String, Vec<Vec<Edit>>) -> Effect) -> wasmtime::Result<()> {
        self.stanza()?;
        self.notices()?;
        if to.len() <= limits::ADDRESS {
            let edits = Some(self.edits.clone()).filter(|edits| !edits.is_empty());
            self.effects.push(effect(to, edits.into_iter().collect()));
        }
        Ok(())
    }
}
