//! Between the generated types and those an author meets.

mod contacts;
mod rooms;
mod uploads;

use prosody_stanza::edit::NewElement;

use crate::bindings::archive_policy::exports::prosody::policy::archive_policy;
use crate::bindings::carbons_policy::exports::prosody::policy::carbons_policy;
use crate::bindings::delivery_policy::exports::prosody::policy::delivery_policy;
use crate::bindings::message_policy::exports::prosody::policy::message_policy;
use crate::bindings::message_policy::prosody::policy::types;
use crate::bindings::prosody::policy as imports;
use crate::bindings::push_policy::exports::prosody::policy::push_policy;
use crate::bindings::samples::exports::prosody::policy::samples;
use crate::roster::Subscription;
use crate::{
    Admission, Bounce, Carbon, Decision, Deliver, Delivery, Device, Direction, ErrorCondition, ErrorType, Expectation,
    Keep, Keeping, Notification, Party, Passage, Place, Push, Registration, Ruling, Sample, StanzaKind, Verdict, Want,
};

/// Two enums with the same cases.
macro_rules! same_cases {
    ($from:ty => $to:ty: $($case:ident)+) => {
        impl From<$from> for $to {
            fn from(value: $from) -> Self {
                match value {
                    $(<$from>::$case => Self::$case,)+
                }
            }
        }
    };
}
use same_cases;

same_cases!(imports::roster::Subscription => Subscription: None From To Both);
same_cases!(types::StanzaKind => StanzaKind: Message Presence Iq);
same_cases!(types::Direction => Direction: Outgoing Incoming);
same_cases!(types::Party => Party: User Remote Component Room Service);
same_cases!(StanzaKind => types::StanzaKind: Message Presence Iq);
same_cases!(Direction => types::Direction: Outgoing Incoming);
same_cases!(Party => types::Party: User Remote Component Room Service);
same_cases!(archive_policy::Place => Place: Archive Room Offline);
same_cases!(push_policy::Device => Device: Gone Asleep Awake);
same_cases!(Carbon => carbons_policy::Verdict: Copy CopyToEncrypting Skip);
same_cases!(Expectation => samples::Expectation: Pass Edit Refuse);
same_cases!(ErrorType => types::ErrorType: Auth Cancel Continue Modify Wait);
same_cases!(ErrorCondition => types::ErrorCondition: BadRequest Conflict FeatureNotImplemented Forbidden
    InternalServerError ItemNotFound NotAcceptable NotAllowed NotAuthorized PolicyViolation RecipientUnavailable
    ResourceConstraint ServiceUnavailable UndefinedCondition);

impl From<types::Passage> for Passage {
    fn from(passage: types::Passage) -> Self {
        Self {
            kind: passage.kind.into(),
            direction: passage.direction.into(),
            source: passage.source.into(),
            destination: passage.destination.into(),
        }
    }
}

impl From<Want> for message_policy::Want {
    fn from(want: Want) -> Self {
        Self { kind: want.kind.into(), direction: want.direction.map(Into::into), namespaces: want.namespaces }
    }
}

impl From<Passage> for types::Passage {
    fn from(passage: Passage) -> Self {
        Self {
            kind: passage.kind.into(),
            direction: passage.direction.into(),
            source: passage.source.into(),
            destination: passage.destination.into(),
        }
    }
}

impl From<Sample> for samples::Sample {
    fn from(sample: Sample) -> Self {
        let Sample { name, passage, stanza, expectation } = sample;
        Self { name, passage: passage.into(), stanza, expectation: expectation.into() }
    }
}

impl From<archive_policy::Keeping> for Keeping {
    fn from(keeping: archive_policy::Keeping) -> Self {
        Self { place: keeping.place.into(), passage: keeping.passage.into(), is_wanted: keeping.is_wanted }
    }
}

impl From<Keep> for archive_policy::Verdict {
    fn from(verdict: Keep) -> Self {
        match verdict {
            Keep::Keep => Self::Keep,
            Keep::Memory => Self::Memory,
            Keep::Skip => Self::Skip,
            Keep::Refuse(bounce) => Self::Refuse(bounce.into()),
        }
    }
}

impl From<Ruling<Keep>> for archive_policy::Ruling {
    fn from(ruling: Ruling<Keep>) -> Self {
        Self { verdict: ruling.verdict.into(), reason: ruling.reason }
    }
}

impl From<delivery_policy::Delivery> for Delivery {
    fn from(delivery: delivery_policy::Delivery) -> Self {
        Self { passage: delivery.passage.into(), nickname: delivery.nickname }
    }
}

impl From<Ruling<Deliver>> for delivery_policy::Ruling {
    fn from(Ruling { verdict, reason }: Ruling<Deliver>) -> Self {
        let verdict = match verdict {
            Deliver::Deliver => delivery_policy::Verdict::Deliver,
            Deliver::Hold => delivery_policy::Verdict::Hold,
            Deliver::ReplaceOlder(key) => delivery_policy::Verdict::ReplaceOlder(key),
            Deliver::Discard => delivery_policy::Verdict::Discard,
        };
        Self { verdict, reason }
    }
}

impl From<push_policy::Registration> for Registration {
    fn from(registration: push_policy::Registration) -> Self {
        let push_policy::Registration { user, service, node, others } = registration;
        Self { user, service, node, others }
    }
}

impl From<push_policy::Notification> for Notification {
    fn from(notification: push_policy::Notification) -> Self {
        let push_policy::Notification { passage, registration, device, nickname } = notification;
        Self { passage: passage.into(), registration: registration.into(), device: device.into(), nickname }
    }
}

impl From<Ruling<Admission>> for push_policy::AdmissionRuling {
    fn from(Ruling { verdict, reason }: Ruling<Admission>) -> Self {
        let verdict = match verdict {
            Admission::Allow => push_policy::Admission::Allow,
            Admission::Refuse(bounce) => push_policy::Admission::Refuse(bounce.into()),
        };
        Self { verdict, reason }
    }
}

impl From<Ruling<Push>> for push_policy::Ruling {
    fn from(Ruling { verdict, reason }: Ruling<Push>) -> Self {
        let verdict = match verdict {
            Push::Send(pause) => push_policy::Verdict::Send(pause),
            Push::Announce(pause) => push_policy::Verdict::Announce(pause),
            Push::Redact(pause) => push_policy::Verdict::Redact(pause),
            Push::Suppress => push_policy::Verdict::Suppress,
        };
        Self { verdict, reason }
    }
}

impl From<Ruling<Carbon>> for carbons_policy::Ruling {
    fn from(ruling: Ruling<Carbon>) -> Self {
        Self { verdict: ruling.verdict.into(), reason: ruling.reason }
    }
}

impl From<Decision> for types::Decision {
    fn from(decision: Decision) -> Self {
        Self { verdict: decision.verdict.into(), reason: decision.reason }
    }
}

impl From<Verdict> for types::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Drop => Self::Drop,
            Verdict::Bounce(bounce) => Self::Bounce(bounce.into()),
        }
    }
}

impl From<Bounce> for types::Bounce {
    fn from(bounce: Bounce) -> Self {
        Self { error_type: bounce.error_type.into(), condition: bounce.condition.into(), text: bounce.text }
    }
}

impl From<NewElement> for imports::edits::Element {
    fn from(element: NewElement) -> Self {
        let NewElement { name, namespace, attributes, text } = element;
        Self { name, namespace, attributes, text }
    }
}
