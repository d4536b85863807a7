//! What a policy is asked about a stanza outside of a server, by a word: the road, or what else is to become of it.

use anyhow::{Context, Result, anyhow};
use prosody_wasm_runtime::suggestion::nearest;
use prosody_wasm_runtime::{
    About, Blocklist, Direction, Facts, Keys, Occasion, Party, Passage, Question, Registration, Room, Slot, StanzaKind,
};

/// The moment of every such question: an answer must not depend on when it was asked for.
pub const NOW: u64 = 1_700_000_000;

/// A question, and what is known about the moment.
pub struct Situation {
    /// What is asked.
    pub question: Question,
    /// The default namespace of the stream on which such a stanza arrives.
    pub stream: &'static str,
    /// What the server would know.
    pub facts: Facts,
}

impl Situation {
    /// The one with this `dir`.
    pub fn named(dir: &str) -> Result<Self> {
        Ok(Self { question: question(dir)?, stream: stream(dir), facts: facts(dir) })
    }

    /// The words of those in which a hook is asked.
    pub fn of_hook(interface: &str) -> Vec<&'static str> {
        let is_asked = |dir: &&str| question(dir).is_ok_and(|question| question.hook.interface() == interface);
        words().filter(is_asked).collect()
    }
}

fn words() -> impl Iterator<Item = &'static str> {
    ROADS.into_iter().chain(BESIDES.map(|(name, ..)| name))
}

/// What else is asked about a stanza than whether it passes, by `dir`; what is kept was asked for.
const BESIDES: [(&str, &str, Direction); 17] = [
    ("archive-out", "archive", Direction::Outgoing),
    ("archive-in", "archive", Direction::Incoming),
    ("history", "room", Direction::Incoming),
    ("offline", "offline", Direction::Incoming),
    ("carbons-out", "carbons", Direction::Outgoing),
    ("carbons-in", "carbons", Direction::Incoming),
    ("delivery", "delivery", Direction::Incoming),
    ("delivery-muc", "delivery", Direction::Incoming),
    ("delivery-pres", "presence-delivery", Direction::Incoming),
    ("push", "notification", Direction::Incoming),
    ("push-register", "registration", Direction::Outgoing),
    ("upload", "slot", Direction::Outgoing),
    ("room-create", "configuration", Direction::Incoming),
    ("room-change", "configuration", Direction::Incoming),
    ("room-found", "configuration", Direction::Incoming),
    ("keys", "keys", Direction::Incoming),
    ("block", "blocklist", Direction::Outgoing),
];

/// The roads on which stanzas pass, by `dir`.
const ROADS: [&str; 9] = ["out", "out-s2s", "out-muc", "in", "in-s2s", "in-comp", "in-muc", "iq", "pres"];

fn question(dir: &str) -> Result<Question> {
    let Some((_, asked, direction)) = BESIDES.into_iter().find(|(name, ..)| *name == dir) else {
        return passage(dir).map(Question::from);
    };
    let (hook, kind) = Question::named(asked, true).context("a question that this program does not know")?;
    let (source, destination) = match asked {
        "room" => (Party::Room, Party::Room),
        _ if dir == "delivery-muc" => (Party::Room, Party::User),
        _ => (Party::User, Party::User),
    };
    Ok(Question { hook, passage: Passage { kind, direction, source, destination } })
}

/// In a room under the name of "me".
fn facts(dir: &str) -> Facts {
    Facts { now: NOW, nickname: (dir == "delivery-muc").then(|| "me".into()), about: about(dir), ..Facts::default() }
}

/// A device that is not connected, a small file, a room of alice's, keys of bob for her, one address that bob blocks.
fn about(dir: &str) -> About {
    let (alice, bob) = (|| "alice@local.test".to_owned(), || "bob@local.test".to_owned());
    let room = |occasion| Room { address: "room@rooms.local.test".into(), occasion, actor: Some(alice()) };
    match dir {
        "push" | "push-register" => About::Registration(Registration {
            user: bob(),
            service: "push.local.test".into(),
            node: "device".into(),
            ..Registration::default()
        }),
        "upload" => About::Slot(Slot { user: alice(), name: "photo.jpg".into(), size: 100_000, ..Slot::default() }),
        "room-create" => About::Room(room(Occasion::Created)),
        "room-change" => About::Room(room(Occasion::Changed)),
        "room-found" => About::Room(Room { actor: None, ..room(Occasion::Found) }),
        "keys" => About::Keys(Keys { owner: bob(), reader: alice(), shares_room: true }),
        "block" => About::Blocklist(Blocklist { user: bob(), is_blocking: true, count: 1, blocked: 0 }),
        _ => About::Stanza,
    }
}

fn passage(dir: &str) -> Result<Passage> {
    use {Direction::*, Party::*};
    let kind = match dir {
        "iq" => StanzaKind::Iq,
        "pres" => StanzaKind::Presence,
        _ => StanzaKind::Message,
    };
    let (direction, source, destination) = match dir {
        "out" | "iq" | "pres" => (Outgoing, User, User),
        "out-s2s" => (Outgoing, User, Remote),
        "out-muc" => (Outgoing, User, Room),
        "in" => (Incoming, User, User),
        "in-s2s" => (Incoming, Remote, User),
        "in-comp" => (Incoming, Component, User),
        "in-muc" => (Incoming, Room, User),
        other => return Err(unknown(other)),
    };
    Ok(Passage { kind, direction, source, destination })
}

fn unknown(dir: &str) -> anyhow::Error {
    let known: Vec<&str> = words().collect();
    let meant = nearest(dir, known.iter().copied()).map(|dir| format!("; did you mean {dir}?")).unwrap_or_default();
    anyhow!("there is no dir \"{dir}\"; there are {}{meant}", known.join(", "))
}

/// The default namespace of the stream on which such a stanza arrives.
fn stream(dir: &str) -> &'static str {
    match dir {
        "in-s2s" => "jabber:server",
        "in-comp" => "jabber:component:accept",
        _ => "jabber:client",
    }
}

#[cfg(test)]
mod tests {
    use prosody_wasm_runtime::Hook;

    use super::*;

    #[test]
    fn every_direction_is_a_question() {
        for dir in words() {
            let Situation { question, facts, .. } = Situation::named(dir).unwrap();
            assert_eq!(question.hook == Hook::Message, ROADS.contains(&dir), "{dir}");
            let is_about_more = !matches!(facts.about, About::Stanza);
            assert_eq!(
                is_about_more,
                ["push", "upload", "room", "keys", "block"].iter().any(|word| dir.starts_with(word)),
                "{dir}"
            );
        }
        assert_eq!(Situation::of_hook("carbons-policy"), ["carbons-out", "carbons-in"]);
        assert!(question("delivry").unwrap_err().to_string().contains("delivery"), "with a suggestion");
    }
}
