//! `floor`: what a call of a component takes when nothing of ours is around it, and then with the chain, but without Lua.
//! Prints rows as tests/bench/measuring.py says; floor.lua measures the same guest from Lua's side.

use std::time::Duration;

use anyhow::{Context, Result};
use mod_wasm_tests::{Guest, Host, artifact, outgoing};
use nix::time::{ClockId, clock_gettime};
use prosody_stanza::{Limits, Stanza, xml};
use prosody_wasm_runtime::{Engine, Facts, Purpose};
use serde_json::json;
use wasmtime::Store;
use wasmtime::component::{Component, Linker};

mod hook {
    wasmtime::component::bindgen!({
        inline: "package bench:floor; world hook { export prosody:policy/message-policy@0.1.5; export prosody:policy/lifecycle@0.1.5; }",
        path: "../wit/v0.1",
    });
}

use hook::exports::prosody::policy::message_policy::Passage;
use hook::prosody::policy::types::{Direction, Party, StanzaKind};

const CASE: &str = "empty hook";
const BARE: &str = "a bare component call";
const GUEST: &str = "looking";
const SETTINGS: &str = r#"{"lookups":0}"#;
const BATCH: usize = 10_000;
const STANZA: &str =
    "<message to='b@example.org' from='a@example.org/x' type='chat' id='1'><body>Lunch at noon?</body></message>";

/// The processor time of this thread: something else may run on this machine.
fn now() -> Result<Duration> {
    Ok(Duration::from(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?))
}

/// The mean over what is done to each of these, in microseconds.
fn microseconds<T>(all: Vec<T>, mut action: impl FnMut(T) -> Result<()>) -> Result<f64> {
    let (count, before) = (all.len(), now()?);
    for one in all {
        action(one)?;
    }
    Ok((now()? - before).as_secs_f64() * 1e6 / count as f64)
}

/// The guest in a store that has nothing but the guest in it.
struct Bare {
    store: Store<()>,
    policy: hook::Hook,
}

impl Bare {
    fn new() -> Result<Self> {
        let engine = wasmtime::Engine::new(&Engine::configuration(Purpose::Server))?;
        let path = mod_wasm_tests::guests().join(format!("{GUEST}.wasm"));
        let component = Component::from_file(&engine, &path).map_err(|error| anyhow::anyhow!(error));
        let component = component.with_context(|| format!("{}; run `make test-guests`", path.display()))?;
        let mut linker = Linker::new(&engine);
        linker.define_unknown_imports_as_traps(&component)?;
        let mut store = Store::new(&engine, ());
        store.set_epoch_deadline(u64::MAX >> 1);
        let policy = hook::Hook::instantiate(&mut store, &component, &linker)?;
        let configured = policy.prosody_policy_lifecycle().call_configure(&mut store, SETTINGS)?;
        configured.map_err(anyhow::Error::msg)?;
        Ok(Self { store, policy })
    }

    fn call(&mut self) -> Result<()> {
        let passage = Passage {
            kind: StanzaKind::Message,
            direction: Direction::Outgoing,
            source: Party::User,
            destination: Party::User,
        };
        self.policy.prosody_policy_message_policy().call_decide(&mut self.store, passage)?;
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "rows are what it prints")]
fn main() -> Result<()> {
    let rounds: usize = std::env::var("BENCH_ROUNDS").map_or(Ok(41), |rounds| rounds.parse())?;
    let mut bare = Bare::new()?;
    let _ = artifact(GUEST);
    let mut host = Host::with(&[Guest { file: GUEST, settings: SETTINGS, ..Guest::default() }]);
    let stanza: Stanza =
        xml::parse(STANZA, "jabber:client", &Limits::default()).map_err(|excess| anyhow::anyhow!("{excess:?}"))?;
    let facts = Facts { now: 1, ..Facts::default() };
    let (mut alone, mut chained) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let call = microseconds(vec![(); BATCH], |()| bare.call())?;
        let decision = microseconds(vec![stanza.clone(); BATCH], |stanza| {
            host.chain.decide(Ok(stanza), outgoing(), false, &facts);
            Ok(())
        })?;
        if round > 0 {
            alone.push(call);
            chained.push(decision);
        }
    }
    for (what, values) in [(BARE, alone), ("the chain, without Lua", chained)] {
        println!("{}", json!({ "case": CASE, "what": what, "unit": "µs", "values": values, "reference": BARE }));
    }
    Ok(())
}
