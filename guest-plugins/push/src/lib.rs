//! Sleeping devices are notified through services that the operator trusts, of what matters, without saying of what.
//!
//! A notification leaves the server: to the service of whoever made the app, and from there to Google or Apple. What it
//! may hold the host sees to: nothing but that there is something. Here is decided which services there are, how many
//! devices a user may have, what is worth waking one for, and how often.

mod address;
mod call;
mod copies;
mod occasion;
mod refusal;
mod request;
mod services;
mod settings;
mod texts;

use std::borrow::Cow;

use prosody_policy::{
    Admission, Device, KeepsState, Notification, Policy, Push as Verdict, PushPolicy, Registration, Ruling, clock,
    rates::Rates,
};

use crate::occasion::{Occasion, Urgency};
use crate::refusal::Refusal;
use crate::settings::{Rules, Settings};

/// Seconds in which a user may have so many.
const HOUR: u64 = 60 * 60;
/// What this policy has saved begins with this. A change of the format changes it.
const TITLE: &[u8] = b"push rates 1\n";
/// Between two notifications of one device, when its user has had as many as he may.
const SECONDS_WHEN_TOO_MANY: u32 = 600;

/// The policy.
#[derive(Debug)]
pub struct Push {
    rules: Rules,
    registrations: Rates,
    notifications: Rates,
    senders: Rates,
}

impl Policy for Push {
    type Settings = Settings;

    fn configure(settings: Settings) -> Result<Self, String> {
        let rates = || Rates::new(HOUR);
        Ok(Self { rules: settings.check()?, registrations: rates(), notifications: rates(), senders: rates() })
    }
}

impl PushPolicy for Push {
    fn register(&mut self, registration: Registration) -> Ruling<Admission> {
        let stanza = prosody_policy::stanza();
        match self.refusal(&registration, request::check(stanza.root(), &registration.node)) {
            None => Ruling::new(Admission::Allow, "trusted"),
            Some(refusal) => {
                let language = stanza.root().attribute("xml:lang");
                Ruling::new(Admission::Refuse(refusal.bounce(language)), refusal.reason())
            }
        }
    }

    fn notify(&mut self, notification: Notification) -> Ruling<Verdict> {
        let Notification { registration, device, .. } = &notification;
        // A registration may be older than the list of services.
        if !self.rules.services.trust(&registration.service) {
            return suppress("untrusted");
        }
        if *device == Device::Awake {
            return suppress("awake");
        }
        let stanza = prosody_policy::stanza();
        match occasion::of(stanza.root(), &notification, &self.rules) {
            Ok(occasion) => {
                self.notify_of(&occasion, registration, stanza.root().attribute("from").unwrap_or_default())
            }
            Err(reason) => suppress(reason),
        }
    }
}

impl Push {
    /// Why a device may not be registered, whose request may be wrong already.
    fn refusal(&mut self, registration: &Registration, request: Result<(), Refusal>) -> Option<Refusal> {
        let Registration { user, service, others, .. } = registration;
        let (rules, most) = (&self.rules, self.rules.registrations);
        match request {
            Err(refusal) => Some(refusal),
            Ok(()) if !address::is_valid(service) || !address::is_prepared(service) => Some(Refusal::Address),
            Ok(()) if rules.services.is_empty() => Some(Refusal::NoServices),
            Ok(()) if !rules.services.trust(service) => Some(Refusal::Untrusted(service.clone())),
            Ok(()) if *others >= most => Some(Refusal::TooMany(most)),
            Ok(()) => {
                let is_within = is_within(&mut self.registrations, user, rules.hourly_registrations, 0);
                (!is_within).then_some(Refusal::TooOften)
            }
        }
    }

    fn notify_of(&mut self, occasion: &Occasion, registration: &Registration, from: &str) -> Ruling<Verdict> {
        let (pause, most) = match occasion.urgency {
            Urgency::AtOnce => (0, 2 * self.rules.hourly),
            Urgency::Merged => (self.rules.pause, self.rules.hourly),
        };
        // All devices of a user are notified at once, and what the host merges is one notification. Nobody can use up what
        // others need: one sender has half of it, and what is too much comes later, as one.
        let (user, sender) = (whose(registration), from.split('/').next().unwrap_or_default());
        let is_within = is_within(&mut self.senders, &format!("{user}\n{sender}"), most.div_ceil(2), pause)
            && is_within(&mut self.notifications, &user, most, pause);
        let (pause, reason) = if is_within { (pause, occasion.reason) } else { (SECONDS_WHEN_TOO_MANY, "rate") };
        match self.rules.text {
            true => Ruling::new(Verdict::Announce(pause), reason),
            false => Ruling::new(Verdict::Redact(pause), reason),
        }
    }

    /// Takes over what was saved; `None` if it is something else.
    fn read(&mut self, state: &[u8]) -> Option<()> {
        let mut rest = state.strip_prefix(TITLE)?;
        self.registrations.restore(&mut rest)?;
        self.notifications.restore(&mut rest)?;
        self.senders.restore(&mut rest)?;
        rest.is_empty().then_some(())
    }
}

impl KeepsState for Push {
    fn save(&self) -> Vec<u8> {
        let mut state = TITLE.to_vec();
        self.registrations.save(&mut state);
        self.notifications.save(&mut state);
        self.senders.save(&mut state);
        state
    }

    fn restore(&mut self, _: &str, state: Vec<u8>) -> Result<(), String> {
        self.read(&state).ok_or_else(|| {
            "what was saved are not the rates of this policy; to begin without them, start it afresh".to_owned()
        })
    }
}

/// Counts one more for a user, unless that makes more than `most`. What happens fewer than `merged` seconds after what was
/// counted last is one with it.
fn is_within(rates: &mut Rates, user: &str, most: u32, merged: u32) -> bool {
    let now = clock::now();
    let (count, last) = rates.lately(user, now);
    if last.is_some_and(|last| now - last < u64::from(merged)) {
        return true;
    }
    if count < most {
        rates.count(user, now);
    }
    count < most
}

/// In Push 2.0 nobody says whose device it is.
fn whose(Registration { user, service, node, .. }: &Registration) -> Cow<'_, str> {
    if user.is_empty() { format!("{service}\n{node}").into() } else { user.into() }
}

fn suppress(reason: &str) -> Ruling<Verdict> {
    Ruling::new(Verdict::Suppress, reason)
}

prosody_policy::policy!(Push: push, state);
