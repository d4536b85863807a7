//! Which stanzas the rules can do anything to. What they let pass anyway never has to be shown to them.

use std::collections::{BTreeMap, BTreeSet};

use prosody_policy::{Direction, Fact, StanzaKind, Want};

use crate::program::{Action, Comparison, DELIVER, DELIVER_REMOTE, PREROUTE, Part, Program, Rule, Side, Test};
use crate::template::{Piece, Template};

const KINDS: [StanzaKind; 3] = [StanzaKind::Message, StanzaKind::Presence, StanzaKind::Iq];
/// Namespaces of one want; with more all stanzas are wanted.
const MOST_NAMESPACES: usize = 64;
/// Bytes of one of them.
const LONGEST_NAMESPACE: usize = 256;

/// Which stanzas of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reach {
    /// Those with a child in one of these namespaces.
    With(BTreeSet<String>),
    /// All.
    All,
}

impl Reach {
    fn none() -> Self {
        Self::With(BTreeSet::new())
    }

    fn is_none(&self) -> bool {
        *self == Self::none()
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::With(ours), Self::With(theirs)) => Self::With(ours.into_iter().chain(theirs).collect()),
            _ => Self::All,
        }
    }

    fn namespaces(self) -> Vec<String> {
        match self {
            Self::With(namespaces) if namespaces.len() <= MOST_NAMESPACES => namespaces.into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

/// The stanzas that the policy is to be shown.
pub fn wants(program: &Program) -> Vec<Want> {
    KINDS.into_iter().filter_map(|kind| want(program, kind)).collect()
}

/// What two users of one host write to each other is shown once to a policy that wants both directions, and then both
/// chains are gone through; so both are one want.
fn want(program: &Program, kind: StanzaKind) -> Option<Want> {
    let mut known = BTreeMap::new();
    let mut reach = |chain| reach_of(program, chain, kind, &mut known);
    let (outgoing, incoming) = (reach(PREROUTE).and(reach(DELIVER_REMOTE)), reach(DELIVER));
    let direction = match (outgoing.is_none(), incoming.is_none()) {
        (true, true) => return None,
        (true, false) => Some(Direction::Incoming),
        (false, true) => Some(Direction::Outgoing),
        (false, false) => None,
    };
    Some(Want { kind, direction, namespaces: outgoing.and(incoming).namespaces() })
}

fn reach_of(program: &Program, chain: usize, kind: StanzaKind, known: &mut BTreeMap<usize, Reach>) -> Reach {
    if let Some(reach) = known.get(&chain) {
        return reach.clone();
    }
    let mut reach = Reach::none();
    for part in &program.chains[chain].parts {
        reach = part.rules.iter().fold(reach, |reach, rule| reach.and(rule_reach(program, part, rule, kind, known)));
    }
    known.insert(chain, reach.clone());
    reach
}

/// What one rule does anything to.
fn rule_reach(
    program: &Program,
    part: &Part,
    rule: &Rule,
    kind: StanzaKind,
    known: &mut BTreeMap<usize, Reach>,
) -> Reach {
    if part.shared > 0 && rule.conditions.iter().any(|condition| condition.shared.is_some() && counts(&condition.test))
    {
        // It is counted whether the other conditions hold or not.
        return Reach::All;
    }
    // What stands behind one that counts is not asked before it has counted.
    let asked_first = || rule.conditions.iter().take_while(|condition| !counts(&condition.test));
    if !asked_first().all(|condition| may_be(&condition.test, condition.is_negated, kind)) {
        return Reach::none();
    }
    let is_counting = asked_first().count() < rule.conditions.len();
    let mut inside = if is_counting { Reach::All } else { Reach::none() };
    for action in &rule.actions {
        inside = inside.and(match action {
            Action::Pass | Action::Return | Action::Nothing => Reach::none(),
            Action::Jump(chain) => reach_of(program, *chain, kind, known),
            _ => Reach::All,
        });
    }
    match (&inside, asked_first().find_map(|condition| required(&condition.test, condition.is_negated))) {
        (Reach::All, Some(namespace)) => Reach::With(BTreeSet::from([namespace.to_owned()])),
        _ => inside,
    }
}

/// Does a test do something besides saying whether it holds?
fn counts(test: &Test) -> bool {
    matches!(test, Test::Limit(..))
}

/// Can a stanza of this kind be meant?
fn may_be(test: &Test, is_negated: bool, kind: StanzaKind) -> bool {
    match test {
        Test::Kind(kinds) => kinds.contains(&kind) != is_negated,
        Test::Never => is_negated,
        _ => true,
    }
}

/// The namespace of a child without which a condition does not hold.
fn required(test: &Test, is_negated: bool) -> Option<&str> {
    let path = match test {
        Test::Exists(path) => path,
        Test::Compares(path, Comparison::Equal(_)) => path,
        Test::Compares(path, Comparison::Contains(text)) if has_text(text) => path,
        _ => return None,
    };
    path.payload().filter(|namespace| !is_negated && namespace.len() <= LONGEST_NAMESPACE)
}

/// Is there something in it whatever the stanza says?
fn has_text(Template(pieces): &Template) -> bool {
    pieces.iter().any(|piece| matches!(piece, Piece::Fixed(text) if !text.is_empty()))
}

/// The facts at which the rules look. The roster of a sender says something of what leaves only.
pub fn facts(program: &Program) -> Vec<Fact> {
    let leaves = [PREROUTE, DELIVER_REMOTE].into_iter().any(|chain| !program.chains[chain].parts.is_empty());
    let parts = program.chains.iter().flat_map(|chain| &chain.parts);
    let tests = parts.flat_map(|part| &part.rules).flat_map(|rule| &rule.conditions).map(|condition| &condition.test);
    let mut needed: Vec<Fact> = Vec::new();
    for fact in tests.flat_map(facts_of).filter(|fact| leaves || **fact != Fact::Roster) {
        if !needed.contains(fact) {
            needed.push(*fact);
        }
    }
    needed
}

fn facts_of(test: &Test) -> &'static [Fact] {
    match test {
        Test::Subscribed => &[Fact::Standing, Fact::Roster],
        Test::ToClient | Test::InRoster(_) | Test::InGroup(_) | Test::Pending | Test::Greeted => &[Fact::Standing],
        Test::Role(..) | Test::Admin(Side::From | Side::To) => &[Fact::Roles],
        _ => &[],
    }
}
