-- What waits for a user, and what rooms keep.
local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local st = require "util.stanza";
local keeping = require "keeping_server";
local alice, everything, message, start, fire = keeping.alice, keeping.everything, keeping.message, keeping.start, keeping.fire;

local function incoming(body)
	return message(body, { from = "carol@example.org/x", to = "bob@example.com" });
end

local function offline(running, stanza)
	local stored, event = {}, { stanza = stanza, origin = server.peer("s2sin"), username = "bob" };
	local handled = fire(running, "message/offline/handle", event, -1, function (given) stored[#stored + 1] = given.stanza; return true; end);
	return stored, handled;
end

describe("what waits for a user", function ()
	it("is kept as edited", function ()
		local stored = offline(start(), incoming("edit"));
		assert.equal("changed", stored[1]:get_child_text("body"));
	end);

	it("is refused to its sender", function ()
		local running = start();
		local stored, handled = offline(running, incoming("refuse"));
		assert.same({ 0, true, 1 }, { #stored, handled, #running.sent });
		assert.equal("error", running.sent[1].attr.type);
		assert.equal("carol@example.org/x", running.sent[1].attr.to);
	end);

	it("is dropped without a word", function ()
		local running = start();
		local stored, handled = offline(running, incoming("drop"));
		assert.same({ 0, true, 0 }, { #stored, handled, #running.sent });
	end);

	it("waits in memory, and comes with its date", function ()
		local running = start();
		assert.same({ {}, true }, { offline(running, incoming("limit")) });
		local origin = server.client("bob@example.com/laptop");
		fire(running, "message/offline/broadcast", { origin = origin }, -1, function () end);
		assert.equal("limit", origin.sent[1]:get_child_text("body"));
		assert.is_truthy(origin.sent[1]:get_child("delay", "urn:xmpp:delay"));
		fire(running, "message/offline/broadcast", { origin = origin }, -1, function () end);
		assert.equal(1, #origin.sent);
	end);

	it("is refused when memory is full", function ()
		local running = start();
		for _ = 1, 101 do offline(running, incoming("limit")); end
		assert.equal(1, #running.sent);
		assert.is_truthy(running.sent[1]:find("error/{urn:ietf:params:xml:ns:xmpp-stanzas}resource-constraint"));
		local origin = server.client("bob@example.com/laptop");
		fire(running, "message/offline/broadcast", { origin = origin }, -1, function () end);
		assert.equal(100, #origin.sent);
	end);

	it("is forgotten with the account", function ()
		local running = start();
		offline(running, incoming("limit"));
		running.global_hooks["user-deleted"]({ username = "bob", host = "example.com" });
		local origin = server.client("bob@example.com/laptop");
		fire(running, "message/offline/broadcast", { origin = origin }, -1, function () end);
		assert.equal(0, #origin.sent);
	end);

	it("goes over a reload of the module", function ()
		local running = start();
		offline(running, incoming("limit"));
		local saved = running.module.save();
		assert.equal(1, #saved.held.bob);
		assert.equal("string", type(saved.held.bob[1].xml));
	end);

	it("is said to be gone when the module goes", function ()
		for _, is_reloading in ipairs({ true, false }) do
			local running = start();
			offline(running, incoming("limit"));
			running.module.reloading = is_reloading;
			running.module.unload();
			assert.equal(not is_reloading, running.logged("What waited in memory") ~= nil);
		end
	end);

	for _, body in ipairs({ "raise", "break_edit" }) do
		it("is refused when ruling fails: "..body, function ()
			local running = start();
			local stored, handled = offline(running, incoming(body));
			assert.same({ 0, true, 1 }, { #stored, handled, #running.sent });
		end);
	end
end);

describe("a room", function ()
	local function room() return { jid = "room@rooms.example.com" }; end
	local function historic(running, event, default)
		return running.wrappers["muc-message-is-historic"](function (_, given) default(given); return true; end, "muc-message-is-historic", event);
	end
	local function in_rooms(behaviour)
		behaviour = behaviour or {};
		behaviour.hears = everything;
		local native = fake_native.new(behaviour);
		local running = server.new({ wasm_policies = { e2ee = { path = "/fake/e2ee.wasm" } } }, { native = native, host = "rooms.example.com" });
		running.load();
		running.settle();
		return running;
	end

	it("keeps the edited copy and sends the message", function ()
		local running = in_rooms();
		local stanza = message("edit", { from = "room@rooms.example.com/nick" });
		local event, seen = { room = room(), stanza = stanza }, {};
		assert.is_true(historic(running, event, function (given) seen[1] = given.stanza:get_child_text("body"); end));
		assert.equal(stanza, event.stanza);
		running.wrappers["muc-add-history"](function (_, given)
			seen[2] = given.stanza:get_child_text("body");
			given.stanza:add_direct_child(st.stanza("stanza-id", { xmlns = "urn:xmpp:sid:0", by = "room@rooms.example.com", id = "7" }));
		end, "muc-add-history", event);
		assert.same({ "changed", "changed" }, seen);
		assert.equal(stanza, event.stanza);
		assert.equal("edit", stanza:get_child_text("body"));
		assert.equal("7", stanza:get_child("stanza-id", "urn:xmpp:sid:0").attr.id);
	end);

	for _, body in ipairs({ "drop", "refuse", "limit", "raise", "break_edit" }) do
		it("keeps nothing of "..body, function ()
			local was_asked = false;
			local answer = historic(in_rooms(), { room = room(), stanza = message(body) }, function () was_asked = true; end);
			assert.equal(body == "limit", answer); -- the library makes no limited ruling about rooms
			assert.equal(body == "limit", was_asked);
		end);
	end
end);

describe("those who are in a room", function ()
	local function frozen(behaviour)
		behaviour.hears = behaviour.hears or everything;
		local running = server.new({ wasm_policies = { e2ee = { path = "/fake/e2ee.wasm" } } },
			{ native = fake_native.new(behaviour), host = "rooms.example.com" });
		running.load();
		running.settle();
		local presence = st.presence({ from = alice }):text_tag("status", "CANARY"):text_tag("show", "away"):text_tag("priority", "5")
			:tag("c", { xmlns = "http://jabber.org/protocol/caps", node = "n", ver = "v" }):up():tag("x", { xmlns = "urn:x" }):text("CANARY"):up();
		local methods = { freeze = function () return {}, { [alice] = st.preserialize(presence), ["room@rooms/nick"] = { bare_jid = "alice@example.com" } }; end };
		local room = setmetatable({}, { __index = methods });
		running.hooks["muc-room-created"][1]({ room = room });
		local _, state = room:freeze(true);
		return require "util.serialization".serialize(state), room, running;
	end

	it("are written down without texts", function ()
		local text = frozen({});
		assert.is_nil(text:find("CANARY"));
		for _, word in ipairs({ "away", "priority", "5", "caps", "nick" }) do assert.is_truthy(text:find(word), word); end
	end);

	it("are written down as ever when no policy keeps anything", function ()
		assert.is_truthy(frozen({ hears = {} }):find("CANARY"));
	end);
end);

describe("before anything is loaded", function ()
	it("nothing is kept or copied", function ()
		local running = server.new({}, { native = fake_native.new({}), missing = "policies" });
		running.load();
		for _, event in ipairs({ "archive-should-store", "carbons-should-copy", "message/offline/handle" }) do
			assert.is_false(running.hooks[event][1]({ stanza = message("x") }));
		end
	end);
end);
