//! What the rules let pass whatever it says: then nobody has to ask them.
//!
//! Found out by going through `deliver` with what is known of such stanzas alone. Whatever is not known of them, costs work or
//! does something makes an end of it: then they are asked.

use prosody_policy::{Circumstance, Exemption, StanzaKind};

use crate::program::{Action, Condition, DELIVER, Part, Program, Rule, Test};

const KINDS: [StanzaKind; 3] = [StanzaKind::Message, StanzaKind::Presence, StanzaKind::Iq];
const CIRCUMSTANCES: [Circumstance; 2] = [Circumstance::ToClient, Circumstance::FromContact];

/// Stanzas that pass whenever they arrive.
pub fn exemptions(program: &Program) -> Vec<Exemption> {
    let all =
        KINDS.into_iter().flat_map(|kind| CIRCUMSTANCES.map(|circumstance| Known { program, kind, circumstance }));
    all.filter(Known::passes)
        .map(|Known { kind, circumstance, .. }| Exemption { kind, circumstances: vec![circumstance] })
        .collect()
}

/// All that is known of some stanzas.
struct Known<'a> {
    program: &'a Program,
    kind: StanzaKind,
    circumstance: Circumstance,
}

/// How something ends for such a stanza.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// What stands behind it is gone through.
    Open,
    /// The part of the chain ends.
    Returned,
    /// The stanza has passed.
    Passed,
    /// That depends on the stanza.
    Unknown,
}

impl Known<'_> {
    fn passes(&self) -> bool {
        self.program.chains[DELIVER].parts.iter().all(|part| self.part(part) != End::Unknown)
    }

    fn jump(&self, chain: usize) -> End {
        let ends = self.program.chains[chain].parts.iter().map(|part| self.part(part));
        first(ends.map(|end| if end == End::Returned { End::Open } else { end }))
    }

    fn part(&self, part: &Part) -> End {
        first(part.rules.iter().map(|rule| self.rule(rule)))
    }

    fn rule(&self, rule: &Rule) -> End {
        // Those that are tested for all rules are tested even if the other conditions do not hold.
        if rule.conditions.iter().any(|condition| condition.shared.is_some() && !is_cheap(&condition.test)) {
            return End::Unknown;
        }
        let applies = match self.applies(&rule.conditions) {
            Ok(Some(false)) => return End::Open,
            Ok(applies) => applies.is_some(),
            Err(()) => return End::Unknown,
        };
        match first(rule.actions.iter().map(|action| self.action(action))) {
            End::Unknown => End::Unknown,
            end if applies => end,
            _ => End::Open,
        }
    }

    /// Do they hold, if that is known? An error if it takes work to find out.
    fn applies(&self, conditions: &[Condition]) -> Result<Option<bool>, ()> {
        let mut applies = Some(true);
        for Condition { test, is_negated, .. } in conditions {
            match self.holds(test) {
                Some(holds) if holds == *is_negated => return Ok(Some(false)),
                Some(_) => {}
                None if is_cheap(test) => applies = None,
                None => return Err(()),
            }
        }
        Ok(applies)
    }

    fn holds(&self, test: &Test) -> Option<bool> {
        match test {
            Test::Never => Some(false),
            Test::Kind(kinds) => Some(kinds.contains(&self.kind)),
            Test::ToClient => (self.circumstance == Circumstance::ToClient).then_some(true),
            Test::Subscribed => (self.circumstance == Circumstance::FromContact).then_some(true),
            _ => None,
        }
    }

    fn action(&self, action: &Action) -> End {
        match action {
            Action::Pass => End::Passed,
            Action::Return => End::Returned,
            Action::Jump(chain) => self.jump(*chain),
            Action::Nothing => End::Open,
            _ => End::Unknown,
        }
    }
}

/// The first that ends anything.
fn first(ends: impl IntoIterator<Item = End>) -> End {
    ends.into_iter().find(|end| *end != End::Open).unwrap_or(End::Open)
}

/// Is it as cheap for every stanza? What is not could refuse one for being too much work.
fn is_cheap(test: &Test) -> bool {
    matches!(
        test,
        Test::Never
            | Test::Kind(_)
            | Test::Type(_)
            | Test::ToSelf
            | Test::ToClient
            | Test::InRoster(_)
            | Test::InGroup(_)
            | Test::Subscribed
            | Test::Pending
            | Test::Greeted
    )
}
