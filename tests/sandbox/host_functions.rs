//! The host's own functions, where they are what is at fault: they panic while a guest waits for them, or they wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use mod_wasm_tests::{Guest, Host, told};
use prosody_wasm_runtime::slot::OnError;
use prosody_wasm_runtime::{Engine, Kind, Purpose, Thresholds};

const MESSAGE: &str = "<message from='a@x/1' to='b@x'><body>hi</body></message>";

/// An interface of the version for which the guests are built.
fn interface(name: &str) -> String {
    let first = include_str!("../../wit/v0.1/types.wit").lines().next().unwrap_or_default();
    let version = first.trim_start_matches("package prosody:policy@").trim_end_matches(';');
    format!("prosody:policy/{name}@{version}")
}

/// A host in which `outbox.reply` and `clock.now` do this and nothing else.
fn host(work: impl Fn() + Clone + Send + Sync + 'static) -> Host {
    let mut engine = Engine::new(Purpose::Server, &Engine::configuration(Purpose::Server)).unwrap();
    let linker = engine.linker_mut();
    linker.allow_shadowing(true);
    let also_work = work.clone();
    let now = move |_: wasmtime::StoreContextMut<'_, _>, (): ()| {
        work();
        Ok((1_u64,))
    };
    let reply = move |_: wasmtime::StoreContextMut<'_, _>, (_,): (String,)| {
        also_work();
        Ok(())
    };
    linker.instance(&interface("clock")).unwrap().func_wrap("now", now).unwrap();
    linker.instance(&interface("outbox")).unwrap().func_wrap("reply", reply).unwrap();
    Host::on(engine)
}

struct PanicsWhenDropped;

impl Drop for PanicsWhenDropped {
    fn drop(&mut self) {
        panic!("in a destructor of the host");
    }
}

/// Its functions panic while that is set.
fn panicking(in_destructor: bool) -> (Host, Arc<AtomicBool>) {
    let is_set = Arc::new(AtomicBool::new(false));
    let panics = Arc::clone(&is_set);
    let host = host(move || match panics.load(Ordering::Relaxed) {
        true if in_destructor => drop(PanicsWhenDropped),
        true => panic!("in a function of the host"),
        false => {}
    });
    (host, is_set)
}

/// Judged by `on_error`, and the instance is made anew: what it had in memory is gone, and it decides as ever.
#[test]
fn a_panic_is_a_failure() {
    for in_destructor in [false, true] {
        for (on_error, expected) in [(OnError::Deny, "bounce"), (OnError::Pass, "pass")] {
            let (mut host, panics) = panicking(in_destructor);
            host.install(&Guest { settings: r#"{"state": "kept"}"#, on_error, ..Guest::default() }).unwrap();
            let replies = Guest { settings: r#"{"reply": "hello"}"#, on_error, ..Guest::default() };
            host.replace(&replies, false, None).unwrap();
            assert_eq!(told(&host.judge(MESSAGE)), "guest pass kept");
            panics.store(true, Ordering::Relaxed);
            assert_eq!(told(&host.judge(MESSAGE)), format!("guest {expected} internal-error"));
            let failure = host.slot("guest").last_failure.clone().unwrap().failure;
            assert!(failure.kind == Kind::Host && failure.is_fatal(), "{failure}");
            panics.store(false, Ordering::Relaxed);
            assert_eq!(told(&host.judge(&MESSAGE.replace("a@x", "another@x"))), "guest pass scripted");
        }
    }
}

/// What is made ready is refused, whichever function it is, and nothing came into force.
#[test]
fn a_panic_while_starting_is_a_refusal() {
    for function in ["configure", "wants", "needed", "exempt", "retention", "expires"] {
        let (mut host, panics) = panicking(false);
        panics.store(true, Ordering::Relaxed);
        let settings = format!(r#"{{"how": "host-calls", "when": "{function}"}}"#);
        let guest = Guest { file: "everywhere", settings: &settings, ..Guest::default() };
        let refusal = host.install(&guest).unwrap_err();
        assert!(refusal.contains("the host panicked"), "{function}: {refusal}");
        assert_eq!(told(&host.judge(MESSAGE)), "guest bounce closed");
    }
}

/// 60 decisions on probation, each of which takes 3 ms of that; does the generation stand its trial?
fn stands(work: impl Fn() + Clone + Send + Sync + 'static) -> bool {
    let mut host = host(work);
    host.install(&Guest::default()).unwrap();
    let thresholds = Thresholds { failures: 1, mean: Duration::from_millis(2) };
    let replies = Guest { settings: r#"{"reply": "hello"}"#, ..Guest::default() };
    host.replace(&replies, false, Some(thresholds)).unwrap();
    (0..60).for_each(|number| drop(host.judge(&MESSAGE.replace("a@x", &format!("user{number}@x")))));
    host.slot("guest").probation.is_some()
}

fn works() {
    let before = nix::time::clock_gettime(nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap();
    let used = || nix::time::clock_gettime(nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap() - before;
    while Duration::from(used()) < Duration::from_millis(3) {}
}

/// A server that is kept from running takes no generation back.
#[test]
fn waiting_counts_for_no_trial() {
    assert!(!stands(works), "it is slow");
    let before = Instant::now();
    assert!(stands(|| std::thread::sleep(Duration::from_millis(3))));
    assert!(before.elapsed() >= Duration::from_millis(180), "it did wait");
}
