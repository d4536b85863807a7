//! `outbox`: messages from the server to the two parties of the current stanza.

use crate::bindings::outbox::Host;
use crate::effect::{Effect, Recipient};
use crate::limits;
use crate::session::Session;

impl Host for Session {
    fn reply(&mut self, text: String) -> wasmtime::Result<()> {
        self.notice(Recipient::Sender, &text)
    }

    fn notify(&mut self, text: String) -> wasmtime::Result<()> {
        self.notice(Recipient::Recipient, &text)
    }
}

impl Session {
    fn notice(&mut self, to: Recipient, text: &str) -> wasmtime::Result<()> {
        self.stanza()?;
        self.notices()?;
        let text = printable(limits::cut(text, limits::NOTICE));
        self.effects.push(Effect::Notify { to, text });
        Ok(())
    }
}

/// Text as XML allows it: Prosody's stanza builder refuses control characters by raising.
pub fn printable(text: &str) -> String {
    let allowed = |character: &char| matches!(character, '\t' | '\n') || !character.is_control();
    text.chars().filter(allowed).filter(|character| !matches!(character, '\u{fffe}' | '\u{ffff}')).collect()
}
