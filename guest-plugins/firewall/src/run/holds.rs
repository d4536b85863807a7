//! Whether a condition holds.

use prosody_policy::roster::{Subscription, subscription};
use prosody_policy::{Party, StanzaKind, roles};

use super::compare::compares;
use super::{CONDITION, MARK, Run};
use crate::address::Address;
use crate::memory::user_mark;
use crate::program::{Side, Test, Zone};
use crate::recent::hashing;
use crate::times::Moment;

impl Run<'_> {
    /// Is it so?
    pub fn holds(&mut self, test: &Test) -> bool {
        self.budget.spend(CONDITION);
        match test {
            Test::Never => false,
            Test::Kind(kinds) => kinds.contains(&self.passage.kind),
            Test::Type(types) => self.is_of(types),
            Test::ToSelf => self.view.is_for_self,
            Test::Crossing(side, zone) => self.crosses(*side, &self.program.zones[*zone]),
            Test::Like(side, pattern) => {
                let address = address(match side {
                    Side::From => &self.view.from,
                    Side::To => &self.view.to,
                });
                pattern.matches(address, &mut self.budget)
            }
            Test::Exactly(side, text) => self.text_of(*side).is_some_and(|address| address == self.fill(text)),
            Test::Exists(path) => self.view.find(path, &mut self.budget).is_some(),
            Test::Day(days) => days.iter().any(|days| days.has(self.moment())),
            Test::Time(hours) => hours.iter().any(|hours| hours.has(self.moment())),
            _ => self.holds_by_memory(test).unwrap_or_else(|| self.holds_by_standing(test)),
        }
    }

    /// What is remembered of others, and what is searched.
    fn holds_by_memory(&mut self, test: &Test) -> Option<bool> {
        Some(match test {
            Test::Compares(path, comparison) => self.compares(path, comparison),
            Test::Limit(limit, key) => {
                let key = key.as_ref().map(|key| self.fill(key));
                self.budget.spend(key.as_ref().map_or(0, |key| hashing(key.len())));
                self.memory.is_used_up(self.program, *limit, key.as_deref(), self.now)
            }
            Test::OriginMarked(mark, seconds) => {
                self.budget.spend(MARK);
                let since = self.origin().and_then(|origin| self.memory.origin_mark(&origin, mark));
                self.is_recent(since, *seconds)
            }
            Test::UserMarked(mark, seconds) => {
                self.budget.spend(MARK);
                let since = self.user().and_then(|user| user_mark(&user, mark));
                self.is_recent(since, *seconds)
            }
            Test::InList(list, text) => {
                let text = self.fill(text);
                self.is_listed(*list, &text)
            }
            Test::Scan(path, pattern, list) => self.scans(path, pattern, *list),
            Test::Count(path, pattern, operator, number) => compares(*operator, self.count(path, pattern), *number),
            _ => return None,
        })
    }

    /// What the server knows of the two.
    fn holds_by_standing(&mut self, test: &Test) -> bool {
        match test {
            Test::ToClient => self.standing().is_connected,
            Test::InRoster(expected) => self.standing().entry.is_some() == *expected,
            Test::InGroup(group) => {
                self.standing().entry.as_ref().is_some_and(|entry| entry.groups.iter().any(|known| known == group))
            }
            Test::Subscribed => self.is_own() || self.is_subscribed(),
            Test::Pending => self.is_own() || self.standing().has_asked,
            Test::Greeted => self.standing().is_greeted,
            Test::Role(side, role) => self.role(*side).as_deref() == Some(role),
            Test::Admin(side) => {
                matches!(self.role(*side).as_deref(), Some("prosody:admin" | "prosody:operator"))
            }
            _ => false,
        }
    }

    fn text_of(&self, side: Side) -> Option<String> {
        match side {
            Side::From => self.view.from.clone(),
            Side::To => self.view.to.clone(),
        }
    }

    fn is_of(&self, types: &[String]) -> bool {
        let default = match self.passage.kind {
            StanzaKind::Message => "normal",
            StanzaKind::Presence => "available",
            StanzaKind::Iq => "",
        };
        let stanza_type = self.view.attribute("type");
        types.iter().any(|known| known == stanza_type.as_deref().unwrap_or(default))
    }

    fn moment(&self) -> Moment {
        Moment::new(self.now, self.program.offset)
    }

    fn is_recent(&self, since: Option<u64>, seconds: Option<u64>) -> bool {
        since.is_some_and(|since| seconds.is_none_or(|seconds| self.now.saturating_sub(since) < seconds))
    }

    /// Is this side in the zone, and the other one not?
    fn crosses(&self, side: Side, zone: &Zone) -> bool {
        let other = if side == Side::From { Side::To } else { Side::From };
        self.is_in(side, zone) && !self.is_in(other, zone)
    }

    fn is_in(&self, side: Side, zone: &Zone) -> bool {
        let (text, party) = match side {
            Side::From => (&self.view.from, self.passage.source),
            Side::To => (&self.view.to, self.passage.destination),
        };
        let is_member = |text: &str| zone.members.contains(text);
        let has = |address: Address| is_member(address.host) || is_member(address.bare);
        text.as_deref().is_some_and(is_member)
            || address(text).is_some_and(has)
            || zone.is_local && self.is_local(side, party)
    }

    /// A room to which a user speaks may be elsewhere.
    fn is_local(&self, side: Side, party: Party) -> bool {
        match party {
            Party::Remote => false,
            Party::Room => {
                let (room, user) = match side {
                    Side::From => (&self.view.from, &self.view.to),
                    Side::To => (&self.view.to, &self.view.from),
                };
                let is_part = |room: Address, user: Address| room.host.ends_with(&format!(".{}", user.host));
                address(room).zip(address(user)).is_some_and(|(room, user)| is_part(room, user))
            }
            Party::User | Party::Component | Party::Service => true,
        }
    }

    fn is_own(&self) -> bool {
        let bare = |text| address(text).map(|address| address.bare);
        bare(&self.view.from) == bare(&self.view.to)
    }

    /// Of somebody elsewhere the sender's roster says it.
    fn is_subscribed(&self) -> bool {
        match self.passage.destination {
            Party::Remote => matches!(subscription(), Some(Subscription::From | Subscription::Both)),
            _ => {
                let subscription = self.standing().entry.as_ref().map(|entry| entry.subscription);
                matches!(subscription, Some(Subscription::To | Subscription::Both))
            }
        }
    }

    fn role(&self, side: Side) -> Option<String> {
        match side {
            Side::From => roles::sender(),
            Side::To => roles::recipient(),
        }
    }

    /// What is marked: a client of this server, and of others the whole server, whose connection mod_firewall marks.
    pub fn origin(&self) -> Option<String> {
        let from = self.view.from.as_deref()?;
        match self.passage.source {
            Party::User => Some(from.to_owned()),
            _ => Address::split(from).map(|address| address.host.to_owned()),
        }
    }

    /// The user of this host who sent it.
    pub fn user(&self) -> Option<String> {
        let from = address(&self.view.from).filter(|_| self.passage.source == Party::User)?;
        let is_of_host = address(&self.view.to).is_some_and(|to| to.host == from.host);
        let is_of_host = is_of_host || self.passage.direction == prosody_policy::Direction::Outgoing;
        is_of_host.then(|| from.bare.to_owned())
    }
}

fn address(text: &Option<String>) -> Option<Address<'_>> {
    text.as_deref().and_then(Address::split)
}
