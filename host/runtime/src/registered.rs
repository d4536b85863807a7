//! Devices that are registered for notifications, in the words of the component's world.

use crate::bindings::Passage;
use crate::bindings::push_policy::{Device as ToGuest, Notification, Registration as ToBeAdmitted};
use crate::chain::Facts;
use crate::question::{Device, Registration};

/// The device that is to be registered.
pub fn registration(facts: &Facts) -> ToBeAdmitted {
    let Registration { user, service, node, others, .. } = facts.registration.clone().unwrap_or_default();
    ToBeAdmitted { user, service, node, others }
}

/// The device that is to be notified.
pub fn notification(passage: Passage, facts: &Facts) -> Notification {
    let device = match facts.registration.as_ref().map(|registration| registration.device).unwrap_or_default() {
        Device::Gone => ToGuest::Gone,
        Device::Asleep => ToGuest::Asleep,
        Device::Awake => ToGuest::Awake,
    };
    Notification { passage, registration: registration(facts), device, nickname: facts.nickname.clone() }
}
