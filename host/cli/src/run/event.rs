//! What happens while the server runs.

use std::cell::Cell;
use std::io::{BufRead, BufReader, Read};
use std::process::ChildStdout;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{SigSet, Signal};

/// Bytes of one line of the server's log.
const LINE: u64 = 64 << 10;

/// Something that happened.
pub enum Event {
    /// The server wrote a line.
    Line(String),
    /// The server ended.
    End,
    /// Somebody wants this program to end.
    Signal,
    /// Nothing, for as long as was waited.
    Nothing,
}

/// Where what happens arrives.
pub struct Events {
    sender: Sender<Event>,
    receiver: Receiver<Event>,
    looked: Cell<Instant>,
}

impl Events {
    /// From now on, being told to end is an event. Programs that are started get their signals as usual.
    pub fn listen() -> Result<Self> {
        let (sender, receiver) = channel();
        let mut signals = SigSet::empty();
        [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP].into_iter().for_each(|signal| signals.add(signal));
        signals.thread_block().context("cannot listen to signals")?;
        let told = sender.clone();
        std::thread::spawn(move || while signals.wait().is_ok() && told.send(Event::Signal).is_ok() {});
        Ok(Self { sender, receiver, looked: Cell::new(Instant::now()) })
    }

    /// What the server writes are events.
    pub fn read(&self, output: ChildStdout) {
        let sender = self.sender.clone();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(line) = line(&mut output) {
                if sender.send(Event::Line(line)).is_err() {
                    return;
                }
            }
            // Whoever is to hear of it may be gone.
            let _ = sender.send(Event::End);
        });
    }

    /// The next event; [`Event::Nothing`] as often as this, also while the server writes a lot.
    pub fn next(&self, every: Duration) -> Result<Event> {
        let rest = every.saturating_sub(self.looked.get().elapsed());
        if rest.is_zero() {
            return self.nothing();
        }
        match self.receiver.recv_timeout(rest) {
            Ok(event) => Ok(event),
            Err(RecvTimeoutError::Timeout) => self.nothing(),
            Err(RecvTimeoutError::Disconnected) => bail!("nothing can happen any more"),
        }
    }

    fn nothing(&self) -> Result<Event> {
        self.looked.set(Instant::now());
        Ok(Event::Nothing)
    }
}

/// A line, or the beginning of a long one.
fn line(output: &mut impl BufRead) -> Option<String> {
    let mut bytes = Vec::new();
    let length = output.by_ref().take(LINE).read_until(b'\n', &mut bytes).ok()?;
    (length > 0).then(|| String::from_utf8_lossy(&bytes).trim_end().to_owned())
}
