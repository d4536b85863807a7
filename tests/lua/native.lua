-- The real library in a plain Lua, with Prosody's own stanzas: what needs no server.
-- MOD_WASM_STAGE is the staging tree, PROSODY_SOURCE a Prosody's lib/prosody folder.

local sleep = require "socket".sleep;
local stage = os.getenv("MOD_WASM_STAGE") or "target/stage/usr";
local source = os.getenv("PROSODY_SOURCE") or "target/prosody/13.0/usr/lib/prosody";
package.path = source.."/?.lua;"..package.path;
package.cpath = source.."/?.so;"..package.cpath;
-- 13.0 requires "prosody.util.x", 0.12 "util.x"; this file teaches Lua that they are the same.
-- Once: busted forgets what was loaded between two files, and each time would double the searchers.
if not getmetatable(package.loaded) and io.open(source.."/loader.lua") then
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

-- What a policy is staged from; `changes` are put over it.
function native.request(path, settings, changes)
	local request = {
		name = "policy"; path = path; settings = settings or "{}"; limits = { milliseconds = 1000; budget = 1000 }; on_error = "deny";
		cache_path = native.cache; compiler = native.compiler; compile_seconds = 60;
	};
	for name, value in pairs(changes or {}) do request[name] = value; end
	return request;
end

-- Waits for a job: only tests may wait. -> staged | nil, sentence, phase; the phases that were seen
function native.finish(job)
	local phases = {};
	while true do
		local progress, result, phase = job:poll();
		if progress ~= "running" then
			if progress == "done" then return result, nil, nil, phases; end
			return nil, progress or result, phase, phases;
		end
		if phases[#phases] ~= result then phases[#phases + 1] = result; end
		sleep(0.001);
	end
end

-- A generation, compiled if it must be.
function native.stage(library, path, settings, changes)
	local staged, err = native.finish(assert(library.stage(native.request(path, settings, changes))));
	return assert(staged, err);
end

-- A chain with one policy.
function native.chain(library, path, settings)
	local chain = assert(library.chain("example.org"));
	chain:declare("policy", { on_error = "deny", mode = "enforce" });
	assert(chain:put("policy", native.stage(library, path, settings)));
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
