//! Lua's stack through its C API, by four rules: only functions that cannot raise (a raise would jump over Rust's frames);
//! every value is asked for its type before it is read; room is made before it is needed; no function here runs Lua.
#![expect(unsafe_code, reason = "Lua's C API; every block says why it is sound")]

use std::ffi::c_int;
use std::marker::PhantomData;

use mlua::ffi;
use prosody_stanza::Excess;

/// Lua's stack while a C function runs: `'a` is shorter than what its arguments hold.
#[derive(Clone, Copy)]
pub struct Stack<'a> {
    state: *mut ffi::lua_State,
    arguments: PhantomData<&'a ()>,
}

impl<'a> Stack<'a> {
    /// # Safety
    ///
    /// `state` is the one with which Lua called a C function that outlives `'a`.
    // SAFETY: it only keeps the state; callers promise what is said above, and every use below relies on it.
    pub unsafe fn of(state: *mut ffi::lua_State) -> Self {
        Self { state, arguments: PhantomData }
    }

    /// Makes room.
    pub fn reserve(self, slots: c_int) -> bool {
        // SAFETY: lua_checkstack grows the stack or answers 0; it does not raise.
        unsafe { ffi::lua_checkstack(self.state, slots) != 0 }
    }

    pub fn top(self) -> c_int {
        // SAFETY: reads a number.
        unsafe { ffi::lua_gettop(self.state) }
    }

    pub fn pop(self, count: c_int) {
        // SAFETY: callers take off what they pushed.
        unsafe { ffi::lua_pop(self.state, count) };
    }

    /// The type of the value at this index.
    pub fn kind(self, index: c_int) -> c_int {
        // SAFETY: any index is allowed, and nothing raised.
        unsafe { ffi::lua_type(self.state, index) }
    }

    /// Pushes an item of the table at this index, and says of which type it is.
    pub fn push_item(self, table: c_int, item: ffi::lua_Integer) -> c_int {
        // SAFETY: callers have asked for the type of `table`; rawgeti calls no metamethod and cannot raise.
        unsafe { ffi::lua_rawgeti(self.state, table, item) }
    }

    /// Pushes a field of the table at this index, by the key at that index, and says of which type.
    pub fn push_field(self, table: c_int, key: c_int) -> c_int {
        // SAFETY: callers have asked for the type of `table`; rawget calls no metamethod and cannot raise.
        unsafe {
            ffi::lua_pushvalue(self.state, key);
            ffi::lua_rawget(self.state, table)
        }
    }

    pub fn push_number(self, number: f64) {
        // SAFETY: a number takes a slot and nothing else, and callers have made room.
        unsafe { ffi::lua_pushnumber(self.state, number) };
    }

    pub fn push_nil(self) {
        // SAFETY: nil takes a slot and nothing else, and callers have made room.
        unsafe { ffi::lua_pushnil(self.state) };
    }

    /// The whole number at this index.
    pub fn integer(self, index: c_int) -> Option<ffi::lua_Integer> {
        let mut is_one = 0;
        // SAFETY: converts a copy, and says whether it could.
        let integer = unsafe { ffi::lua_tointegerx(self.state, index, &mut is_one) };
        (is_one != 0).then_some(integer)
    }

    /// Is the value at this index neither nil nor false?
    pub fn is_true(self, index: c_int) -> bool {
        // SAFETY: any index is allowed, and nothing raised.
        unsafe { ffi::lua_toboolean(self.state, index) != 0 }
    }

    /// Calls `visit` with every name and value of the table at this index, as indices.
    pub fn each(self, table: c_int, mut visit: impl FnMut(c_int, c_int) -> Result<(), Excess>) -> Result<(), Excess> {
        // SAFETY: lua_next raises only for a key that is not in the table; it gets nil first and then the keys
        // that it gave itself, and nothing changes the table.
        unsafe { ffi::lua_pushnil(self.state) };
        while unsafe { ffi::lua_next(self.state, table) } != 0 {
            visit(-2, -1)?;
            self.pop(1);
        }
        Ok(())
    }

    /// The bytes of the string at this index. Not a number: converting one would change it in place, under `lua_next`.
    pub fn text(self, index: c_int) -> Result<&'a [u8], Excess> {
        // SAFETY: the type is asked first, and for a string lua_tolstring neither allocates nor raises. Its bytes
        // stay where they are while the stanza holds it, which is an argument, and nothing runs that could change it.
        unsafe {
            if ffi::lua_type(self.state, index) != ffi::LUA_TSTRING {
                return Err(Excess::Malformed);
            }
            let mut length = 0;
            let bytes = ffi::lua_tolstring(self.state, index, &mut length).cast::<u8>();
            Ok(std::slice::from_raw_parts(bytes, length))
        }
    }
}
