//! A policy for Prosody: a message with too many exclamation marks is refused.

use prosody_policy::log::{self, Level};
use prosody_policy::{Decision, MessagePolicy, Passage, Policy, StanzaKind, Want, stanza};

/// The policy, with what it needs of its settings.
pub struct NoShouting {
    limit: usize,
}

/// The operator's settings. The same as in settings.schema.json.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    limit: usize,
}

impl Policy for NoShouting {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { limit: settings.limit })
    }
}

impl MessagePolicy for NoShouting {
    fn wants(&self) -> Vec<Want> {
        vec![Want::all(StanzaKind::Message)]
    }

    fn decide(&mut self, _: Passage) -> Decision {
        let stanza = stanza();
        let body = stanza.root().child("body", "jabber:client").map(|body| body.text()).unwrap_or_default();
        let marks = body.matches('!').count();
        // Say what you counted, never what was written.
        log::write(Level::Debug, &format!("exclamation marks: {marks}"));
        match marks > self.limit {
            true => Decision::refuse("shouting", "Please do not shout."),
            false => Decision::pass("calm"),
        }
    }
}

prosody_policy::policy!(NoShouting: message);

#[cfg(test)]
mod tests {
    use prosody_policy::testing;

    use super::*;

    #[test]
    fn counts_the_marks() {
        let mut policy = testing::configure::<NoShouting>(r#"{"limit": 2}"#).unwrap();
        let reason = |policy: &mut NoShouting, body: &str| {
            let message = format!("<message><body>{body}</body></message>");
            testing::decide(policy, Passage::outgoing(), &message).decision.reason
        };
        assert_eq!(reason(&mut policy, "Hi!!"), "calm");
        assert_eq!(reason(&mut policy, "Hi!!!"), "shouting");
    }
}
