//! The engine: every decision about wasmtime in one place.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use anyhow::{Error, Result, ensure};
use rustix::process::{Resource, getrlimit};
use wasmtime::component::Linker;
use wasmtime::{Config, Store};

use crate::capabilities;
use crate::failure::{HostPanicked, NoWatchdog};
use crate::joint_budget::JointBudget;
use crate::limits::{self, MOST_MEMORY, STACK};
use crate::prepared::Prepared;
use crate::session::Session;
use crate::stopwatch::Stopwatch;
use crate::watchdog::Watchdog;

/// What an engine is for. Artifacts of one purpose do not load in the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// In the server: calls are cut by the processor time they use.
    Server,
    /// Offline: calls are cut by fuel, so that a replay does not depend on the machine.
    Offline,
}

/// What has to be left of a stack beside what a policy uses: whoever calls us, and the host's functions.
const STACK_BESIDE: usize = 512 * 1024;

/// A guest's recursion is cut at the end of its share of the stack. Where the whole stack is smaller, it would end the server.
fn check_stack() -> Result<()> {
    let (needed, limit) = (STACK + STACK_BESIDE, getrlimit(Resource::Stack).current);
    ensure!(
        limit.is_none_or(|bytes| bytes >= needed as u64),
        "this process has a stack of {} KiB, and policies need {} KiB: raise ulimit -s, or LimitSTACK of this service in systemd",
        limit.unwrap_or_default() >> 10,
        needed >> 10
    );
    Ok(())
}

/// An engine with everything that its policies share. Its thread ends with it.
pub struct Engine {
    pub(crate) wasmtime: wasmtime::Engine,
    pub(crate) linker: Linker<Session>,
    pub(crate) prepared: Prepared,
    pub(crate) budget: Arc<JointBudget>,
    purpose: Purpose,
    watchdog: Watchdog,
}

impl Engine {
    /// An engine with the configuration of [`Engine::configuration`], to which the CLI adds the compiler.
    pub fn new(purpose: Purpose, configuration: &Config) -> Result<Self> {
        check_stack()?;
        let wasmtime = wasmtime::Engine::new(configuration).map_err(Error::from)?;
        // In a library loaded later, thread-locals are made at first use: do that now, not in a signal handler.
        wasmtime::Engine::tls_eager_initialize();
        let linker = capabilities::linker(&wasmtime)?;
        let watchdog = Watchdog::new(&wasmtime);
        Ok(Self { wasmtime, linker, prepared: Prepared::default(), budget: Arc::default(), purpose, watchdog })
    }

    /// The configuration that artifacts are compiled for and loaded with.
    pub fn configuration(purpose: Purpose) -> Config {
        let mut config = Config::new();
        config.epoch_interruption(purpose == Purpose::Server).consume_fuel(purpose == Purpose::Offline);
        // Reserve what a policy may ever use instead of 4 GiB each: servers run under `ulimit -v`.
        config.memory_reservation(MOST_MEMORY as u64).memory_reservation_for_growth(0);
        config.memory_guard_size(64 * 1024).memory_may_move(false);
        config.max_wasm_stack(STACK).wasm_backtrace_max_frames(NonZeroUsize::new(limits::FRAMES));
        config.wasm_memory64(false).wasm_relaxed_simd(false).wasm_custom_page_sizes(false);
        // Calls are four times dearer with it, and no interface is asynchronous.
        config.concurrency_support(false);
        config
    }

    /// Names the artifacts that this engine can load. Wasmtime checks the details itself when it loads one.
    pub fn key(purpose: Purpose) -> String {
        let purpose = match purpose {
            Purpose::Server => "server",
            Purpose::Offline => "offline",
        };
        format!("{}-{purpose}-{}", env!("CARGO_PKG_VERSION"), std::env::consts::ARCH)
    }

    /// The engine itself, for the compiler.
    pub fn wasmtime(&self) -> &wasmtime::Engine {
        &self.wasmtime
    }

    /// What policies may import. Only tests change it, to see what becomes of a host function that panics or waits.
    #[doc(hidden)]
    pub fn linker_mut(&mut self) -> &mut Linker<Session> {
        &mut self.linker
    }

    /// Runs a call of a guest within its time. Every call comes through here: without, it traps at once.
    ///
    /// A panic of the host is a failure like any other: the instance, which stopped anywhere, is thrown away.
    pub(crate) fn run<T>(
        &self,
        store: &mut Store<Session>,
        milliseconds: u32,
        call: impl FnOnce(&mut Store<Session>) -> wasmtime::Result<T>,
    ) -> wasmtime::Result<T> {
        let (mut call, mut result) = (Some(call), None);
        // The rest is there once, and not once for each function of a guest.
        let mut begin = |store: &mut Store<Session>| result = call.take().map(|call| call(store));
        self.run_caught(store, milliseconds, &mut begin)?;
        result.unwrap_or_else(|| Err(HostPanicked.into()))
    }

    fn run_caught(
        &self,
        store: &mut Store<Session>,
        milliseconds: u32,
        call: &mut dyn FnMut(&mut Store<Session>),
    ) -> wasmtime::Result<()> {
        let ran = catch_unwind(AssertUnwindSafe(|| self.run_within(store, milliseconds, call)));
        ran.unwrap_or_else(|_| Err(HostPanicked.into()))
    }

    fn run_within(
        &self,
        store: &mut Store<Session>,
        milliseconds: u32,
        call: &mut dyn FnMut(&mut Store<Session>),
    ) -> wasmtime::Result<()> {
        store.set_hostcall_fuel(limits::BYTES_FROM_GUEST);
        match self.purpose {
            Purpose::Server => {
                store.data_mut().stopwatch = Stopwatch::new(milliseconds);
                // Most calls end before the first tick and never ask the stopwatch.
                store.set_epoch_deadline(1);
                let _awake = self.watchdog.wake().ok_or(NoWatchdog)?;
                call(store);
            }
            Purpose::Offline => {
                let fuel = u64::from(milliseconds) * limits::FUEL_PER_MILLISECOND;
                store.set_fuel(fuel)?;
                store.data_mut().is_offline = true;
                call(store);
                store.data_mut().fuel = fuel - store.get_fuel().unwrap_or_default();
            }
        }
        Ok(())
    }
}
