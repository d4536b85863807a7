//! A room that another policy exempted: what is for everybody in it is free, what is for one person is not.

mod common;

use common::STRICT;
use e2ee::EndToEnd;
use prosody_policy::testing::{self, Facts};
use prosody_policy::{Direction, Fact, Needs, Party, Passage, StanzaKind};

const ROOM: &str = "support@rooms.x";
const OUTGOING: (Direction, Party, Party) = (Direction::Outgoing, Party::User, Party::Room);
const ARRIVING: (Direction, Party, Party) = (Direction::Incoming, Party::Room, Party::User);
/// On the host of the rooms itself.
const ENTERING: (Direction, Party, Party) = (Direction::Incoming, Party::User, Party::Room);
const FROM_ELSEWHERE: (Direction, Party, Party) = (Direction::Incoming, Party::Remote, Party::Room);

struct Row {
    way: (Direction, Party, Party),
    kind: StanzaKind,
    xml: &'static str,
    is_free: bool,
}

const fn row(way: (Direction, Party, Party), kind: StanzaKind, is_free: bool, xml: &'static str) -> Row {
    Row { way, kind, xml, is_free }
}

const ROWS: &[Row] = {
    use StanzaKind::{Iq, Message, Presence};
    &[
        row(
            OUTGOING,
            Message,
            true,
            "<message type='groupchat' from='a@x/p' to='support@rooms.x'><body>Help!</body></message>",
        ),
        row(
            ENTERING,
            Message,
            true,
            "<message type='groupchat' from='a@x/p' to='support@rooms.x'><body>Help!</body></message>",
        ),
        row(
            FROM_ELSEWHERE,
            Message,
            true,
            "<message type='groupchat' from='a@y/p' to='support@rooms.x'><body>Help!</body></message>",
        ),
        row(
            ARRIVING,
            Message,
            true,
            "<message type='groupchat' from='support@rooms.x/b' to='a@x/p'><body>Help!</body></message>",
        ),
        row(
            ARRIVING,
            Message,
            true,
            "<message type='groupchat' from='support@rooms.x/b' to='a@x/p'><subject>Help</subject></message>",
        ),
        row(
            OUTGOING,
            Message,
            false,
            "<message type='chat' from='a@x/p' to='support@rooms.x/b'><body>Only you.</body></message>",
        ),
        row(
            ENTERING,
            Message,
            false,
            "<message type='chat' from='a@x/p' to='support@rooms.x/b'><body>Only you.</body></message>",
        ),
        row(
            ARRIVING,
            Message,
            false,
            "<message type='chat' from='support@rooms.x/b' to='a@x/p'><body>Only you.</body></message>",
        ),
        row(OUTGOING, Message, false, "<message from='a@x/p' to='support@rooms.x'><body>To nobody.</body></message>"),
        row(
            OUTGOING,
            Presence,
            true,
            "<presence from='a@x/p' to='support@rooms.x/a'><status>Here.</status></presence>",
        ),
        row(
            ARRIVING,
            Presence,
            true,
            "<presence from='support@rooms.x/b' to='a@x/p'><status>Here.</status></presence>",
        ),
        row(OUTGOING, Iq, true, "<iq type='set' from='a@x/p' to='support@rooms.x'><x xmlns='urn:x'>Words.</x></iq>"),
        row(OUTGOING, Iq, false, "<iq type='set' from='a@x/p' to='support@rooms.x/b'><x xmlns='urn:x'>Words.</x></iq>"),
        row(ARRIVING, Iq, false, "<iq type='set' from='support@rooms.x/b' to='a@x/p'><x xmlns='urn:x'>Words.</x></iq>"),
        row(
            (Direction::Outgoing, Party::User, Party::User),
            Message,
            false,
            "<message type='groupchat' from='a@x/p' to='b@x'><body>No room.</body></message>",
        ),
    ]
};

fn reason(settings: &str, row: &Row, is_exempt: bool) -> String {
    let mut policy = testing::configure::<EndToEnd>(settings).expect("settings");
    testing::set_facts(Facts { is_exempt, ..Facts::default() });
    let (direction, source, destination) = row.way;
    testing::decide(&mut policy, Passage { kind: row.kind, direction, source, destination }, row.xml).decision.reason
}

#[test]
fn what_is_for_everybody_is_free() {
    assert!(ROWS.iter().all(|row| row.xml.contains(ROOM) || !row.is_free));
    for row in ROWS {
        assert_eq!(reason(STRICT, row, true) == "exempt-room", row.is_free, "{}", row.xml);
        assert_ne!(reason(STRICT, row, false), "exempt-room", "{}", row.xml);
    }
}

#[test]
fn it_is_asked_only_where_there_are_rules_for_rooms() {
    for (settings, expected) in [
        (r#"{"mode":"mandatory"}"#, true),
        (r#"{"mode":"mixed"}"#, true),
        (r#"{"direct":"mandatory","rooms":"off"}"#, false),
    ] {
        let policy = testing::configure::<EndToEnd>(settings).expect("settings");
        assert_eq!(policy.needed() == [Fact::Rooms], expected, "{settings}");
    }
    assert_eq!(reason(r#"{"mode":"mixed"}"#, &ROWS[0], true), "exempt-room", "nobody is warned either");
    assert_eq!(reason(r#"{"direct":"mandatory","rooms":"off"}"#, &ROWS[0], true), "off");
}
