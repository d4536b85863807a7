//! `chain`: the policies of one host.

use std::cell::{RefCell, RefMut};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use mlua::{AnyUserData, Function, Lua, LuaString, MultiValue, Table, UserData, UserDataMethods};
use prosody_wasm_runtime::slot::State;
use prosody_wasm_runtime::{
    Chain, Engine, Exemptions, Expiry, Interest, Passage, Permission, Question, StanzaKind, Undone,
};

use crate::judge::{Judge, now};
use crate::raw::{self, Keys};
use crate::{Answer, answer, differences, known, outcome, request, staging, status, words};

/// The chain of one host, with what its calls need.
pub struct ChainHandle {
    judge: Rc<RefCell<Judge>>,
    number: i64,
    keys: Keys,
}

/// `native.chain(host_name) -> chain | nil, err`
pub fn new(lua: &Lua, _: String) -> Answer<ChainHandle> {
    answer(make(lua))
}

fn make(lua: &Lua) -> anyhow::Result<ChainHandle> {
    let engine: Arc<Engine> = crate::engine(lua)?;
    let keys = Keys::new(lua).map_err(|error| anyhow!("{error}"))?;
    let (judge, number) = Judge::of(lua, Chain::new(engine)).map_err(|error| anyhow!("{error}"))?;
    Ok(ChainHandle { judge, number, keys })
}

impl UserData for ChainHandle {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        add_places(methods);
        add_succession(methods);
        add_trials(methods);
        methods.add_method("interests", |lua, this, ()| this.interests(lua));
        methods.add_method("needs", |_, this, fact: String| {
            Ok(match fact.as_str() {
                "shared-rooms" => this.chain().asks_for_shared_rooms(),
                fact => Permission::named(fact).is_some_and(|permission| this.chain().needs(permission)),
            })
        });
        methods.add_method("hears", |_, this, interface: String| Ok(this.chain().hears(&interface)));
        methods.add_method("retention", |_, this, ()| Ok(this.chain().retention()));
        methods.add_method("expiry", |lua, this, ()| this.expiry(lua));
        methods.add_method("status", |lua, this, ()| status::status(lua, this.chain().slots()));
        methods.add_method("question", |_, _, words: Words| answer(question(&words)));
        methods.add_method("decide", ChainHandle::decide);
        methods.add_method("quick", |lua, this, ()| this.quick(lua));
        methods.add_method("told", |lua, this, ()| this.told(lua));
        methods.add_method("charge", |_, this, (name, microseconds): (String, f64)| {
            // A clock that jumps makes no panic of it.
            let spent = Duration::try_from_secs_f64(microseconds / 1_000_000.0).unwrap_or_default();
            this.chain().charge(&name, spent);
            Ok(())
        });
    }
}

/// Places, and what is in them.
fn add_places<M: UserDataMethods<ChainHandle>>(methods: &mut M) {
    methods.add_method("declare", |_, this, (name, terms): (String, Table)| {
        let (on_error, mode): (Option<String>, Option<String>) = (terms.get("on_error")?, terms.get("mode")?);
        this.chain().declare(&name, words::on_error(on_error.as_deref()), words::mode(mode.as_deref()));
        Ok(())
    });
    methods.add_method("compiling", |_, this, name: String| {
        this.chain().set_state(&name, State::Compiling);
        Ok(())
    });
    methods.add_method("fail", |_, this, (name, reason): (String, String)| {
        this.chain().set_state(&name, State::Failed(reason));
        Ok(())
    });
    methods.add_method("remove", |_, this, name: String| {
        this.chain().remove(&name);
        Ok(())
    });
    methods.add_method("has_store", |_, this, name: String| {
        Ok(this.chain().slots().iter().any(|slot| slot.name == name && slot.has_store()))
    });
}

/// From one generation to the next.
fn add_succession<M: UserDataMethods<ChainHandle>>(methods: &mut M) {
    methods.add_method("put", |_, this, (name, staged, store): (String, AnyUserData, Option<Table>)| {
        answer(this.put(&name, &staged, store))
    });
    methods.add_method("hand_over", |_, this, (staged, fresh): (Table, Option<bool>)| {
        answer(this.hand_over(&staged, fresh.unwrap_or_default()))
    });
    methods.add_method("publish", |_, this, (staged, probation, stores): (Table, Option<Table>, Option<Table>)| {
        answer(this.publish(&staged, probation.as_ref(), stores))
    });
    methods.add_method("rollback", |lua, this, name: String| this.roll_back(lua, &name));
    methods.add_method("forget_previous", |_, this, name: String| {
        this.chain().forget_previous(&name);
        Ok(())
    });
    methods.add_method("settle", |_, this, name: String| {
        this.chain().settle(&name);
        Ok(())
    });
}

/// What is tried beside a generation, and what is written down of it.
fn add_trials<M: UserDataMethods<ChainHandle>>(methods: &mut M) {
    methods.add_method("try", |_, this, (name, staged, trial): (String, AnyUserData, Table)| {
        answer(this.try_out(&name, &staged, &trial))
    });
    methods.add_method("drop_candidate", |lua, this, name: String| {
        let undone = this.chain().drop_candidate(&name);
        undone_or(lua, undone.map(|undone| (true, undone)), "there is no candidate")
    });
    methods.add_method("differences", |lua, this, name: String| {
        let chain = this.chain();
        let candidate = chain.slots().iter().find(|slot| slot.name == name).and_then(|slot| slot.candidate.as_ref());
        let candidate = candidate.context("there is no candidate");
        answer(candidate.and_then(|candidate| differences::table(lua, candidate).map_err(|error| anyhow!("{error}"))))
    });
    methods.add_method("record", |_, this, (name, order): (String, Table)| {
        let order = request::order(&order).map_err(|error| anyhow!("{error}"));
        answer(order.and_then(|order| this.chain().record(&name, &order, now())).map(|()| true))
    });
    methods.add_method("stop_recording", |_, this, name: String| {
        let finished = this.chain().stop_recording(&name).context("nothing is being recorded");
        answer(finished.and_then(|stanzas| Ok(stanzas?)))
    });
}

/// The arguments of `chain:question`: what is asked ([`Question::word`]), direction, source, destination.
type Words = (String, LuaString, LuaString, LuaString);
/// The arguments of `chain:decide`: stanza, the number of the question, facts.
type Asked = (Table, usize, Option<Table>);

impl ChainHandle {
    fn chain(&self) -> RefMut<'_, Chain> {
        RefMut::map(self.judge.borrow_mut(), |judge| &mut judge.chain)
    }

    /// `chain:decide(stanza, question, facts) -> verdict, policy, reason, microseconds, details`
    fn decide(lua: &Lua, this: &Self, (stanza, question, facts): Asked) -> mlua::Result<MultiValue> {
        let began = Instant::now();
        let known = facts.as_ref().map_or(Ok(known::Known::default()), known::known);
        let told = match (known, raw::walk_table(lua, &this.keys, &stanza)) {
            (Ok(known), Ok(stanza)) => this.judge.borrow_mut().ask(stanza, Some(question), known),
            _ => outcome::Told::internal_error(),
        };
        told.taking(began.elapsed()).into_lua(lua)
    }

    /// `chain:quick() -> decide`, for stanzas of which nothing else is known: see [`raw::closure`].
    fn quick(&self, lua: &Lua) -> mlua::Result<Function> {
        raw::closure(lua, self.number, &self.judge.borrow().words.table)
    }

    /// `chain:told() -> verdict, policy, reason, microseconds, details`: what the quick function could not tell.
    fn told(&self, lua: &Lua) -> mlua::Result<MultiValue> {
        let mut judge = self.judge.borrow_mut();
        let told = judge.told();
        judge.words.learn(&told)?;
        told.into_lua(lua)
    }

    fn put(&self, name: &str, staged: &AnyUserData, store: Option<Table>) -> anyhow::Result<bool> {
        store.map_or(Ok(()), |store| self.load_store(name, store))?;
        let generation = staging::take(staged)?;
        self.chain().put(name, generation, now()).map_err(|failure| anyhow!("{failure}"))?;
        Ok(true)
    }

    fn load_store(&self, name: &str, store: Table) -> anyhow::Result<()> {
        self.chain().load_store(name, request::store(store).map_err(|error| anyhow!("{error}"))?);
        Ok(())
    }

    fn hand_over(&self, staged: &Table, fresh: bool) -> anyhow::Result<bool> {
        let mut generations = staging::take_all(staged)?;
        let handed = self.chain().hand_over(&mut generations, fresh, now());
        staging::give_back(staged, generations);
        handed.map_err(|failure| anyhow!("{failure}")).map(|()| true)
    }

    fn publish(&self, staged: &Table, probation: Option<&Table>, stores: Option<Table>) -> anyhow::Result<bool> {
        for store in stores.iter().flat_map(Table::pairs::<String, Table>) {
            let (name, store) = store.map_err(|error| anyhow!("{error}"))?;
            self.load_store(&name, store)?;
        }
        let probation = probation.map(request::probation).transpose().map_err(|error| anyhow!("{error}"))?;
        self.chain().publish(staging::take_all(staged)?, probation);
        Ok(true)
    }

    fn try_out(&self, name: &str, staged: &AnyUserData, trial: &Table) -> anyhow::Result<bool> {
        let store = trial.get::<Option<Table>>("store").map_err(|error| anyhow!("{error}"))?;
        let trial = request::trial(trial).map_err(|error| anyhow!("{error}"))?;
        store.map_or(Ok(()), |store| self.load_store(name, store))?;
        let generation = staging::take(staged)?;
        self.chain().try_out(name, generation, &trial, now()).map_err(|failure| anyhow!("{failure}"))?;
        Ok(true)
    }

    fn roll_back(&self, lua: &Lua, name: &str) -> mlua::Result<MultiValue> {
        let undone = self.chain().roll_back(name);
        let chain = self.chain();
        let slot = chain.slots().iter().find(|slot| slot.name == name);
        let identity = match slot.map(|slot| &slot.state) {
            Some(State::Running(live)) => live.identity.clone(),
            _ => String::new(),
        };
        undone_or(lua, undone.map(|undone| (identity, undone)), "there is no previous generation in memory")
    }

    /// `{ hours, user_bytes, total_bytes }`, or `nil` when nothing is limited.
    fn expiry(&self, lua: &Lua) -> mlua::Result<Option<Table>> {
        let Expiry { hours, user_bytes, total_bytes } = self.chain().expiry();
        if hours.is_none() && user_bytes.is_none() && total_bytes.is_none() {
            return Ok(None);
        }
        let table = lua.create_table()?;
        table.set("hours", hours)?;
        table.set("user_bytes", user_bytes)?;
        table.set("total_bytes", total_bytes)?;
        Ok(Some(table))
    }

    fn interests(&self, lua: &Lua) -> mlua::Result<Table> {
        let table = lua.create_table()?;
        for (word, kind) in
            [("message", StanzaKind::Message), ("presence", StanzaKind::Presence), ("iq", StanzaKind::Iq)]
        {
            let interests = self.chain().interests(kind);
            let of_kind = lua.create_table()?;
            set_interest(lua, &of_kind, "outgoing", &interests.outgoing)?;
            set_interest(lua, &of_kind, "incoming", &interests.incoming)?;
            set_interest(lua, &of_kind, "incoming_only", &interests.incoming_only)?;
            of_kind.set("exempt", exempt(lua, &self.chain().exemptions(kind, false))?)?;
            of_kind.set("exempt_only", exempt(lua, &self.chain().exemptions(kind, true))?)?;
            table.set(word, of_kind)?;
        }
        Ok(table)
    }
}

/// The number of a question, the same for all chains: reading four words takes as long as a short decision.
fn question((asked, direction, source, destination): &Words) -> anyhow::Result<usize> {
    let (hook, kind) = Question::named(asked, false).context("there is no such question")?;
    let passage = Passage {
        kind,
        direction: words::direction(direction).context("there is no such direction")?,
        source: words::party(source).context("there is no such source")?,
        destination: words::party(destination).context("there is no such destination")?,
    };
    Question { hook, passage }.number().context("a question without a number")
}

/// `value, nil, undone` or `nil, sentence`.
fn undone_or<T: mlua::IntoLua>(lua: &Lua, done: Option<(T, Vec<Undone>)>, otherwise: &str) -> mlua::Result<MultiValue> {
    use mlua::IntoLuaMulti;
    match done {
        Some((value, undone)) => (value, mlua::Nil, outcome::undone(lua, &undone)?).into_lua_multi(lua),
        None => (mlua::Nil, otherwise).into_lua_multi(lua),
    }
}

/// A list of lists of words, or `nil`.
fn exempt(lua: &Lua, exemptions: &Exemptions) -> mlua::Result<Option<Table>> {
    let words = exemptions.words();
    (!words.is_empty()).then(|| lua.create_sequence_from(words)).transpose()
}

fn set_interest(lua: &Lua, table: &Table, direction: &str, interest: &Interest) -> mlua::Result<()> {
    match interest {
        Interest::Nothing => Ok(()),
        Interest::All => table.set(direction, true),
        Interest::Payloads(namespaces) => {
            let set = namespaces.iter().map(|namespace| (namespace.as_str(), true));
            table.set(direction, lua.create_table_from(set)?)
        }
    }
}
