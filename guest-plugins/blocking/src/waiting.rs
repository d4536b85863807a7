//! Strangers whose messages wait for the user's consent. The host has the messages; here is who waits, and who was told.

use std::collections::VecDeque;

use crate::address::domain;

/// After a week the host forgets a message.
const SECONDS: u64 = 7 * 24 * 60 * 60;
/// As many as the host keeps.
const MOST_STRANGERS: usize = 1_000;
const MOST_MESSAGES: u32 = 20;
/// Nobody can use up what the others need by making up senders, and no server.
const MOST_FOR_ONE_USER: usize = 100;
const MOST_OF_ONE_SERVER: usize = 250;
/// Nobody has such an address who means well.
const LONGEST_ADDRESS: usize = 1_023;

/// A stranger who waits for a user.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    user: String,
    stranger: String,
    since: u64,
    messages: u32,
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
    /// One more message.
    pub fn add(&mut self, user: &str, stranger: &str, now: u64) -> Place {
        self.forget_old(now);
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.is_of(user, stranger)) {
            entry.messages += 1;
            return if entry.messages > MOST_MESSAGES { Place::Full } else { Place::Behind };
        }
        if !self.has_room(user, stranger) {
            return Place::Full;
        }
        let (user, stranger) = (user.to_owned(), stranger.to_owned());
        self.entries.push_back(Entry { user, stranger, since: now, messages: 1, is_reminded: false });
        Place::First
    }

    fn has_room(&self, user: &str, stranger: &str) -> bool {
        let count = |is_meant: &dyn Fn(&Entry) -> bool| self.entries.iter().filter(|entry| is_meant(entry)).count();
        self.entries.len() < MOST_STRANGERS
            && count(&|entry| entry.user == user) < MOST_FOR_ONE_USER
            && count(&|entry| domain(&entry.stranger) == domain(stranger)) < MOST_OF_ONE_SERVER
            && user.len().max(stranger.len()) <= LONGEST_ADDRESS
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
            let Entry { user, stranger, since, messages, is_reminded } = entry;
            let line = format!("{user} {since} {messages} {} {stranger}\n", u8::from(*is_reminded));
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

    /// No part of a bare address has a space in it.
    fn read(line: &str) -> Option<Self> {
        let mut words = line.splitn(5, ' ');
        Some(Self {
            user: words.next()?.to_owned(),
            since: words.next()?.parse().ok()?,
            messages: words.next()?.parse().ok()?,
            is_reminded: words.next()? == "1",
            stranger: words.next()?.to_owned(),
        })
    }
}
