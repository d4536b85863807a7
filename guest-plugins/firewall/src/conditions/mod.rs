//! The conditions.

mod read;

use crate::program::{Side, Test};
use crate::word::Reading::{Alone, Perhaps, Refused, With};
use crate::word::Word;

const NO_GROUPS: &str = "the groups of `mod_groups` are not shown to policies";
const NO_ADDRESSES: &str = "policies are not shown from which IP address somebody writes, on purpose";
const BY_HOST: &str = "Use `FROM:` or a `%ZONE`, or a firewall in front of the server";

/// All of them.
pub const CONDITIONS: &[Word<Test>] = &[
    Word::new("KIND", "KIND: message|iq", "it is one of these kinds", With(read::kind)),
    Word::new(
        "TYPE",
        "TYPE: chat|normal",
        "it has one of these types; `normal` and `available` are those of stanzas without one",
        With(read::stanza_type),
    ),
    Word::new("PAYLOAD", "PAYLOAD: urn:xmpp:ping", "it has a child in this namespace", With(read::payload)),
    Word::new(
        "INSPECT",
        "INSPECT: {urn:x}a/b@c=value",
        "the path leads somewhere, or to a text that compares: `=` exactly, `/=` contains, `~=` matches this Lua pattern; with `$` before it the text has expressions",
        With(read::inspect),
    ),
    Word::new(
        "FROM",
        "FROM: <*>@<<x%d*>>/desk",
        "the sender's address matches: texts, `<*>`, `<wild*card?>`, `<<Lua pattern>>`; without a resource any",
        With(|_, text| read::like(Side::From, text)),
    ),
    Word::new(
        "TO",
        "TO: alice@<*.example.org>",
        "the recipient's address matches; that of a stanza without `to` is the sender's own, without resource",
        With(|_, text| read::like(Side::To, text)),
    ),
    Word::new(
        "FROM EXACTLY",
        "FROM EXACTLY: $<@to>",
        "`from` is exactly this text, which may have expressions",
        With(|_, text| read::exactly(Side::From, text)),
    ),
    Word::new(
        "TO EXACTLY",
        "TO EXACTLY: alice@example.org/desk",
        "`to` is exactly this text, which may have expressions",
        With(|_, text| read::exactly(Side::To, text)),
    ),
    Word::new(
        "FROM FULL JID",
        "FROM FULL JID?",
        "never holds, as in mod_firewall up to 2026 at least: what it compares is never equal",
        Alone(|| Test::Never),
    ),
    Word::new("TO FULL JID", "TO FULL JID?", "it is addressed to a client that is connected", Alone(|| Test::ToClient)),
    Word::new("TO SELF", "TO SELF?", "it has no `to`: it is for the sender's own account", Alone(|| Test::ToSelf)),
    Word::new(
        "ENTERING",
        "ENTERING: $local",
        "its recipient is in the zone and its sender is not",
        With(|scope, text| read::crossing(scope, Side::To, text)),
    ),
    Word::new(
        "LEAVING",
        "LEAVING: $local",
        "its sender is in the zone and its recipient is not",
        With(|scope, text| read::crossing(scope, Side::From, text)),
    ),
    Word::new(
        "IN ROSTER",
        "IN ROSTER?",
        "the sender is in the roster of the recipient, who is a user of this server",
        Perhaps(read::in_roster),
    ),
    Word::new(
        "IN ROSTER GROUP",
        "IN ROSTER GROUP: Friends",
        "the sender is in this group of it",
        With(|_, group| Ok(Test::InGroup(group.to_owned()))),
    ),
    Word::new(
        "SUBSCRIBED",
        "SUBSCRIBED?",
        "the recipient gets the sender's presence, or is the sender",
        Alone(|| Test::Subscribed),
    ),
    Word::new(
        "PENDING SUBSCRIPTION FROM SENDER",
        "PENDING SUBSCRIPTION FROM SENDER?",
        "the sender asked for the recipient's presence and has no answer yet, or is the recipient",
        Alone(|| Test::Pending),
    ),
    Word::new(
        "SENT DIRECTED PRESENCE TO SENDER",
        "SENT DIRECTED PRESENCE TO SENDER?",
        "the recipient sent presence to the sender in particular; mod_firewall looks at the sender's session for this, where it never is",
        Alone(|| Test::Greeted),
    ),
    Word::new(
        "FROM ROLE",
        "FROM ROLE: prosody:member",
        "the sender has this role",
        With(|_, role| Ok(Test::Role(Side::From, role.to_owned()))),
    ),
    Word::new(
        "TO ROLE",
        "TO ROLE: prosody:admin",
        "the recipient has this role",
        With(|_, role| Ok(Test::Role(Side::To, role.to_owned()))),
    ),
    Word::new(
        "FROM ADMIN",
        "FROM ADMIN?",
        "the sender is an admin or operator (deprecated there)",
        Alone(|| Test::Admin(Side::From)),
    ),
    Word::new("TO ADMIN", "TO ADMIN?", "the recipient is one (deprecated there)", Alone(|| Test::Admin(Side::To))),
    Word::new(
        "FROM ADMIN OF",
        "FROM ADMIN OF: example.org",
        "the admins of other hosts are not shown to policies",
        Refused { instead: "Use `FROM ADMIN?` in the rules of that host" },
    ),
    Word::new(
        "TO ADMIN OF",
        "TO ADMIN OF: example.org",
        "the admins of other hosts are not shown to policies",
        Refused { instead: "Use `TO ADMIN?` in the rules of that host" },
    ),
    Word::new(
        "MAY",
        "MAY: xmpp:federate",
        "the permissions of Prosody are not shown to policies",
        Refused { instead: "Use `FROM ROLE:` with the roles that have it" },
    ),
    Word::new(
        "FROM GROUP",
        "FROM GROUP: staff",
        NO_GROUPS,
        Refused { instead: "Use `FROM ROLE:`, or `CHECK LIST: staff contains $<@from|bare>`" },
    ),
    Word::new(
        "TO GROUP",
        "TO GROUP: staff",
        NO_GROUPS,
        Refused { instead: "Use `TO ROLE:`, or `CHECK LIST: staff contains $<@to|bare>`" },
    ),
    Word::new(
        "CROSSING GROUPS",
        "CROSSING GROUPS: sales, research",
        NO_GROUPS,
        Refused { instead: "Use a list for each group, and `CHECK LIST:`" },
    ),
    Word::new("FROM IP", "FROM IP: 192.0.2.1", NO_ADDRESSES, Refused { instead: BY_HOST }),
    Word::new("FROM SUBNET", "FROM SUBNET: 192.0.2.0/24", NO_ADDRESSES, Refused { instead: BY_HOST }),
    Word::new("FROM COUNTRY", "FROM COUNTRY: SE", NO_ADDRESSES, Refused { instead: BY_HOST }),
    Word::new(
        "DAY",
        "DAY: Sat-Sun, Wednesday",
        "it is one of these days of the week, at the place of the setting `timezone`; mod_firewall compares with the day of the month",
        With(|_, text| crate::times::Days::list(text).map(Test::Day)),
    ),
    Word::new(
        "TIME",
        "TIME: 10pm-6am, 14:00-15:30",
        "it is one of these times of day, at the place of the setting `timezone`",
        With(|_, text| crate::times::Hours::list(text).map(Test::Time)),
    ),
    Word::new(
        "LIMIT",
        "LIMIT: normal on $<@from|bare>",
        "the rate is used up, which this counts; each chain of each file has its own",
        With(read::limit),
    ),
    Word::new(
        "ORIGIN MARKED",
        "ORIGIN MARKED: spammer (3600s)",
        "the origin has the mark, and not for longer: a client of this server, or the server that sent it",
        With(|_, text| read::marked(text, Test::OriginMarked)),
    ),
    Word::new(
        "USER MARKED",
        "USER MARKED: spammer",
        "the user of this host who sent it has the mark",
        With(|_, text| read::marked(text, Test::UserMarked)),
    ),
    Word::new(
        "CHECK LIST",
        "CHECK LIST: spammers contains $<@from|bare>",
        "the list has this text",
        With(read::in_list),
    ),
    Word::new(
        "SCAN",
        "SCAN: body for word in badwords",
        "the list has something that the pattern finds in this place",
        With(read::scan),
    ),
    Word::new("COUNT", "COUNT: url in body > 1", "the pattern is found so often in this place", With(read::count)),
];
