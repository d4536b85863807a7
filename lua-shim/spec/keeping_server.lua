-- A server in which is kept and copied, with stand-ins for what Prosody's own modules do in their places.
local server = require "server";
local fake_native = require "fake_native";
local st = require "util.stanza";
local alice, bob = "alice@example.com/phone", "bob@example.com";
local everything = { ["archive-policy"] = true, ["carbons-policy"] = true };
local function message(body, attr)
	attr = attr or {};
	return st.message({ from = attr.from or alice, to = attr.to or bob, type = attr.type or "chat", id = "1" }, body);
end

local function start(config, behaviour)
	behaviour = behaviour or {};
	behaviour.hears = behaviour.hears or everything;
	behaviour.interests = behaviour.interests or {};
	config = config or {};
	config.wasm_policies = config.wasm_policies or { e2ee = { path = "/fake/e2ee.wasm" } };
	local native = fake_native.new(behaviour);
	local running = server.new(config, { native = native, rosters = { alice = { [bob] = { subscription = "both" } } } });
	running.prosody.bare_sessions = {};
	running.prosody.hosts["example.com"].sessions = {};
	running.prosody.hosts["example.com"].modules.mam = {};
	running.load();
	running.settle();
	return running, native.chains[1];
end

-- Fires an event through all its handlers, with what mod_mam, mod_carbons or mod_offline does in its place.
local function fire(running, event_name, event, own_priority, own)
	local handlers = { { own, own_priority } };
	for _, handler in ipairs(running.handlers[event_name] or {}) do handlers[#handlers + 1] = handler; end
	table.sort(handlers, function (a, b) return a[2] > b[2]; end);
	for _, handler in ipairs(handlers) do
		local result = handler[1](event);
		if result ~= nil then return result; end
	end
end

return { alice = alice; bob = bob; everything = everything; message = message; start = start; fire = fire };
