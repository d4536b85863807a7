//! What a policy can do that it should not.

use std::hint::black_box;

use prosody_policy::{edits, log, outbox, store};

/// What it does.
#[derive(Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Goes round in circles, for ever.
    Loop,
    /// For ever, in operations that nothing interrupts.
    BulkLoop,
    /// Calls itself.
    Recurse,
    /// Takes memory, for ever.
    Grow,
    /// With words that nobody may read.
    Panic,
    /// Calls the host, for ever.
    HostCalls,
    /// 10,000 lines.
    LogFlood,
    /// 10,000 messages.
    NoticeFlood,
    /// 10,000 values of 40 KiB.
    StoreFlood,
    /// As many of them as one call may write, which is more than it may write in all.
    StoreMuch,
    /// 10,000 edits.
    EditFlood,
    /// Of a node that is not there.
    EditNowhere,
    /// Of the recipient.
    EditAddress,
    /// Writes what XML does not allow.
    EditControlCharacter,
    /// 10,000 bytes.
    LongReason,
    /// The text of the stanza.
    LeakyReason,
    /// The text of the stanza, and an address.
    LeakyLog,
    /// Refuses what it is given.
    Refuse,
    /// A state of 2 MiB.
    HugeState,
    /// All that is allowed in one call: lines, messages, and writes to a store that is full.
    AllAllowed,
    /// Nothing: it keeps a little anew in a store that is full, as an honest policy may, and panics when something is lost.
    KeepLittle,
    /// Passes 5 MiB to the host.
    Giant,
    /// Returns more than anybody may.
    GiantResult,
}

/// Does it, unless it is in what is answered.
///
/// # Panics
/// When it is to.
pub fn misbehave(how: How) {
    match how {
        How::Loop => loop {
            black_box(());
        },
        How::BulkLoop => {
            let mut bytes = vec![0u8; 8 << 20];
            let mut value = 0;
            loop {
                bytes.fill(black_box(value));
                value = black_box(&bytes)[0].wrapping_add(1);
            }
        }
        How::Recurse => {
            black_box(recurse(0));
        }
        How::Grow => {
            let mut hoard: Vec<Vec<u8>> = Vec::new();
            loop {
                hoard.push(black_box(vec![1; 1 << 20]));
            }
        }
        How::Panic => panic!("a panic with SECRET words"),
        How::HostCalls => loop {
            black_box(prosody_policy::clock::now());
        },
        How::LogFlood => {
            (0..10_000).for_each(|number| log::write(log::Level::Info, &format!("line {number}\n\u{1b}[31m")))
        }
        How::NoticeFlood => (0..10_000).for_each(|_| outbox::reply("again")),
        How::StoreFlood => write_values(10_000),
        How::StoreMuch => write_values(64),
        How::EditFlood => (0..10_000).for_each(|_| edits::set_attribute(1, "a", "b")),
        How::EditNowhere => edits::remove(1_000_000),
        How::EditAddress => edits::set_attribute(0, "to", "mallory@example.org"),
        How::EditControlCharacter => edits::set_text(1, "\u{1}"),
        How::LeakyLog => {
            let stanza = prosody_policy::stanza();
            let body = stanza.root().child("body", "jabber:client").map(|body| body.text().into_owned());
            log::write(log::Level::Error, &body.unwrap_or_default());
            log::write(log::Level::Error, "for alice@example.org");
        }
        How::AllAllowed => {
            (0..16).for_each(|number| log::write(log::Level::Error, &format!("line {number}")));
            (0..4).for_each(|_| outbox::reply(&"again ".repeat(300)));
            let turn = next_turn();
            write_part(turn % PARTS);
            (0..64 - 3).for_each(|number| store::set(&number.to_string(), &turn.to_le_bytes()).unwrap_or_default());
        }
        How::KeepLittle => match next_turn() {
            turn @ 0..PARTS => write_part(turn),
            turn => keep_little(turn),
        },
        How::Giant => log::write(log::Level::Info, &"x".repeat(5 << 20)),
        How::LongReason | How::LeakyReason | How::Refuse | How::HugeState | How::GiantResult => {}
    }
}

fn write_values(count: usize) {
    for number in 0..count {
        let _ = store::set(&number.to_string(), &[0; 30 * 1024]);
    }
}

/// Parts of the store: as much as one call may write; all of them fill it, but for room to replace a value.
const PARTS: u32 = 13;
/// Each part is two values; besides them there is room for small ones.
const HALF: usize = 72 * 1024 / 2 - 256;

/// How often it was called.
fn next_turn() -> u32 {
    let turn = store::get("turn").map_or(0, |bytes| number(&bytes) + 1);
    store::set("turn", &turn.to_le_bytes()).unwrap_or_default();
    turn
}

fn number(bytes: &[u8]) -> u32 {
    bytes.try_into().map_or(0, u32::from_le_bytes)
}

fn value(part: u32) -> Vec<u8> {
    vec![part.to_le_bytes()[0]; HALF]
}

fn write_part(part: u32) {
    for half in 0..2 {
        store::set(&format!("full-{part}-{half}"), &value(part)).unwrap_or_default();
    }
}

fn keep_little(turn: u32) {
    let (part, half) = (turn % PARTS, turn / PARTS % 2);
    assert_eq!(store::get(&format!("full-{part}-{half}")), Some(value(part)));
    assert!(turn == PARTS || store::get("a little").is_some_and(|bytes| number(&bytes) == turn - 1));
    store::set("a little", &turn.to_le_bytes()).unwrap_or_default();
}

#[expect(unconditional_recursion, reason = "that is its point")]
fn recurse(depth: u64) -> u64 {
    black_box(recurse(black_box(depth) + 1)) + 1
}

/// Takes its time: so many rounds of a multiplication.
pub fn busy(rounds: u64) {
    let mut value = 1u64;
    for _ in 0..rounds {
        value = black_box(value.wrapping_mul(6_364_136_223_846_793_005));
    }
}
