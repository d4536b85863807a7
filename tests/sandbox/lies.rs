//! What no compiler writes: components that lie about pointers, lengths, discriminants and texts, and traps of all kinds.

use std::time::{Duration, Instant};

use mod_wasm_tests::{Guest, Host, assemble, outgoing, told};
use prosody_wasm_runtime::Limits;

use crate::assembly;

/// The parts of a core module that differ; the others are honest.
#[derive(Clone, Copy)]
struct Module {
    name: &'static str,
    /// Imports, tables, globals, functions.
    besides: &'static str,
    memory: &'static str,
    /// Leaves the address of what it was given.
    realloc: &'static str,
    configure: &'static str,
    wants: &'static str,
    decide: &'static str,
    post_return: &'static str,
}

const HONEST: Module = Module {
    name: "honest",
    besides: "",
    memory: "(memory (export \"memory\") 1)",
    realloc: "
        (local.set $place (global.get $free))
        (global.set $free (i32.and (i32.add (i32.add (global.get $free) (local.get 3)) (i32.const 7)) (i32.const -8)))
        (local.get $place)",
    // Zeros: it takes its settings.
    configure: "(i32.const 1024)",
    // One want: messages, in both directions.
    wants: "(i32.store (i32.const 1200) (i32.const 1220)) (i32.store (i32.const 1204) (i32.const 1)) (i32.const 1200)",
    // It passes, with the reason "ok".
    decide: "(i32.store (i32.const 1316) (i32.const 2000)) (i32.store (i32.const 1320) (i32.const 2)) (i32.const 1300)",
    post_return: "",
};

impl Module {
    fn text(&self) -> String {
        let Self { besides, memory, realloc, configure, wants, decide, post_return, .. } = self;
        format!(
            r#"(module
  {besides}
  {memory}
  (global $free (mut i32) (i32.const 4096))
  (data (i32.const 2000) "ok")
  (data (i32.const 2010) "\ff\fe")
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (local $place i32) {realloc})
  (func (export "prosody:policy/lifecycle@0.1.4#configure") (param i32 i32) (result i32) {configure})
  (func (export "prosody:policy/message-policy@0.1.4#wants") (result i32) {wants})
  (func (export "prosody:policy/message-policy@0.1.4#decide") (param i32 i32 i32 i32) (result i32) {decide})
  (func (export "cabi_post_prosody:policy/message-policy@0.1.4#decide") (param i32) {post_return}))"#
        )
    }

    fn assemble(&self) {
        let module = wat::parse_str(self.text()).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let component = assembly::policy(module, &["log", "store", "edits"]);
        assemble(self.name, &component.unwrap_or_else(|error| panic!("{}: {error:#}", self.name)));
    }

    /// Only who is to run out of time has little of it.
    fn guest(&self) -> Guest<'static> {
        let milliseconds = if self.name.contains("loop") { 5 } else { 1_000 };
        Guest {
            file: self.name,
            limits: Limits { milliseconds, budget: 1_000, ..Limits::default() },
            ..Guest::default()
        }
    }
}

const MESSAGE: &str = "<message from='a@x/1' to='b@x'><body>hi</body></message>";

/// What it decides, and that the neighbour decides as ever.
fn check_decision(module: Module, expected: &str) {
    module.assemble();
    let neighbour = Guest { name: "z", ..Guest::default() };
    let before = Instant::now();
    let mut host = Host::with(&[module.guest(), neighbour]);
    let found = told(&host.judge_on(outgoing(), false, MESSAGE));
    let failure = host.slot("guest").last_failure.as_ref().map(ToString::to_string);
    assert_eq!(found, expected, "{}: {failure:?}", module.name);
    assert!(before.elapsed() < Duration::from_secs(30), "{}", module.name);
    host.chain.remove("guest");
    assert_eq!(told(&host.judge_on(outgoing(), false, MESSAGE)), "z pass scripted");
}

/// It is refused, for this reason.
fn check_refusal(module: Module, reason: &str) {
    module.assemble();
    let before = Instant::now();
    let refusal = Host::new().install(&module.guest()).unwrap_err();
    assert!(refusal.contains(reason), "{}: {refusal}", module.name);
    assert!(before.elapsed() < Duration::from_secs(30), "{}", module.name);
}

#[test]
fn the_honest_one_decides() {
    check_decision(HONEST, "guest pass ok");
}

#[test]
fn lies_in_a_decision() {
    for (name, decide) in [
        ("a verdict that is none", "(i32.store8 (i32.const 1300) (i32.const 3)) (i32.const 1300)"),
        (
            "an error type that is none",
            "(i32.store8 (i32.const 1300) (i32.const 2)) (i32.store8 (i32.const 1304) (i32.const 200)) (i32.const 1300)",
        ),
        (
            "a condition that is none",
            "(i32.store8 (i32.const 1300) (i32.const 2)) (i32.store8 (i32.const 1305) (i32.const 200)) (i32.const 1300)",
        ),
        (
            "a bounce without a text",
            "(i32.store8 (i32.const 1300) (i32.const 2)) (i32.store (i32.const 1308) (i32.const -16)) (i32.store (i32.const 1312) (i32.const 8)) (i32.const 1300)",
        ),
        (
            "a reason outside",
            "(i32.store (i32.const 1316) (i32.const -16)) (i32.store (i32.const 1320) (i32.const 8)) (i32.const 1300)",
        ),
        (
            "a reason at the very end",
            "(i32.store (i32.const 1316) (i32.const 65535)) (i32.store (i32.const 1320) (i32.const 2)) (i32.const 1300)",
        ),
        (
            "a reason without an end",
            "(i32.store (i32.const 1316) (i32.const 2000)) (i32.store (i32.const 1320) (i32.const -1)) (i32.const 1300)",
        ),
        (
            "a reason that goes round",
            "(i32.store (i32.const 1316) (i32.const -2)) (i32.store (i32.const 1320) (i32.const 4)) (i32.const 1300)",
        ),
        (
            "a reason that is no text",
            "(i32.store (i32.const 1316) (i32.const 2010)) (i32.store (i32.const 1320) (i32.const 2)) (i32.const 1300)",
        ),
        ("a result outside", "(i32.const -16)"),
        ("a result at the very end", "(i32.const 65532)"),
        ("a result at an odd address", "(i32.const 1301)"),
    ] {
        check_decision(Module { name, decide, ..HONEST }, "guest bounce bad-reply");
    }
}

#[test]
fn traps_of_all_kinds() {
    for (name, decide) in [
        ("unreachable", "(unreachable)"),
        ("a division by zero", "(i32.div_s (i32.const 1) (i32.const 0))"),
        ("a remainder of zero", "(i32.rem_u (i32.const 1) (i32.const 0))"),
        ("a division that overflows", "(i32.div_s (i32.const 0x80000000) (i32.const -1))"),
        ("a conversion of no number", "(i32.trunc_f64_s (f64.const nan))"),
        ("a conversion that overflows", "(i32.trunc_f64_s (f64.const 1e300))"),
        ("a load outside", "(i32.load (i32.const -4))"),
        ("a load behind 4 GiB", "(i32.load offset=0xffffffff (i32.const -1))"),
        ("a store outside", "(i32.store (i32.const 65533) (i32.const 1)) (i32.const 1300)"),
        ("a fill outside", "(memory.fill (i32.const 65000) (i32.const 1) (i32.const 60000)) (i32.const 1300)"),
        ("a copy outside", "(memory.copy (i32.const 0) (i32.const 65000) (i32.const -1)) (i32.const 1300)"),
        ("a call of nothing", "(call_indirect (result i32) (i32.const 0))"),
        ("a call of another kind", "(call_indirect (param i32) (i32.const 5) (i32.const 1)) (i32.const 1300)"),
        ("a call outside the table", "(call_indirect (result i32) (i32.const -1))"),
        ("recursion", "(call $again)"),
    ] {
        let besides = "(table 2 funcref) (elem (i32.const 1) $again) (func $again (result i32) (i32.add (call $again) (i32.const 1)))";
        check_decision(Module { name, besides, decide, ..HONEST }, "guest bounce trap");
    }
}

#[test]
fn loops_of_all_kinds() {
    let looping = "(loop $again (br $again)) (unreachable)";
    check_decision(Module { name: "a loop", decide: looping, ..HONEST }, "guest bounce timeout");
    let post_return = "(loop $again (br $again))";
    check_decision(Module { name: "a loop behind the answer", post_return, ..HONEST }, "guest bounce timeout");
    let decide = "(drop (memory.grow (i32.const 200))) (loop $again
        (memory.fill (i32.const 8192) (i32.const 1) (i32.const 12000000)) (br $again)) (unreachable)";
    check_decision(Module { name: "a loop of fills", decide, ..HONEST }, "guest bounce timeout");
    let decide = "(drop (memory.grow (i32.const 200))) (loop $again
        (memory.copy (i32.const 8192) (i32.const 9000) (i32.const 12000000)) (br $again)) (unreachable)";
    check_decision(Module { name: "a loop of copies", decide, ..HONEST }, "guest bounce timeout");
    let decide = "(loop $again (drop (memory.grow (i32.const 0))) (br $again)) (unreachable)";
    check_decision(Module { name: "a loop of growing by nothing", decide, ..HONEST }, "guest bounce timeout");
}

/// They stop growing, and whoever looks can go on.
#[test]
fn what_grows() {
    let decide =
        "(loop $again (br_if $again (i32.ne (table.grow $all (ref.null func) (i32.const 100)) (i32.const -1))))
        (if (i32.gt_u (table.size $all) (i32.const 20000)) (then (unreachable)))";
    let decide = Box::leak(format!("{decide} {}", HONEST.decide).into_boxed_str());
    check_decision(Module { name: "tables", besides: "(table $all 1 funcref)", decide, ..HONEST }, "guest pass ok");
    let decide = "(loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
        (if (i32.gt_u (memory.size) (i32.const 256)) (then (unreachable)))";
    let decide = Box::leak(format!("{decide} {}", HONEST.decide).into_boxed_str());
    check_decision(Module { name: "memory", decide, ..HONEST }, "guest pass ok");
}

#[test]
fn what_is_too_large_from_the_start() {
    let memory = "(memory (export \"memory\") 257)";
    check_refusal(Module { name: "much memory", memory, ..HONEST }, "limits.memory");
    check_refusal(Module { name: "a long table", besides: "(table 20001 funcref)", ..HONEST }, "");
    let besides = Box::leak("(table 1 funcref) ".repeat(65).into_boxed_str());
    check_refusal(Module { name: "many tables", besides, ..HONEST }, "");
}

#[test]
fn lies_while_starting() {
    let besides = "(func $begin (loop $again (br $again))) (start $begin)";
    check_refusal(Module { name: "a start that loops", besides, ..HONEST }, "limits.milliseconds");
    let besides = "(func $begin (unreachable)) (start $begin)";
    check_refusal(Module { name: "a start that traps", besides, ..HONEST }, "unreachable");
    for (name, realloc, reason) in [
        ("a place outside", "(i32.const -16)", "do not fit"),
        ("a place at the very end", "(i32.const 65535)", "do not fit"),
        ("no place", "(unreachable)", "unreachable"),
        ("a place never", "(loop $again (br $again)) (unreachable)", "limits.milliseconds"),
        ("a place by recursion", "(call $again (i32.const 0))", "stack overflowed"),
    ] {
        let besides = "(func $again (param i32) (result i32) (i32.add (call $again (local.get 0)) (i32.const 1)))";
        check_refusal(Module { name, besides, realloc, ..HONEST }, reason);
    }
    for (name, configure) in [
        ("a result that is none", "(i32.store8 (i32.const 1024) (i32.const 7)) (i32.const 1024)"),
        (
            "a refusal outside",
            "(i32.store8 (i32.const 1024) (i32.const 1)) (i32.store (i32.const 1028) (i32.const -8)) (i32.store (i32.const 1032) (i32.const 64)) (i32.const 1024)",
        ),
        (
            "a refusal without an end",
            "(i32.store8 (i32.const 1024) (i32.const 1)) (i32.store (i32.const 1032) (i32.const -1)) (i32.const 1024)",
        ),
        ("settings taken nowhere", "(i32.const -4)"),
    ] {
        check_refusal(Module { name, configure, ..HONEST }, "it passed");
    }
    for (name, wants) in [
        (
            "wants without an end",
            "(i32.store (i32.const 1200) (i32.const 1220)) (i32.store (i32.const 1204) (i32.const -1)) (i32.const 1200)",
        ),
        (
            "wants outside",
            "(i32.store (i32.const 1200) (i32.const -32)) (i32.store (i32.const 1204) (i32.const 1)) (i32.const 1200)",
        ),
        (
            "wants at an odd address",
            "(i32.store (i32.const 1200) (i32.const 1221)) (i32.store (i32.const 1204) (i32.const 1)) (i32.const 1200)",
        ),
        (
            "a kind that is none",
            "(i32.store (i32.const 1200) (i32.const 1220)) (i32.store (i32.const 1204) (i32.const 1)) (i32.store8 (i32.const 1220) (i32.const 9)) (i32.const 1200)",
        ),
        (
            "an option that is none",
            "(i32.store (i32.const 1200) (i32.const 1220)) (i32.store (i32.const 1204) (i32.const 1)) (i32.store8 (i32.const 1221) (i32.const 9)) (i32.const 1200)",
        ),
        (
            "lists within lists without an end",
            "(i32.store (i32.const 1200) (i32.const 1220)) (i32.store (i32.const 1204) (i32.const 1)) (i32.store (i32.const 1228) (i32.const -1)) (i32.const 1200)",
        ),
        (
            "names that are no text",
            "(i32.store (i32.const 1200) (i32.const 1220)) (i32.store (i32.const 1204) (i32.const 1)) (i32.store (i32.const 1224) (i32.const 1240)) (i32.store (i32.const 1228) (i32.const 1)) (i32.store (i32.const 1240) (i32.const 2010)) (i32.store (i32.const 1244) (i32.const 2)) (i32.const 1200)",
        ),
    ] {
        check_refusal(Module { name, wants, ..HONEST }, "it passed");
    }
}

/// What it passes to the host while it decides.
#[test]
fn lies_to_the_host() {
    let besides = r#"
        (import "prosody:policy/log@0.1.4" "write" (func $write (param i32 i32 i32)))
        (import "prosody:policy/edits@0.1.4" "set-text" (func $set_text (param i32 i32 i32)))
        (import "prosody:policy/store@0.1.4" "get" (func $get (param i32 i32 i32)))
        (import "prosody:policy/store@0.1.4" "set" (func $set (param i32 i32 i32 i32 i32)))"#;
    for (name, call) in [
        ("a line that is no text", "(call $write (i32.const 1) (i32.const 2010) (i32.const 2))"),
        ("a line outside", "(call $write (i32.const 1) (i32.const -16) (i32.const 8))"),
        ("a line without an end", "(call $write (i32.const 1) (i32.const 2000) (i32.const -1))"),
        ("a level that is none", "(call $write (i32.const 9) (i32.const 2000) (i32.const 2))"),
        ("an edit that is no text", "(call $set_text (i32.const 1) (i32.const 2010) (i32.const 2))"),
        ("a key that is no text", "(call $get (i32.const 2010) (i32.const 2) (i32.const 1400))"),
        (
            "a value outside",
            "(call $set (i32.const 2000) (i32.const 2) (i32.const -16) (i32.const 8) (i32.const 1400))",
        ),
        ("an answer that goes outside", "(call $get (i32.const 2000) (i32.const 2) (i32.const -4))"),
        ("an answer at an odd address", "(call $get (i32.const 2000) (i32.const 2) (i32.const 1401))"),
    ] {
        let decide = Box::leak(format!("{call} {}", HONEST.decide).into_boxed_str());
        check_decision(Module { name, besides, decide, ..HONEST }, "guest bounce bad-reply");
    }
}
