//! Rules about inactive clients and notifications as the body of each message tells it to, so that a test can try every
//! ruling. About presence as its status tells it to, about registrations by the service's name.

use prosody_policy::edits;
use prosody_policy::{
    Admission, Bounce, Deliver, Delivery, DeliveryPolicy, ErrorCondition, ErrorType, Notification, Policy, Push,
    PushPolicy, Registration, Ruling,
};

/// All of it optional.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// What it is told, whatever the stanza says.
    always: Option<String>,
}

/// Does as it is told.
struct Telling {
    settings: Settings,
}

impl Policy for Telling {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        Ok(Self { settings })
    }
}

impl Telling {
    /// What it is told; traps and loops on those words.
    fn words(&self) -> Vec<String> {
        let told = self.settings.always.clone().unwrap_or_else(words);
        let words: Vec<_> = told.split(' ').map(str::to_owned).collect();
        assert_ne!(words[0], "trap", "told to");
        if words[0] == "loop" {
            loop {
                std::hint::spin_loop();
            }
        }
        words
    }
}

/// The body or status.
fn words() -> String {
    let stanza = prosody_policy::stanza();
    let told = ["body", "status"].into_iter().find_map(|name| stanza.root().child(name, "jabber:client"));
    told.map(|told| told.text().into_owned()).unwrap_or_default()
}

/// As long as somebody says, in a reply out of bounds.
fn number(words: &[String]) -> u32 {
    words.get(1).and_then(|word| word.parse().ok()).unwrap_or_default()
}

impl DeliveryPolicy for Telling {
    fn deliver(&mut self, delivery: Delivery) -> Ruling<Deliver> {
        let words = self.words();
        let verdict = match words[0].as_str() {
            "hold" => Deliver::Hold,
            "replace" => Deliver::ReplaceOlder(words[1].clone()),
            "long" => Deliver::ReplaceOlder("k".repeat(number(&words) as usize)),
            "discard" => Deliver::Discard,
            "edit" => {
                let stanza = prosody_policy::stanza();
                if let Some(body) = stanza.root().child("body", "jabber:client") {
                    edits::set_text(body.number(), "edited");
                }
                Deliver::Deliver
            }
            // A room message without the user's name waits.
            "named" if delivery.nickname.is_none_or(|name| !words[1..].contains(&name)) => Deliver::Hold,
            _ => return Ruling::new(Deliver::Deliver, "untold"),
        };
        Ruling::new(verdict, "told")
    }
}

impl PushPolicy for Telling {
    fn register(&mut self, registration: Registration) -> Ruling<Admission> {
        assert!(!registration.service.starts_with("trap"), "told to");
        if registration.service.starts_with("no.") || registration.others > 1 {
            let (error_type, condition) = (ErrorType::Cancel, ErrorCondition::NotAllowed);
            let text = format!("Not there, {}.", registration.user);
            return Ruling::new(Admission::Refuse(Bounce { error_type, condition, text }), "told");
        }
        Ruling::new(Admission::Allow, "untold")
    }

    fn notify(&mut self, notification: Notification) -> Ruling<Push> {
        let words = self.words();
        let pause = number(&words);
        let verdict = match words[0].as_str() {
            "announce" => Push::Announce(pause),
            "redact" => Push::Redact(pause),
            "suppress" => Push::Suppress,
            // Says of its device what it was told.
            "device" if words[1] != format!("{:?}", notification.device) => Push::Suppress,
            _ => return Ruling::new(Push::Send(pause), "untold"),
        };
        Ruling::new(verdict, "told")
    }
}

prosody_policy::policy!(Telling: delivery, push);
