//! Block lists, which facts are needed, and which stanzas are exempt.

use crate::bindings::blocklist_policy::exports::prosody::policy::blocklist_policy;
use crate::bindings::exemptions::exports::prosody::policy::exemptions;
use crate::bindings::needs::exports::prosody::policy::needs;
use crate::{Admission, Change, Circumstance, Exemption, Fact, Ruling};

impl From<blocklist_policy::Change> for Change {
    fn from(blocklist_policy::Change { user, is_blocking, count, blocked }: blocklist_policy::Change) -> Self {
        Self { user, is_blocking, count, blocked }
    }
}

impl From<Ruling<Admission>> for blocklist_policy::Ruling {
    fn from(Ruling { verdict, reason }: Ruling<Admission>) -> Self {
        let verdict = match verdict {
            Admission::Allow => blocklist_policy::Verdict::Allow,
            Admission::Refuse(bounce) => blocklist_policy::Verdict::Refuse(bounce.into()),
        };
        Self { verdict, reason }
    }
}

impl FromIterator<Fact> for needs::Facts {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> Self {
        facts.into_iter().map(flag).fold(Self::empty(), |all, one| all | one)
    }
}

fn flag(fact: Fact) -> needs::Facts {
    match fact {
        Fact::Roster => needs::Facts::ROSTER,
        Fact::Rooms => needs::Facts::ROOMS,
        Fact::Blocklist => needs::Facts::BLOCKLIST,
        Fact::Standing => needs::Facts::STANDING,
        Fact::Roles => needs::Facts::ROLES,
    }
}

impl From<Exemption> for exemptions::Exemption {
    fn from(Exemption { kind, circumstances }: Exemption) -> Self {
        let circumstances = circumstances.into_iter().map(circumstance);
        Self {
            kind: kind.into(),
            circumstances: circumstances.fold(exemptions::Circumstances::empty(), |all, one| all | one),
        }
    }
}

fn circumstance(circumstance: Circumstance) -> exemptions::Circumstances {
    match circumstance {
        Circumstance::ToClient => exemptions::Circumstances::TO_CLIENT,
        Circumstance::FromContact => exemptions::Circumstances::FROM_CONTACT,
    }
}
