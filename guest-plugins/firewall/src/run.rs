//! One stanza on its way through the chains.

mod act;
mod compare;
mod holds;

use std::cell::OnceCell;

use prosody_policy::log::{self, Level};
use prosody_policy::standing::{self, Acquaintance};
use prosody_policy::{
    Bounce, Decision, Direction, ErrorCondition, ErrorType, Party, Passage, StanzaKind, Verdict, clock,
};

use crate::address::Address;
use crate::memory::Memory;
use crate::pattern::Budget;
use crate::program::{Condition, DELIVER, DELIVER_REMOTE, PREROUTE, Part, Program, Rule, Test};
use crate::view::View;

/// Work that a condition is, besides what it looks at.
const CONDITION: usize = 8;
/// Work that it is to look for a mark, or to set one.
const MARK: usize = 100;

/// A stanza, and what is to be done with it.
pub struct Run<'a> {
    program: &'a Program,
    memory: &'a mut Memory,
    view: View,
    passage: Passage,
    budget: Budget,
    now: u64,
    standing: OnceCell<Acquaintance>,
    /// How often it was sent elsewhere, or answered.
    sent: usize,
}

/// How a chain ends.
enum Ending {
    /// At its end, or with `RETURN`.
    Open,
    /// With `PASS`.
    Passed,
    /// With `DEFAULT`.
    Default,
    /// The stanza goes no further.
    Refused(Decision),
}

impl<'a> Run<'a> {
    /// The current stanza.
    pub fn new(program: &'a Program, memory: &'a mut Memory, passage: Passage) -> Self {
        let (view, budget, standing) = (View::new(), Budget::default(), OnceCell::new());
        Self { program, memory, view, passage, budget, now: clock::now(), standing, sent: 0 }
    }

    /// What is to happen to it.
    pub fn decide(mut self) -> Decision {
        for chain in self.chains().into_iter().flatten() {
            if let Some(decision) = self.enter(chain) {
                return decision;
            }
        }
        self.view.tell_edits();
        Decision::pass("passed")
    }

    /// The chains of the server that it goes through. What two users of one host write to each other is shown once.
    fn chains(&self) -> [Option<usize>; 2] {
        match (self.passage.direction, self.passage.destination) {
            (Direction::Incoming, _) => [Some(DELIVER), None],
            (Direction::Outgoing, Party::Remote) => [Some(PREROUTE), Some(DELIVER_REMOTE)],
            (Direction::Outgoing, _) => [Some(PREROUTE), self.stays_on_host().then_some(DELIVER)],
        }
    }

    fn stays_on_host(&self) -> bool {
        self.view.is_for_self || host(&self.view.from) == host(&self.view.to)
    }

    /// Goes through a chain of the server: of every file, unless one of them lets nobody else see the stanza.
    fn enter(&mut self, chain: usize) -> Option<Decision> {
        for part in &self.program.chains[chain].parts {
            match self.part(part) {
                Ending::Open | Ending::Passed => {}
                Ending::Refused(decision) => return Some(decision),
                Ending::Default if chain == PREROUTE => return None,
                Ending::Default => return Some(self.unhandled(chain)),
            }
        }
        None
    }

    /// What Prosody does when nobody is there for a stanza.
    fn unhandled(&self, chain: usize) -> Decision {
        let condition = match chain {
            DELIVER_REMOTE => ErrorCondition::NotAllowed,
            _ => ErrorCondition::ServiceUnavailable,
        };
        self.bounced(&Bounce { error_type: ErrorType::Cancel, condition, text: String::new() }, "default")
    }

    /// A bounce, or a drop where nobody may be answered.
    fn bounced(&self, bounce: &Bounce, reason: &str) -> Decision {
        let stanza_type = self.view.attribute("type");
        let is_answer = self.passage.kind == StanzaKind::Iq && stanza_type.as_deref() == Some("result");
        match stanza_type.as_deref() == Some("error") || is_answer {
            true => Decision::drop(reason),
            false => Decision { verdict: Verdict::Bounce(bounce.clone()), reason: reason.into() },
        }
    }

    /// Goes through a chain to which a rule jumped. The first file that says anything has the last word.
    fn jump(&mut self, chain: usize) -> Ending {
        for part in &self.program.chains[chain].parts {
            match self.part(part) {
                Ending::Open => {}
                Ending::Passed | Ending::Default => return Ending::Passed,
                refused @ Ending::Refused(_) => return refused,
            }
        }
        Ending::Open
    }

    fn part(&mut self, part: &Part) -> Ending {
        let mut shared = vec![None; part.shared];
        for rule in &part.rules {
            let ending = self.rule(rule, &mut shared);
            let is_refused = matches!(ending, Some(Ending::Refused(_)));
            if self.budget.is_spent() && !is_refused {
                return self.too_costly(part, rule);
            }
            if let Some(ending) = ending {
                return ending;
            }
        }
        Ending::Open
    }

    fn rule(&mut self, rule: &Rule, shared: &mut [Option<bool>]) -> Option<Ending> {
        let applies = self.applies(rule, shared);
        rule.actions.iter().take_while(|_| applies).find_map(|action| self.act(action))
    }

    /// Do all conditions hold? Tests that several rules have are made once, and those that something may change before the
    /// first rule that has them, whether its other conditions hold or not: so it is in mod_firewall, and limits show it.
    fn applies(&mut self, rule: &Rule, shared: &mut [Option<bool>]) -> bool {
        for Condition { test, shared: number, .. } in &rule.conditions {
            if let Some(number) = number
                && shared[*number].is_none()
                && self.may_change(test)
            {
                shared[*number] = Some(self.holds(test));
            }
        }
        rule.conditions.iter().all(|condition| self.condition(condition, shared))
    }

    fn condition(&mut self, condition: &Condition, shared: &mut [Option<bool>]) -> bool {
        let known = condition.shared.and_then(|number| shared[number]);
        let holds = known.unwrap_or_else(|| self.holds(&condition.test));
        if let Some(number) = condition.shared {
            shared[number] = Some(holds);
        }
        holds != condition.is_negated && !self.budget.is_spent()
    }

    fn may_change(&self, test: &Test) -> bool {
        match test {
            Test::Limit(..) | Test::OriginMarked(..) | Test::UserMarked(..) => true,
            Test::InList(list, _) => self.program.lists[*list].is_growing,
            Test::Exists(_) | Test::Compares(..) | Test::Scan(..) | Test::Count(..) => self.program.is_editing,
            _ => false,
        }
    }

    /// A stanza about which nobody can say whether a rule is meant for it goes nowhere: otherwise whoever writes long
    /// enough would get past every rule.
    fn too_costly(&self, part: &Part, rule: &Rule) -> Ending {
        let line = format!("{}:{}: a stanza is too much work for this rule and those before it", part.file, rule.line);
        log::write(Level::Warn, &line);
        let text =
            "This was not delivered: the rules of this server cannot be applied to something as long as this.".into();
        let bounce = Bounce { error_type: ErrorType::Modify, condition: ErrorCondition::PolicyViolation, text };
        Ending::Refused(self.bounced(&bounce, "too-costly"))
    }

    /// How the recipient stands to the sender.
    fn standing(&self) -> &Acquaintance {
        self.standing.get_or_init(standing::acquaintance)
    }
}

fn host(address: &Option<String>) -> Option<&str> {
    address.as_deref().and_then(Address::split).map(|address| address.host)
}
