//! The two ways in: a C function of our own, and from within a call of mlua.
#![expect(unsafe_code, reason = "Lua's C API; every block says why it is sound")]

use std::ffi::c_int;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use mlua::{Function, Lua, LuaString, Table, ffi};
use prosody_stanza::{Excess, Limits, Stanza};

use super::stack::Stack;
use super::walk;
use crate::judge;

/// The keys of a stanza's table, for walks from within mlua.
#[derive(Clone)]
pub struct Keys([LuaString; 3]);

impl Keys {
    pub fn new(lua: &Lua) -> mlua::Result<Self> {
        Ok(Self([lua.create_string("name")?, lua.create_string("attr")?, lua.create_string("xmlns")?]))
    }
}

/// Walks a stanza from within a call of mlua. What is not a stanza, or too large a one, is the inner error; a panic of ours
/// the outer one.
pub fn walk_table(lua: &Lua, Keys([name, attr, xmlns]): &Keys, stanza: &Table) -> mlua::Result<Result<Stanza, Excess>> {
    let mut walked = None;
    // SAFETY: mlua calls the closure with a valid state whose stack holds just the four arguments. Nothing in it raises,
    // a panic ends there, since Lua's frames must not be unwound, and the stack is emptied again.
    unsafe {
        lua.exec_raw::<()>((stanza, name, attr, xmlns), |state| {
            let base = ffi::lua_gettop(state) - 4;
            let keys = walk::Keys { name: base + 2, attr: base + 3, xmlns: base + 4 };
            let stack = Stack::of(state);
            walked = catch_unwind(|| walk::walk(stack, keys, base + 1, Limits::default())).ok();
            ffi::lua_settop(state, base);
        })?;
    }
    walked.ok_or_else(|| mlua::Error::runtime("walking through the stanza panicked"))
}

/// The upvalues of [`decide`]: the number of its chain, the words that it answers with, the keys of a stanza's table.
const CHAIN: c_int = ffi::lua_upvalueindex(1);
const WORDS: c_int = ffi::lua_upvalueindex(2);
const KEYS: walk::Keys =
    walk::Keys { name: ffi::lua_upvalueindex(3), attr: ffi::lua_upvalueindex(4), xmlns: ffi::lua_upvalueindex(5) };

/// Its arguments: the stanza, the number of the question, and whether this chain has judged it as outgoing.
const STANZA: c_int = 1;
const QUESTION: c_int = 2;
const IS_JUDGED: c_int = 3;
/// What it answers: verdict, policy, reason, microseconds.
const ANSWERS: c_int = 4;

/// A function of Lua that decides about a stanza of which nothing else is known, and answers with items of `words`.
pub fn closure(lua: &Lua, chain: i64, words: &Table) -> mlua::Result<Function> {
    // SAFETY: mlua calls it protected, with the five arguments on the stack, which become the upvalues; what is left there
    // is the function.
    unsafe { lua.exec_raw((chain, words, "name", "attr", "xmlns"), |state| ffi::lua_pushcclosure(state, decide, 5)) }
}

/// `decide(stanza, question, is_judged) -> "pass", policy, reason, microseconds`, or `nil`: then there is more to tell
/// than that it passes as it is, and `chain:told()` tells it.
///
/// # Safety
///
/// Only for Lua to call, as [`closure`] made it. A panic ends here: Lua's frames must not be unwound.
// SAFETY: it is a function of Lua's own kind, and Lua calls it as it calls those.
unsafe extern "C-unwind" fn decide(state: *mut ffi::lua_State) -> c_int {
    // SAFETY: the state with which Lua has called, used until the function returns.
    let lua = unsafe { Stack::of(state) };
    let answered = catch_unwind(AssertUnwindSafe(|| answer(lua))).unwrap_or(None);
    if answered.is_none() && lua.reserve(1) {
        lua.push_nil();
    }
    answered.unwrap_or(1)
}

fn answer(lua: Stack<'_>) -> Option<c_int> {
    let before = Instant::now();
    let judge = judge::numbered(lua.integer(CHAIN)?)?;
    let question = lua.integer(QUESTION).and_then(|number| usize::try_from(number).ok());
    let mut judge = judge.try_borrow_mut().ok()?;
    judge.forget_untold();
    let stanza = walk::walk(lua, KEYS, STANZA, Limits::default());
    let plain = judge.decide(stanza, question, lua.is_true(IS_JUDGED), before)?;
    if !lua.reserve(ANSWERS) {
        return None;
    }
    lua.push_item(WORDS, plain.verdict);
    match plain.policy {
        Some(policy) => drop(lua.push_item(WORDS, policy)),
        None => lua.push_nil(),
    }
    lua.push_item(WORDS, plain.reason);
    lua.push_number(plain.microseconds);
    Some(ANSWERS)
}
