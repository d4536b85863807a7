-- The real library in a plain Lua, with Prosody's own stanzas: what needs no server.
-- MOD_WASM_STAGE is the staging tree, PROSODY_SOURCE a Prosody's lib/prosody folder.

local stage = os.getenv("MOD_WASM_STAGE") or "target/stage/usr";
local source = os.getenv("PROSODY_SOURCE") or "target/prosody/13.0/usr/lib/prosody";
package.path = source.."/?.lua;"..package.path;
package.cpath = source.."/?.so;"..package.cpath;
-- 13.0 requires "prosody.util.x", 0.12 "util.x"; this file teaches Lua that they are the same.
if not package.loaded["prosody.loader"] and io.open(source.."/loader.lua") then
	package.loaded["prosody.loader"] = true;
	dofile(source.."/loader.lua");
end

local native = {
	policies = stage.."/lib/prosody/wasm";
	guests = os.getenv("MOD_WASM_GUESTS") or "target/wasm32-unknown-unknown/guest/examples";
	library = stage.."/lib/prosody/modules/mod_wasm/prosody_wasm.so";
	compiler = stage.."/bin/prosody-wasm";
	cache = os.getenv("MOD_WASM_CACHE") or "target/runs/lua-cache";
};

function native.load()
	local open, err = package.loadlib(native.library, "luaopen_prosody_wasm");
	return assert(open, err)();
end

-- Compiles if it must, and waits for it: only tests may wait.
function native.open(library, path)
	local opened = assert(library.open(path, native.cache));
	if not opened:compiled() then
		assert(opened:compile(native.compiler, 60));
		repeat os.execute("sleep 0.05"); until assert(opened:poll()) == "done";
	end
	return opened;
end

-- A chain with one policy.
function native.chain(library, path, settings)
	local chain = assert(library.chain("example.org"));
	chain:declare("policy", { on_error = "deny", mode = "enforce" });
	assert(chain:install("policy", native.open(library, path), { settings = settings or "{}", limits = { milliseconds = 1000 } }));
	return chain;
end

-- Prosody's own parser, for what arrives on a client's stream.
function native.parse(text)
	local new_stream = require "util.xmppstream".new;
	local parsed;
	local stream = new_stream({ notopen = true }, {
		default_ns = "jabber:client"; stream_ns = "http://etherx.jabber.org/streams";
		streamopened = function (session) session.notopen = nil; return true; end; streamclosed = function () end; error = error;
		handlestanza = function (_, stanza) parsed = stanza; end;
	}, math.huge);
	assert(stream:feed("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"));
	assert(stream:feed(text));
	return assert(parsed, "no stanza in "..text:sub(1, 80));
end

return native;
