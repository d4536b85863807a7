//! What this policy must never get wrong, whatever its settings are.

use prosody_policy::{Expectation, Party, Passage, Sample, ShowsSamples};

use crate::EndToEnd;
use crate::settings::Mode;

const ENCRYPTED: &str = "<message type='chat' to='romeo@montague.invalid' from='juliet@capulet.invalid/balcony'>\
    <encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='27183'>\
    <key rid='31415'>0aWsmgFfrC73s0FnNjVRKhUR9B/jfREbJn8DnuxdT1hqufHrj30ziPT51Yb2bpn9</key><iv>pOFnp2oFrdioZUwW</iv></header>\
    <payload>Fptbgjxitkyn5fhFahPI1dBvTs5SKli8K4p4Tc82CQ==</payload></encrypted>\
    <store xmlns='urn:xmpp:hints'/></message>";
const READABLE: &str = "<message type='chat' to='romeo@montague.invalid' from='juliet@capulet.invalid/balcony'>\
    <body>Good night, good night!</body></message>";
const TYPING: &str = "<message type='chat' to='romeo@montague.invalid' from='juliet@capulet.invalid/balcony'>\
    <composing xmlns='http://jabber.org/protocol/chatstates'/></message>";

impl ShowsSamples for EndToEnd {
    fn samples(&self) -> Vec<Sample> {
        let direct = |name: &str, stanza: &str, expectation| Sample {
            name: name.into(),
            passage: Passage::outgoing(),
            stanza: stanza.into(),
            expectation,
        };
        let readable = refused_if(self.rules.direct == Mode::Mandatory);
        let in_a_room = Sample {
            name: "readable, to a room".into(),
            passage: Passage { destination: Party::Room, ..Passage::outgoing() },
            stanza: READABLE.replace("'chat'", "'groupchat'"),
            expectation: refused_if(self.rules.rooms == Mode::Mandatory),
        };
        vec![
            direct("OMEMO", ENCRYPTED, Expectation::Pass),
            direct("a chat state", TYPING, Expectation::Pass),
            direct("readable", READABLE, readable),
            in_a_room,
        ]
    }
}

fn refused_if(is_mandatory: bool) -> Expectation {
    if is_mandatory { Expectation::Refuse } else { Expectation::Pass }
}

#[cfg(test)]
mod tests {
    use prosody_policy::testing::{check_samples, configure};

    use super::*;

    #[test]
    fn come_out_as_expected() {
        for direct in ["mandatory", "optional", "off"] {
            for rooms in ["mandatory", "optional", "off"] {
                for strict in [true, false] {
                    let settings = format!(r#"{{"direct": "{direct}", "rooms": "{rooms}", "strict": {strict}}}"#);
                    check_samples(&mut configure::<EndToEnd>(&settings).unwrap());
                }
            }
        }
    }
}
