//! Who decides: a chain, with what it has decided and not told yet.

use std::cell::RefCell;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::{Rc, Weak};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, ensure};
use mlua::{Lua, Table};
use prosody_stanza::{Excess, Stanza};
use prosody_wasm_runtime::{Chain, Facts, Outcome, Question};

use crate::known::Known;
use crate::outcome::Told;
use crate::words;

thread_local! {
    /// All that were ever made in this server, by their numbers.
    static JUDGES: RefCell<Vec<Weak<RefCell<Judge>>>> = const { RefCell::new(Vec::new()) };
}

/// The one with this number, while it lives.
pub fn numbered(number: i64) -> Option<Rc<RefCell<Judge>>> {
    let index = usize::try_from(number).ok()?;
    JUDGES.try_with(|judges| judges.try_borrow().ok()?.get(index)?.upgrade()).ok()?
}

/// A chain, with what it has decided and not told yet.
pub struct Judge {
    pub chain: Chain,
    pub words: Words,
    untold: Option<Told>,
}

/// That a stanza passes as it is, in [`Words`].
pub struct Plain {
    pub verdict: i64,
    pub policy: Option<i64>,
    pub reason: i64,
    pub microseconds: f64,
}

impl Judge {
    /// A new one, with its number.
    pub fn of(lua: &Lua, chain: Chain) -> mlua::Result<(Rc<RefCell<Self>>, i64)> {
        let judge = Rc::new(RefCell::new(Self { chain, words: Words::new(lua)?, untold: None }));
        let number = JUDGES.with_borrow_mut(|judges| {
            // A place is never used again, but what was there is let go.
            judges.iter_mut().filter(|gone| gone.strong_count() == 0).for_each(|gone| *gone = Weak::new());
            judges.push(Rc::downgrade(&judge));
            judges.len() - 1
        });
        Ok((judge, number as i64))
    }

    /// Decides. `None` when there is more to tell than that it passes as it is: [`Judge::told`].
    pub fn decide(
        &mut self,
        stanza: Result<Stanza, Excess>,
        question: Option<usize>,
        is_judged: bool,
        began: Instant,
    ) -> Option<Plain> {
        let told = self.ask(stanza, question, Known { is_judged, ..Known::default() });
        let told = told.taking(began.elapsed());
        let plain = self.words.plain(&told);
        self.untold = plain.is_none().then_some(told);
        plain
    }

    /// Whoever asks anew is not told of the last one.
    pub fn forget_untold(&mut self) {
        self.untold = None;
    }

    /// What was decided and not told yet.
    pub fn told(&mut self) -> Told {
        self.untold.take().unwrap_or_else(Told::internal_error)
    }

    /// A panic of ours must not become an error in Prosody's event loop: it is an answer, like any failure.
    pub fn ask(&mut self, stanza: Result<Stanza, Excess>, question: Option<usize>, known: Known) -> Told {
        self.forget_untold();
        let outcome = catch_unwind(AssertUnwindSafe(|| self.answer(stanza, question, known)));
        match outcome {
            Ok(Ok(outcome)) => Told::from(outcome),
            Ok(Err(_)) | Err(_) => Told::internal_error(),
        }
    }

    fn answer(
        &mut self,
        stanza: Result<Stanza, Excess>,
        question: Option<usize>,
        known: Known,
    ) -> anyhow::Result<Outcome> {
        let Known { subscription, nickname, about, parties, is_judged, is_wanted } = known;
        let question = question.and_then(Question::numbered).context("a question")?.wanted(is_wanted);
        let facts = Facts { now: now(), subscription, nickname, about, parties };
        let kind = words::kind(question.passage.kind);
        let is_other = stanza.as_ref().is_ok_and(|stanza| stanza.root().name() != kind);
        ensure!(!is_other, "another kind of stanza than was asked about");
        Ok(self.chain.decide(stanza, question, is_judged, &facts))
    }
}

/// Words that are in a table of Lua's, by their places there: telling one makes no string.
pub struct Words {
    pub table: Table,
    places: HashMap<String, i64>,
}

/// Policies and their reasons are few, and those of a policy that makes them up are bounded; more are told without this.
const WORDS: usize = 4_096;
/// Where the verdict of most stanzas is.
const PASS: i64 = 1;

impl Words {
    fn new(lua: &Lua) -> mlua::Result<Self> {
        let table = lua.create_table()?;
        table.raw_set(PASS, "pass")?;
        Ok(Self { table, places: HashMap::new() })
    }

    fn plain(&self, told: &Told) -> Option<Plain> {
        let policy = match &told.policy {
            Some(policy) => Some(*self.places.get(policy)?),
            None => None,
        };
        let reason = *self.places.get(&told.reason)?;
        told.is_plain().then_some(Plain { verdict: PASS, policy, reason, microseconds: told.microseconds() })
    }

    /// The next time they are here.
    pub fn learn(&mut self, told: &Told) -> mlua::Result<()> {
        for word in told.policy.iter().chain([&told.reason]) {
            if self.places.len() < WORDS && !self.places.contains_key(word) {
                let place = PASS + 1 + self.places.len() as i64;
                self.table.raw_set(place, word.as_str())?;
                self.places.insert(word.clone(), place);
            }
        }
        Ok(())
    }
}

/// Seconds since 1970-01-01 UTC.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).as_ref().map(Duration::as_secs).unwrap_or_default()
}
