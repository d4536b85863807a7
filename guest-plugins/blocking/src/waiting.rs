//! Strangers whose messages wait for the user's consent. The host has the messages; here is who waits, and who was told.

use std::collections::VecDeque;

use crate::address::domain;

/// After a week the host forgets a message.
const SECONDS: u64 = 7 * 24 * 60 * 60;
/// As much as the host keeps: whoever is told that a message waits has to find it.
const MOST_STRANGERS: usize = 1_000;
const MOST_MESSAGES: u32 = 20;
const MOST_BYTES: usize = 4 * 1024 * 1024;
const MOST_BYTES_OF_ONE: usize = 64 * 1024;
/// Nobody can use up what the others need by making up senders, and no server.
const MOST_FOR_ONE_USER: usize = 100;
const MOST_OF_ONE_SERVER: usize = 250;
const MOST_BYTES_IN_A_SHARE: usize = MOST_BYTES / 4;
/// Of a user and a stranger together. Nobody has such an address who means well, and all of them have to fit into what is
/// saved over a swap.
const LONGEST_ADDRESSES: usize = 200;

/// A stranger who waits for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    user: String,
    stranger: String,
    /// When the last of his messages came: until then the host may have one.
    since: u64,
    messages: u32,
    bytes: usize,
    /// Was the user told again, now that he is here?
    is_reminded: bool,
}

/// What becomes of one more message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is the first of this stranger.
    First,
    /// There are others of him.
    Behind,
    /// There is no place for it.
    Full,
}

/// Who waits, the oldest first.
#[derive(Debug, Default)]
pub struct Waiting {
    entries: VecDeque<Entry>,
}

impl Waiting {
    /// One more message, of so many bytes.
    pub fn add(&mut self, user: &str, stranger: &str, bytes: usize, now: u64) -> Place {
        self.forget_old(now);
        if !self.has_bytes(user, stranger, bytes) {
            return Place::Full;
        }
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.is_of(user, stranger)) {
            return entry.add(bytes, now);
        }
        if !self.has_room(user, stranger) {
            return Place::Full;
        }
        let (user, stranger) = (user.to_owned(), stranger.to_owned());
        self.entries.push_back(Entry { user, stranger, since: now, messages: 1, bytes, is_reminded: false });
        Place::First
    }

    fn has_room(&self, user: &str, stranger: &str) -> bool {
        let count = |is_meant: &dyn Fn(&Entry) -> bool| self.entries.iter().filter(|entry| is_meant(entry)).count();
        self.entries.len() < MOST_STRANGERS
            && count(&|entry| entry.user == user) < MOST_FOR_ONE_USER
            && count(&|entry| domain(&entry.stranger) == domain(stranger)) < MOST_OF_ONE_SERVER
            && user.len() + stranger.len() <= LONGEST_ADDRESSES
    }

    fn has_bytes(&self, user: &str, stranger: &str, bytes: usize) -> bool {
        let fits = |most: usize, is_meant: &dyn Fn(&Entry) -> bool| {
            let meant = self.entries.iter().filter(|entry| is_meant(entry));
            meant.map(|entry| entry.bytes).sum::<usize>().saturating_add(bytes) <= most
        };
        fits(MOST_BYTES, &|_| true)
            && fits(MOST_BYTES_OF_ONE, &|entry| entry.is_of(user, stranger))
            && fits(MOST_BYTES_IN_A_SHARE, &|entry| entry.user == user)
            && fits(MOST_BYTES_IN_A_SHARE, &|entry| domain(&entry.stranger) == domain(stranger))
    }

    /// He waits no more.
    pub fn remove(&mut self, user: &str, stranger: &str) {
        self.entries.retain(|entry| !entry.is_of(user, stranger));
    }

    /// Takes out those for a user of whom this is true.
    pub fn take(&mut self, user: &str, is_meant: impl Fn(&str) -> bool) -> Vec<String> {
        let (meant, others) = self.entries.drain(..).partition(|entry| entry.user == user && is_meant(&entry.stranger));
        self.entries = others;
        let meant: VecDeque<Entry> = meant;
        meant.into_iter().map(|entry| entry.stranger).collect()
    }

    /// Who still waits for a user that comes online, and was not named to him again.
    pub fn remind(&mut self, user: &str, now: u64) -> Vec<String> {
        self.forget_old(now);
        let new = self.entries.iter_mut().filter(|entry| entry.user == user && !entry.is_reminded);
        new.map(|entry| {
            entry.is_reminded = true;
            entry.stranger.clone()
        })
        .collect()
    }

    fn forget_old(&mut self, now: u64) {
        self.entries.retain(|entry| now < entry.since.saturating_add(SECONDS));
    }

    /// For a successor.
    pub fn save(&self, state: &mut Vec<u8>) {
        for entry in &self.entries {
            let Entry { user, stranger, since, messages, bytes, is_reminded } = entry;
            let line = format!("{user} {since} {messages} {bytes} {} {stranger}\n", u8::from(*is_reminded));
            state.extend_from_slice(line.as_bytes());
        }
    }

    /// Takes over all of `rest`.
    pub fn restore(&mut self, rest: &[u8]) -> Option<()> {
        let lines = std::str::from_utf8(rest).ok()?.lines();
        self.entries = lines.map(Entry::read).collect::<Option<_>>()?;
        (self.entries.len() <= MOST_STRANGERS).then_some(())
    }
}

impl Entry {
    fn is_of(&self, user: &str, stranger: &str) -> bool {
        self.user == user && self.stranger == stranger
    }

    /// One more message of his.
    fn add(&mut self, bytes: usize, now: u64) -> Place {
        if self.messages >= MOST_MESSAGES {
            return Place::Full;
        }
        (self.since, self.messages, self.bytes) = (now, self.messages + 1, self.bytes + bytes);
        Place::Behind
    }

    /// No part of a bare address has a space in it.
    fn read(line: &str) -> Option<Self> {
        let mut words = line.splitn(6, ' ');
        Some(Self {
            user: words.next()?.to_owned(),
            since: words.next()?.parse().ok()?,
            messages: words.next()?.parse().ok()?,
            bytes: words.next()?.parse().ok().filter(|bytes| *bytes <= MOST_BYTES_OF_ONE)?,
            is_reminded: words.next()? == "1",
            stranger: words.next()?.to_owned(),
        })
    }
}
