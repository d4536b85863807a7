//! `chain`: the policies of one host.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, anyhow};
use mlua::{AnyUserData, Lua, LuaString, MultiValue, Table, UserData, UserDataMethods};
use prosody_stanza::Limits as StanzaLimits;
use prosody_wasm_runtime::slot::State;
use prosody_wasm_runtime::{
    Chain, Engine, Facts, Interest, KeyValues, Limits, NotLoadable, Outcome, Passage, Permission, Policy, StanzaKind,
    Terms,
};

use crate::outcome::{self, Told};
use crate::source::SourceHandle;
use crate::walk::{self, Keys};
use crate::{Answer, answer, words};

/// The chain of one host, with what its calls need.
pub struct ChainHandle {
    chain: Chain,
    engine: Rc<Engine>,
    keys: Keys,
}

/// `native.chain(host_name) -> chain | nil, err`
pub fn new(lua: &Lua, _: String) -> Answer<ChainHandle> {
    answer(make(lua))
}

fn make(lua: &Lua) -> anyhow::Result<ChainHandle> {
    let engine = crate::engine(lua)?;
    let keys = Keys::new(lua).map_err(|error| anyhow!("{error}"))?;
    Ok(ChainHandle { chain: Chain::new(Rc::clone(&engine)), engine, keys })
}

impl UserData for ChainHandle {
    fn add_methods<M: UserDataMethods<Self>>(methods: &mut M) {
        methods.add_method_mut("declare", |_, this, (name, terms): (String, Table)| {
            let (on_error, mode): (Option<String>, Option<String>) = (terms.get("on_error")?, terms.get("mode")?);
            this.chain.declare(&name, words::on_error(on_error.as_deref()), words::mode(mode.as_deref()));
            Ok(())
        });
        methods.add_method_mut("compiling", |_, this, name: String| {
            this.chain.set_state(&name, State::Compiling);
            Ok(())
        });
        methods.add_method_mut("fail", |_, this, (name, reason): (String, String)| {
            this.chain.set_state(&name, State::Failed(reason));
            Ok(())
        });
        methods.add_method_mut("remove", |_, this, name: String| {
            this.chain.remove(&name);
            Ok(())
        });
        methods.add_method_mut("install", |lua, this, (name, source, terms): (String, AnyUserData, Table)| {
            answer(this.install(lua, &name, &source, &terms))
        });
        methods.add_method("interests", |lua, this, ()| this.interests(lua));
        methods.add_method("needs", |_, this, fact: String| {
            Ok(Permission::named(&fact).is_some_and(|permission| this.chain.needs(permission)))
        });
        methods.add_method("status", |lua, this, ()| outcome::status(lua, this.chain.slots()));
        methods.add_method_mut("decide", ChainHandle::decide);
    }
}

/// The arguments of `chain:decide`.
type Asked = (Table, LuaString, LuaString, LuaString, Option<bool>, Option<LuaString>);

impl ChainHandle {
    /// A panic of ours must not become an error in Prosody's event loop: it is an answer, like any failure.
    fn decide(lua: &Lua, this: &mut Self, asked: Asked) -> mlua::Result<MultiValue> {
        let before = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| this.ask(lua, &asked)));
        let told = match outcome {
            Ok(Ok(outcome)) => Told::from(outcome),
            Ok(Err(_)) | Err(_) => Told::internal_error(),
        };
        told.into_lua(lua, before.elapsed())
    }

    fn ask(
        &mut self,
        lua: &Lua,
        (stanza, direction, source, destination, again, subscription): &Asked,
    ) -> anyhow::Result<Outcome> {
        let name: LuaString = stanza.raw_get("name").map_err(|_| anyhow!("a stanza has a name"))?;
        let passage = Passage {
            kind: words::kind(&name.as_bytes()).context("a kind of stanza")?,
            direction: words::direction(direction).context("a direction")?,
            source: words::party(source).context("a source")?,
            destination: words::party(destination).context("a destination")?,
        };
        let facts = Facts { now: now(), subscription: subscription.as_ref().and_then(words::subscription) };
        let stanza = walk::walk(lua, &self.keys, stanza, StanzaLimits::default());
        let stanza = stanza.map_err(|error| anyhow!("{error}"))?;
        Ok(self.chain.decide(stanza, passage, again.unwrap_or_default(), &facts))
    }

    fn install(&mut self, lua: &Lua, name: &str, source: &AnyUserData, terms: &Table) -> anyhow::Result<Table> {
        let handle = source.borrow::<SourceHandle>().map_err(|error| anyhow!("{error}"))?;
        let artifact = handle.cache.get(&handle.source.sha256).context("its artifact is not in the cache")?;
        let terms_read = read_terms(terms).map_err(|error| anyhow!("{error}"))?;
        let stored = read_store(terms).map_err(|error| anyhow!("{error}"))?;
        let policy = Policy::load(&self.engine, &artifact, &handle.source.sha256, terms_read);
        let policy = policy.inspect_err(|error| {
            if error.is::<NotLoadable>() {
                handle.cache.remove(&handle.source.sha256);
            }
        })?;
        let surface = policy.surface.clone();
        self.chain.install(name, policy, stored, now()).map_err(|failure| anyhow!("{failure}"))?;
        outcome::surface(lua, &surface, &handle.source.sha256).map_err(|error| anyhow!("{error}"))
    }

    fn interests(&self, lua: &Lua) -> mlua::Result<Table> {
        let table = lua.create_table()?;
        for (word, kind) in
            [("message", StanzaKind::Message), ("presence", StanzaKind::Presence), ("iq", StanzaKind::Iq)]
        {
            let interests = self.chain.interests(kind);
            let of_kind = lua.create_table()?;
            set_interest(lua, &of_kind, "outgoing", &interests.outgoing)?;
            set_interest(lua, &of_kind, "incoming", &interests.incoming)?;
            set_interest(lua, &of_kind, "incoming_only", &interests.incoming_only)?;
            table.set(word, of_kind)?;
        }
        Ok(table)
    }
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

fn read_terms(table: &Table) -> mlua::Result<Terms> {
    let defaults = Limits::default();
    let limits = match table.get::<Option<Table>>("limits")? {
        None => defaults,
        Some(limits) => Limits {
            milliseconds: limits.get::<Option<u32>>("milliseconds")?.unwrap_or(defaults.milliseconds),
            memory: limits.get::<Option<usize>>("memory")?.unwrap_or(defaults.memory),
        },
    };
    Ok(Terms {
        settings: table.get::<Option<String>>("settings")?.unwrap_or_else(|| "{}".into()),
        grants: table.get("grants")?,
        limits,
    })
}

fn read_store(table: &Table) -> mlua::Result<KeyValues> {
    let Some(stored) = table.get::<Option<Table>>("store")? else { return Ok(KeyValues::default()) };
    let entries = stored.pairs::<String, LuaString>();
    let entries = entries.map(|entry| entry.map(|(key, value)| (key, value.as_bytes().to_vec())));
    Ok(KeyValues::load(entries.collect::<mlua::Result<Vec<_>>>()?))
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default()
}
