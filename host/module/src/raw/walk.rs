//! The raw walk: a stanza of Prosody's `util.stanza` to a flat tree, in one pass.
//!
//! No recursion, since a client can send stanzas 36,000 levels deep. Nothing is cut: over a limit is an error.

use std::ffi::c_int;

use mlua::ffi;
use prosody_stanza::{Builder, Excess, Limits, Stanza};

use super::stack::Stack;

/// Slots above the open elements: an attribute table, a key, a value, one for `lua_next`.
const SCRATCH: c_int = 8;

/// Where the keys of a stanza's table are, made once: looking one up must not allocate.
#[derive(Clone, Copy)]
pub struct Keys {
    pub name: c_int,
    pub attr: c_int,
    pub xmlns: c_int,
}

/// Walks the stanza at this index. What is not a stanza, or too large a one, is an error. The stack is as before.
pub fn walk(lua: Stack<'_>, keys: Keys, stanza: c_int, limits: Limits) -> Result<Stanza, Excess> {
    let before = lua.top();
    let walked = match lua.kind(stanza) {
        ffi::LUA_TTABLE => Walker { lua, keys, builder: Builder::new(limits) }.walk(stanza, limits.depth),
        _ => Err(Excess::Malformed),
    };
    lua.pop(lua.top() - before);
    walked
}

struct Walker<'a> {
    lua: Stack<'a>,
    keys: Keys,
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
    fn walk(mut self, stanza: c_int, depth: usize) -> Result<Stanza, Excess> {
        let slots = c_int::try_from(depth).unwrap_or(c_int::MAX - SCRATCH) + SCRATCH;
        if !self.lua.reserve(slots) {
            return Err(Excess::Depth);
        }
        let mut open = vec![self.element(stanza)?];
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
        let before = lua.top();
        lua.push_field(table, self.keys.name);
        let name = lua.text(-1)?;
        let attributes = match lua.push_field(table, self.keys.attr) {
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
        lua.pop(lua.top() - before);
        Ok(Open { table, next: 0 })
    }

    fn namespace(&self, attributes: c_int) -> Result<Option<&'a [u8]>, Excess> {
        match self.lua.push_field(attributes, self.keys.xmlns) {
            ffi::LUA_TSTRING => self.lua.text(-1).map(Some),
            ffi::LUA_TNIL => Ok(None),
            _ => Err(Excess::Malformed),
        }
    }

    fn attributes(&mut self, table: c_int) -> Result<(), Excess> {
        let (lua, builder) = (self.lua, &mut self.builder);
        lua.each(table, |name, value| match (lua.text(name)?, lua.text(value)?) {
            (b"xmlns", _) => Ok(()),
            (name, value) => builder.attribute(name, value),
        })
    }
}
