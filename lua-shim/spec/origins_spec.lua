-- Whoever hands a stanza to a host, and whichever of its events it takes: the chain is asked about it, once; and where no chain can
-- be asked, it is denied.

local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local st = require "util.stanza";

local types = {
	message = { "chat", "normal", "groupchat", "headline", "error" };
	presence = { false, "unavailable", "subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe", "error" };
	iq = { "get", "set", "result", "error" };
};

-- What the origin of an event can be. Modules of ours hand stanzas over in the name of a host, and some events have no origin.
local origins = {
	-- name, from, the origin
	{ "a client", "alice@example.com/phone", function () return server.client("alice@example.com/phone"); end };
	{ "another server", "bob@example.org/desk", function () return server.peer("s2sin"); end };
	{ "a component", "bot@gateway.example.com", function () return server.peer("component"); end };
	{ "a component under another name", "alice@example.com/phone", function () return server.peer("component"); end };
	{ "a room", "room@rooms.example.com/nick", function (running) return running.prosody.hosts["rooms.example.com"]; end };
	{ "the host", "example.com", function (running) return running.prosody.hosts["example.com"]; end };
	{ "the host for a user", "alice@example.com", function (running) return running.prosody.hosts["example.com"]; end };
	{ "a module that names nobody", "bob@example.org/desk", function () return nil; end };
};

local addresses = {
	["example.com"] = { bare = "carol@example.com", full = "carol@example.com/desk", host = "example.com" };
	["rooms.example.com"] = { bare = "room@rooms.example.com", full = "room@rooms.example.com/nick", host = "rooms.example.com" };
};

-- host, direction, the events of each kind
local roads = {
	{ "example.com", "outgoing", "pre-%s/", { "bare", "full", "host" } };
	{ "example.com", "incoming", "%s/", { "bare", "full" } };
	{ "rooms.example.com", "incoming", "%s/", { "bare", "full", "host" } };
};

local function everything()
	local interests = {};
	for kind in pairs(types) do interests[kind] = { outgoing = true, incoming = true, incoming_only = false }; end
	return interests;
end

local function start(host, config, behaviour)
	local native = fake_native.new(behaviour or { interests = everything() });
	return server.new(config or { wasm_policies = { e2ee = {} } }, { native = native, host = host }).load(), native.chains[1];
end

local function written(kind, stanza_type, from, to)
	local attributes = { from = from, to = to, type = stanza_type or nil, id = "1" };
	return st.stanza(kind, attributes):text_tag("x", "lunch at noon", { xmlns = "urn:test" }):reset();
end

-- All handlers of the event, as Prosody does it.
local function fire(running, event_name, stanza, origin)
	return running.module:fire_event(event_name, { origin = origin, stanza = stanza });
end

-- check(what it is, event name, stanza, origin, kind), for each that there is on this road
local function for_all(road, running, check)
	local host, _, event_name, destinations = table.unpack(road);
	for kind, of_kind in pairs(types) do
		for _, destination in ipairs(destinations) do
			for _, stanza_type in ipairs(of_kind) do
				for _, origin in ipairs(origins) do
					local name = event_name:format(kind)..destination;
					local what = ("%s of type %s from %s"):format(name, tostring(stanza_type), origin[1]);
					check(what, name, written(kind, stanza_type, origin[2], addresses[host][destination]), origin[3](running), kind);
				end
			end
		end
	end
end

for _, road in ipairs(roads) do
	local host, direction = road[1], road[2];
	describe(("what is %s on %s"):format(direction, host), function ()
		it("is asked about once, whoever it is from", function ()
			local running, chain = start(host);
			for_all(road, running, function (what, name, stanza, origin, kind)
				local before = #chain.decisions;
				fire(running, name, stanza, origin);
				assert.equal(before + 1, #chain.decisions, what);
				local asked = chain.decisions[#chain.decisions];
				assert.same({ kind, direction }, { asked.asked, asked[1] }, what);
				assert.is_nil(asked[4] and asked[4].judged, what);
			end);
		end);

		it("is what the chain says", function ()
			local running = start(host, nil, { interests = everything(), rule = function () return "drop", "e2ee", "no", 1; end });
			for_all(road, running, function (what, name, stanza, origin)
				assert.is_true(fire(running, name, stanza, origin), what);
			end);
		end);

		it("is denied where there is no chain to ask", function ()
			local running = start(host, nil, { chain_error = "no chain" });
			for_all(road, running, function (what, name, stanza, origin)
				assert.is_true(fire(running, name, stanza, origin), what);
			end);
		end);
	end);
end
