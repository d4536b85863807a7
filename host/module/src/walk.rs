//! The raw walk: a stanza of Prosody's `util.stanza` to a flat tree, in one pass.
//!
//! mlua's safe tables would take eight times as long. So this file, and no other of this crate, uses Lua's C
//! API, by four rules: only functions that cannot raise (a raise would jump over Rust's frames); every value
//! is asked for its type before it is read; limits first; no recursion, since a client can send stanzas
//! 36,000 levels deep.
#![expect(unsafe_code, reason = "Lua's C API; every block says why it is sound")]

use std::ffi::c_int;
use std::marker::PhantomData;

use mlua::{Lua, LuaString, Table, ffi};
use prosody_stanza::{Builder, Excess, Limits, Stanza};

/// The keys of a stanza's table, made once: looking one up must not allocate.
#[derive(Clone)]
pub struct Keys {
    name: LuaString,
    attr: LuaString,
    xmlns: LuaString,
}

impl Keys {
    pub fn new(lua: &Lua) -> mlua::Result<Self> {
        Ok(Self {
            name: lua.create_string("name")?,
            attr: lua.create_string("attr")?,
            xmlns: lua.create_string("xmlns")?,
        })
    }
}

/// Where the arguments of the walk lie on Lua's stack, and how many there are.
const STANZA: c_int = 1;
const NAME: c_int = 2;
const ATTR: c_int = 3;
const XMLNS: c_int = 4;
const ARGUMENTS: c_int = 4;

/// Slots above the open elements: an attribute table, a key, a value, one for `lua_next`.
const SCRATCH: c_int = 8;

/// Walks a stanza. What is not a stanza, or too large a one, is the inner error.
pub fn walk(lua: &Lua, keys: &Keys, stanza: &Table, limits: Limits) -> mlua::Result<Result<Stanza, Excess>> {
    let mut result = Err(Excess::Malformed);
    let arguments = (stanza, &keys.name, &keys.attr, &keys.xmlns);
    // SAFETY: mlua calls the closure with a valid state whose stack holds just the four arguments, the first
    // of them a table. Nothing in it raises, and the stack is emptied again.
    unsafe {
        lua.exec_raw::<()>(arguments, |state| {
            let base = ffi::lua_gettop(state) - ARGUMENTS;
            let lua = Stack { state, base, stanza: PhantomData };
            result = Walker { lua, builder: Builder::new(limits) }.walk(limits.depth);
            ffi::lua_settop(state, base);
        })?;
    }
    Ok(result)
}

/// Lua's stack, while the stanza is borrowed.
#[derive(Clone, Copy)]
struct Stack<'a> {
    state: *mut ffi::lua_State,
    base: c_int,
    stanza: PhantomData<&'a Table>,
}

impl<'a> Stack<'a> {
    /// Makes room. Room for everything that the walk will ever push at once is made at its beginning.
    fn reserve(self, slots: c_int) -> bool {
        // SAFETY: lua_checkstack grows the stack or answers 0; it does not raise.
        unsafe { ffi::lua_checkstack(self.state, slots) != 0 }
    }

    fn top(self) -> c_int {
        // SAFETY: reads a number.
        unsafe { ffi::lua_gettop(self.state) }
    }

    fn pop(self, count: c_int) {
        // SAFETY: never more than was pushed above the arguments.
        unsafe { ffi::lua_pop(self.state, count) };
    }

    /// Pushes an item of the table at this index, and says of which type it is.
    fn push_item(self, table: c_int, item: ffi::lua_Integer) -> c_int {
        // SAFETY: callers have asked for the type of `table`; rawgeti calls no metamethod and cannot raise.
        unsafe { ffi::lua_rawgeti(self.state, table, item) }
    }

    /// Pushes a field of the table at this index, by one of the keys among the arguments, and says of which type.
    fn push_field(self, table: c_int, key: c_int) -> c_int {
        // SAFETY: callers have asked for the type of `table`; rawget calls no metamethod and cannot raise.
        unsafe {
            ffi::lua_pushvalue(self.state, self.base + key);
            ffi::lua_rawget(self.state, table)
        }
    }

    /// Calls `visit` with every name and value of the table at this index, as indices.
    fn each(self, table: c_int, mut visit: impl FnMut(c_int, c_int) -> Result<(), Excess>) -> Result<(), Excess> {
        // SAFETY: lua_next raises only for a key that is not in the table; it gets nil first and then the keys
        // that it gave itself, and nothing changes the table.
        unsafe { ffi::lua_pushnil(self.state) };
        while unsafe { ffi::lua_next(self.state, table) } != 0 {
            visit(-2, -1)?;
            self.pop(1);
        }
        Ok(())
    }

    /// The string at this index. Not a number: converting one would change it in place, under `lua_next`.
    fn text(self, index: c_int) -> Result<&'a str, Excess> {
        // SAFETY: the type is asked first, and for a string lua_tolstring neither allocates nor raises. Its bytes
        // stay where they are while the stanza holds it, which is borrowed, and nothing runs that could change it.
        unsafe {
            if ffi::lua_type(self.state, index) != ffi::LUA_TSTRING {
                return Err(Excess::Malformed);
            }
            let mut length = 0;
            let bytes = ffi::lua_tolstring(self.state, index, &mut length).cast::<u8>();
            std::str::from_utf8(std::slice::from_raw_parts(bytes, length)).map_err(|_| Excess::Malformed)
        }
    }
}

struct Walker<'a> {
    lua: Stack<'a>,
    builder: Builder,
}

/// An element whose children are being walked. Its table is on Lua's stack.
struct Open {
    table: c_int,
    next: ffi::lua_Integer,
}

enum Child {
    None,
    Text,
    Element(c_int),
}

impl<'a> Walker<'a> {
    fn walk(mut self, depth: usize) -> Result<Stanza, Excess> {
        let slots = c_int::try_from(depth).unwrap_or(c_int::MAX - SCRATCH) + SCRATCH;
        if !self.lua.reserve(slots) {
            return Err(Excess::Depth);
        }
        let mut open = vec![self.element(self.lua.base + STANZA)?];
        while let Some(element) = open.last_mut() {
            element.next += 1;
            let (table, index) = (element.table, element.next);
            match self.child(table, index)? {
                Child::None => {
                    self.builder.close()?;
                    open.pop();
                    // The stanza itself is an argument and stays.
                    self.lua.pop(if open.is_empty() { 0 } else { 1 });
                }
                Child::Text => self.lua.pop(1),
                Child::Element(table) => open.push(self.element(table)?),
            }
        }
        self.builder.finish()
    }

    /// Pushes the child and adds it, if it is a text; an element stays on the stack until it is closed.
    fn child(&mut self, table: c_int, index: ffi::lua_Integer) -> Result<Child, Excess> {
        match self.lua.push_item(table, index) {
            ffi::LUA_TNIL => {
                self.lua.pop(1);
                Ok(Child::None)
            }
            ffi::LUA_TSTRING => {
                self.builder.text(self.lua.text(-1)?)?;
                Ok(Child::Text)
            }
            ffi::LUA_TTABLE => Ok(Child::Element(self.lua.top())),
            _ => Err(Excess::Malformed),
        }
    }

    /// Opens the element whose table is at this index, with its attributes.
    fn element(&mut self, table: c_int) -> Result<Open, Excess> {
        let lua = self.lua;
        lua.push_field(table, NAME);
        let name = lua.text(-1)?;
        let attributes = match lua.push_field(table, ATTR) {
            ffi::LUA_TTABLE => Some(lua.top()),
            ffi::LUA_TNIL => None,
            _ => return Err(Excess::Malformed),
        };
        let namespace = attributes.map_or(Ok(None), |attributes| self.namespace(attributes))?;
        self.builder.open(name, namespace)?;
        if let Some(attributes) = attributes {
            self.attributes(attributes)?;
        }
        // The name, the attributes, and the namespace if it was looked up.
        lua.pop(lua.top() - table.max(lua.base + ARGUMENTS));
        Ok(Open { table, next: 0 })
    }

    fn namespace(&self, attributes: c_int) -> Result<Option<&'a str>, Excess> {
        match self.lua.push_field(attributes, XMLNS) {
            ffi::LUA_TSTRING => self.lua.text(-1).map(Some),
            ffi::LUA_TNIL => Ok(None),
            _ => Err(Excess::Malformed),
        }
    }

    fn attributes(&mut self, table: c_int) -> Result<(), Excess> {
        let (lua, builder) = (self.lua, &mut self.builder);
        lua.each(table, |name, value| match (lua.text(name)?, lua.text(value)?) {
            ("xmlns", _) => Ok(()),
            (name, value) => builder.attribute(name, value),
        })
    }
}
