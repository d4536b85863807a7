//! Rule files as they are run.

use std::collections::BTreeSet;

use prosody_policy::edits::NewElement;
use prosody_policy::log::Level;
use prosody_policy::{Bounce, StanzaKind};

use crate::address::AddressPattern;
use crate::lists::List;
use crate::path::Path;
use crate::pattern::Pattern;
use crate::rate::Rate;
use crate::template::Template;
use crate::times::{Days, Hours};

/// All rule files together.
#[derive(Debug, Default)]
pub struct Program {
    /// The chains, by number; those of the server first.
    pub chains: Vec<Chain>,
    /// The lists, by number.
    pub lists: Vec<List>,
    /// The limits, by number: each chain of each file has its own of every rate.
    pub limits: Vec<Limit>,
    /// The zones, by number.
    pub zones: Vec<Zone>,
    /// Seconds from UTC at the place where the rules tell the time.
    pub offset: i64,
    /// Does any rule change stanzas?
    pub is_editing: bool,
}

/// The chain that users' stanzas go through before they are routed.
pub const PREROUTE: usize = 0;
/// The chain of what is delivered on this host.
pub const DELIVER: usize = 1;
/// The chain of what leaves for another server.
pub const DELIVER_REMOTE: usize = 2;
/// The chains through which the server sends stanzas.
pub const BUILT_IN: [&str; 3] = ["preroute", "deliver", "deliver_remote"];

impl Program {
    /// Names the hosts of this server.
    pub fn set_hosts(&mut self, hosts: Vec<String>) {
        if let Some(local) = self.zones.first_mut().filter(|_| !hosts.is_empty()) {
            *local = Zone { members: hosts.into_iter().collect(), is_local: false };
        }
    }
}

/// A chain: what the files say about it, one after the other.
#[derive(Debug)]
pub struct Chain {
    /// Its name.
    pub name: String,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// What one file says about one chain.
#[derive(Debug)]
pub struct Part {
    /// The file.
    pub file: String,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// How many tests are made once for all of its rules.
    pub shared: usize,
}

/// When all conditions hold, all actions are done.
#[derive(Debug)]
pub struct Rule {
    /// Where it begins in its file.
    pub line: usize,
    /// Its conditions.
    pub conditions: Vec<Condition>,
    /// Its actions.
    pub actions: Vec<Action>,
}

/// A test, or its opposite.
#[derive(Debug)]
pub struct Condition {
    /// What is tested.
    pub test: Test,
    /// Has it to fail?
    pub is_negated: bool,
    /// Under this number its result is kept for the other rules of the part that have the same.
    pub shared: Option<usize>,
}

/// An end of a stanza's road.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who sent it.
    From,
    /// Who is to get it.
    To,
}

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// Never holds.
    Never,
    /// It is one of these kinds.
    Kind(Vec<StanzaKind>),
    /// It has one of these types.
    Type(Vec<String>),
    /// An address matches.
    Like(Side, AddressPattern),
    /// An address is this text.
    Exactly(Side, Template),
    /// It has no `to`.
    ToSelf,
    /// Its recipient is a connected client.
    ToClient,
    /// This side is in the zone and the other is not.
    Crossing(Side, usize),
    /// Is the sender in the recipient's roster?
    InRoster(bool),
    /// The sender is in this group of the recipient's roster.
    InGroup(String),
    /// The recipient gets the sender's presence.
    Subscribed,
    /// The sender asked the recipient for a subscription.
    Pending,
    /// The recipient sent presence to the sender in particular.
    Greeted,
    /// The path leads somewhere.
    Exists(Path),
    /// What the path leads to compares with a text.
    Compares(Path, Comparison),
    /// Somebody has this role.
    Role(Side, String),
    /// Somebody is an admin.
    Admin(Side),
    /// It is one of these days.
    Day(Vec<Days>),
    /// It is one of these times of day.
    Time(Vec<Hours>),
    /// A limit is reached.
    Limit(usize, Option<Template>),
    /// The origin has a mark that is younger than so many seconds.
    OriginMarked(String, Option<u64>),
    /// The user who sent it has such a mark.
    UserMarked(String, Option<u64>),
    /// A list has the text.
    InList(usize, Template),
    /// A list has something of what the pattern finds there.
    Scan(Path, Pattern, usize),
    /// The pattern is found there so often.
    Count(Path, Pattern, Operator, u64),
}

/// How a text is compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    /// It is this text.
    Equal(Template),
    /// It has this text somewhere.
    Contains(Template),
    /// It matches.
    Matches(Pattern),
    /// It matches a pattern that is made for each stanza.
    MatchesOf(Template),
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// It is smaller.
    Less,
    /// It is not greater.
    LessOrEqual,
    /// It is equal.
    Equal,
    /// It is not smaller.
    GreaterOrEqual,
    /// It is greater.
    Greater,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// The stanza goes on, whatever follows in this chain and those that called it.
    Pass,
    /// It goes nowhere.
    Drop,
    /// The server answers as if nobody were there.
    Default,
    /// The chain ends here.
    Return,
    /// It goes nowhere, and its sender is told.
    Bounce(Bounce),
    /// It goes to this address only.
    Redirect(String),
    /// It goes to this address, too.
    Copy(String),
    /// It is forwarded to this address.
    Forward(String),
    /// It is reported to this address.
    Report {
        /// The address.
        to: String,
        /// Why.
        reason: String,
        /// What else there is to say.
        text: String,
    },
    /// Its sender gets a text from its recipient.
    Reply(String),
    /// These of its children are removed.
    Strip {
        /// Their name; any when none is given.
        name: Option<String>,
        /// Their namespace; that of the stanza when none is given.
        namespace: Option<String>,
    },
    /// This is put into it.
    Inject(NewElement),
    /// A line for the log.
    Log(Level, Template),
    /// Another chain is gone through.
    Jump(usize),
    /// The origin gets a mark.
    MarkOrigin(String),
    /// It loses it.
    UnmarkOrigin(String),
    /// The user who sent it gets a mark.
    MarkUser(String),
    /// He loses it.
    UnmarkUser(String),
    /// A list gets a text.
    AddTo(usize, Template),
    /// Nothing here.
    Nothing,
}

/// A limit of one chain of one file.
#[derive(Debug)]
pub struct Limit {
    /// What it is known by when its state is handed over.
    pub name: String,
    /// The rate.
    pub rate: Rate,
    /// Is there one for each value of an expression?
    pub is_split: bool,
}

/// Hosts and addresses.
#[derive(Debug, Default)]
pub struct Zone {
    /// These.
    pub members: BTreeSet<String>,
    /// All hosts of this server, as far as the road of a stanza shows them.
    pub is_local: bool,
}
