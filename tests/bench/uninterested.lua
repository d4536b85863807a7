-- What a stanza costs that no policy wants: Prosody's event through the shim and back, in the shim's own files.

package.path = "lua-shim/spec/?.lua;tests/bench/?.lua;"..package.path;
local measuring = require "measuring";
local stanzas = require "stanzas";
local chains = require "chains";
local native = measuring.native;
local server = require "server";

local folder = require "lfs".currentdir(); -- Prosody's paths begin where its configuration is
local wanted_nowhere = "urn:example:nobody-sends-this";

chains.that_looks({}); -- so that it is compiled

local function handlers_of(settings)
	local running = server.new({
		wasm_policies = { looking = { path = folder.."/"..chains.looking, settings = settings, limits = { milliseconds = 1000, budget = 1000 } } };
		wasm_cache_path = folder.."/"..native.cache; wasm_compiler = folder.."/"..native.compiler;
	}, { native = chains.library, host = "example.org", hosts = { ["example.org"] = { type = "local", modules = {}, events = {}, sessions = {} } } });
	running.load();
	assert(running.status[1] == "info" and not running.logged("being prepared"), running.status[2]);
	function running.module.log() end -- as when nobody wants to read level debug
	return running.hooks;
end

-- Three namespaces in a set, and all direct children: what the least of all modules does.
local wanted = { ["urn:xmpp:omemo:2"] = true, ["urn:xmpp:openpgp:0"] = true, ["jabber:x:encrypted"] = true };
local function look_up(stanza)
	local tags = stanza.tags;
	for i = 1, #tags do
		if wanted[tags[i].attr.xmlns] then return true; end
	end
	return false;
end

local nothing = handlers_of({ namespaces = { wanted_nowhere } });
local something = handlers_of({ lookups = 0 });
local session = server.client("a@example.org/x");

for _, entry in ipairs(stanzas) do
	local stanza = entry[2];
	local event, name = { origin = session, stanza = stanza }, ("pre-%s/bare"):format(stanza.name);
	local uninterested, interested = nothing[name][1], something[name][1];
	assert(uninterested(event) == nil and interested(event) == nil, "it is refused");
	measuring.compare(entry[1], {
		{ "Lua, three namespaces", function () return look_up(stanza); end };
		{ "no policy wants it", function () return uninterested(event); end };
		{ "an empty hook is asked", function () event.wasm_judged, stanza._wasm_judged = nil, nil; return interested(event); end };
	});
end
