-- What is kept and what is copied, around stand-ins for Prosody's own modules.
local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
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

-- As mod_mam: asks, stores what it was given, and hands on a copy with an id.
local function mam(running, stored)
	return function (event)
		local payload = { stanza = event.stanza, session = event.origin };
		local answer = fire(running, "archive-should-store", payload, -1, function () return true; end);
		stored.reason = payload.reason;
		if not answer then return; end
		stored[#stored + 1] = st.clone(payload.stanza);
		event.stanza = st.clone(payload.stanza):tag("stanza-id", { xmlns = "urn:xmpp:sid:0", by = "alice@example.com", id = "given" }):up();
		fire(running, "archive-message-added", { origin = event.origin, stanza = stored[#stored] }, 0, function () end);
	end;
end

local function archived(running, stanza)
	local stored, event = {}, { stanza = stanza, origin = server.client(alice) };
	fire(running, "pre-message/bare", event, 0, mam(running, stored));
	return stored, event.stanza;
end

describe("an archive", function ()
	it("gets the edited copy, and the recipient the message", function ()
		local running = start();
		local original = message("edit");
		local stored, delivered = archived(running, original);
		assert.equal("changed", stored[1]:get_child_text("body"));
		assert.equal("edit", delivered:get_child_text("body"));
		assert.equal("given", delivered:get_child("stanza-id", "urn:xmpp:sid:0").attr.id);
		assert.equal("edit", original:get_child_text("body"));
		assert.is_nil(original:get_child("stanza-id", "urn:xmpp:sid:0"));
	end);

	-- Others may change what is inside of either; mod_mam copies the whole for that reason.
	it("shares nothing with the message that is delivered", function ()
		local original = message("edit"):tag("x", { xmlns = "urn:x" }):tag("y"):up():up():text(" between "):tag("z", { xmlns = "urn:z" }):reset();
		local function tree(stanza) return st.preserialize(st.clone(stanza)); end
		local before = tree(original);
		local stored, delivered = archived(start(), original);
		local seen = {};
		local function note(element, is_first)
			assert.is_true(is_first or not seen[element] and not seen[element.attr]);
			seen[element], seen[element.attr] = true, true;
			for _, child in ipairs(element.tags) do note(child, is_first); end
		end
		note(original, true);
		note(delivered, false);
		assert.equal("changed", stored[1]:get_child_text("body"));
		assert.same({ "body", "x", "z" }, { original.tags[1].name, original.tags[2].name, original.tags[3].name });
		assert.same(before, tree(original));
		delivered:maptags(function (tag) return tag.name ~= "stanza-id" and tag or nil; end);
		assert.same(before, tree(delivered));
	end);

	-- What is handed on instead, before the id.
	local no_copies = {
		{ { "x", "urn:x", "another" }, { "y", nil, "its" } };
		{ { "body", nil, "its" } };
		{ { "body", nil, "its" }, { "x", "urn:x", "another" }, { "y", nil, "its" } };
		{};
	};
	for number, elements in ipairs(no_copies) do
		it("takes from mod_mam only what is a copy of what was stored, case "..number, function ()
			local running, original = start(), message("edit"):tag("x", { xmlns = "urn:x" }):text("mine"):reset();
			local event = { stanza = original, origin = server.client(alice) };
			fire(running, "pre-message/bare", event, 0, function ()
				fire(running, "archive-should-store", { stanza = original, session = event.origin }, -1, function () return true; end);
				event.stanza = st.message({ to = bob });
				for _, element in ipairs(elements) do event.stanza:text_tag(element[1], element[3], { xmlns = element[2] }); end
				event.stanza:tag("stanza-id", { xmlns = "urn:xmpp:sid:0", by = "alice@example.com", id = "given" }):reset();
			end);
			assert.equal("edit", event.stanza:get_child_text("body"));
			assert.equal("mine", event.stanza:get_child_text("x", "urn:x"));
			assert.equal("given", event.stanza:get_child("stanza-id", "urn:xmpp:sid:0").attr.id);
			assert.equal(3, #event.stanza);
		end);
	end

	it("does not let ids pass that somebody forged", function ()
		local forged = message("edit"):tag("stanza-id", { xmlns = "urn:xmpp:sid:0", by = "alice@example.com", id = "forged" }):up();
		local _, delivered = archived(start(), forged);
		local ids = {};
		for tag in delivered:childtags("stanza-id", "urn:xmpp:sid:0") do ids[#ids + 1] = tag.attr.id; end
		assert.same({ "given" }, ids);
	end);

	local verdicts = { { "pass", 1 }, { "drop", 0, "asked to" }, { "refuse", 0, "asked to" }, { "raise", 0, "error" }, { "nonsense", 0, "asked to" },
		{ "break_edit", 0, "error" } };
	for _, case in ipairs(verdicts) do
		it(("keeps %d of what comes out as %s"):format(case[2], case[1]), function ()
			local stored, delivered = archived(start(), message(case[1]));
			assert.equal(case[2], #stored);
			assert.equal(case[3], stored.reason);
			assert.equal(case[1], delivered:get_child_text("body"));
		end);
	end

	it("keeps nothing while nobody can be asked", function ()
		local payload = { stanza = message("pass"), session = server.client(alice) };
		assert.is_false(start(nil, { chain_error = "there is no memory" }).hooks["archive-should-store"][1](payload));
		assert.equal("not-in-force", payload.reason);
	end);

	it("is not asked about when nobody wants to be", function ()
		local running, chain = start(nil, { hears = {} });
		assert.equal(1, #archived(running, message("drop")));
		assert.equal(0, #chain.decisions);
	end);

	-- A module at Prosody's default priority, before or after mod_mam; in place or in a copy.
	for _, priority in ipairs({ 0.005, -0.005 }) do
		it("leaves to others what they change, at "..priority, function ()
			local running = start();
			running.module:hook("pre-message/bare", function (event) event.stanza:tag("note", { xmlns = "urn:note" }):text("x"):up(); end, priority);
			local stored, delivered = archived(running, message("edit"));
			assert.equal("changed", stored[1]:get_child_text("body"));
			assert.equal(priority > 0, stored[1]:get_child("note", "urn:note") ~= nil);
			assert.equal("edit", delivered:get_child_text("body"));
			assert.is_truthy(delivered:get_child("note", "urn:note"));
		end);
	end

	it("rules on what others changed before", function ()
		local running = start();
		running.module:hook("pre-message/bare", function (event) event.stanza = message("drop"); end, 0.005);
		local stored = archived(running, message("pass"));
		assert.same({ 0, "asked to" }, { #stored, stored.reason });
	end);

	it("gives back what was not stored after all", function ()
		local running, stanza = start(), message("edit");
		local event = { stanza = stanza, origin = server.client(alice) };
		fire(running, "pre-message/bare", event, 0, function ()
			fire(running, "archive-should-store", { stanza = stanza, session = event.origin }, -1, function () end);
			assert.equal("changed", stanza:get_child_text("body"));
		end);
		assert.equal(stanza, event.stanza);
		assert.equal("edit", stanza:get_child_text("body"));
	end);

	-- Another module may send messages of its own, before or after mod_mam, or while it asks and stores. Those that somebody answers
	-- before they end are five, since no more are remembered than ten.
	local sends = {
		-- in which event, at which priority, how many, do they end
		{ "pre-message/bare", 0.005, 20, true }; { "pre-message/bare", -0.005, 20, true }; { "pre-message/bare", -0.005, 5, false };
		{ "archive-should-store", 5, 20, true }; { "archive-should-store", 5, 5, false };
		{ "archive-message-added", 2000, 20, true }; { "archive-message-added", 1, 5, false };
	};
	local function send_others(running, case)
		local others, is_sending = {}, false;
		running.module:hook(case[1], function ()
			if is_sending then return; end
			is_sending = true;
			for number = 1, case[3] do
				local other = { stanza = message("edit"), origin = server.client("carol@example.com/x") };
				others[number] = other.stanza;
				fire(running, "pre-message/bare", other, 0, function ()
					fire(running, "archive-should-store", { stanza = other.stanza, session = other.origin }, -1, function () end);
					return not case[4] or nil;
				end);
			end
		end, case[2]);
		return others;
	end
	for number, case in ipairs(sends) do
		it("gives back what was stored, whatever is sent meanwhile, case "..number, function ()
			local running, original = start(), message("edit");
			local others = send_others(running, case);
			local stored, delivered = archived(running, original);
			assert.same({ 1, "changed" }, { #stored, stored[1]:get_child_text("body") });
			assert.same({ "edit", "edit", case[3] }, { original:get_child_text("body"), delivered:get_child_text("body"), #others });
			for _, other in ipairs(case[4] and others or {}) do assert.equal("edit", other:get_child_text("body")); end
		end);
	end

	it("gives back what was not stored, whatever is sent after it", function ()
		for _, case in ipairs({ sends[2], sends[3] }) do
			local running, stanza = start(), message("edit");
			send_others(running, case);
			fire(running, "pre-message/bare", { stanza = stanza, origin = server.client(alice) }, 0, function (event)
				fire(running, "archive-should-store", { stanza = stanza, session = event.origin }, -1, function () end);
			end);
			assert.equal("edit", stanza:get_child_text("body"));
		end
	end);

	it("rules on a stanza that was changed since", function ()
		local running = start();
		local payload = { stanza = message("edit"), session = server.client(alice) };
		assert.is_false(running.hooks["archive-should-store"][1](payload));
		payload.stanza = message("pass");
		assert.is_nil(running.hooks["archive-should-store"][1](payload));
	end);

	local wishes = {
		{ "nobody said anything", nil, nil, false };
		{ "the operator said always", "always", nil, true };
		{ "the operator said never", "never", nil, false };
		{ "the operator said roster", "roster", nil, true };
		{ "the operator said true in words", "true", nil, true };
		{ "the operator said 1", 1, nil, true };
		{ "the operator said something else", "allways", nil, false };
		{ "the user said always", "never", { [false] = true }, true };
		{ "the user said never", true, { [false] = false }, false };
		{ "the user said never to this one", "always", { [false] = true, [bob] = false }, false };
		{ "the user said always to this one", nil, { [bob] = true }, true };
		{ "the user said roster", nil, { [false] = "roster" }, true };
	};
	for _, case in ipairs(wishes) do
		it("knows what is wanted when "..case[1], function ()
			local running, chain = start({ default_archive_policy = case[2] });
			running.prosody.hosts["example.com"].sessions.alice = { archive_prefs = case[3] };
			archived(running, message("pass"));
			assert.equal(case[4], chain.decisions[1][4].wanted or false);
		end);
	end
end);

describe("what a user wants", function ()
	local function preferences(get)
		local reads = 0;
		local function read() reads = reads + 1; return get(); end
		local running = server.new({ default_archive_policy = "always" }, { opened = { archive_prefs = { get = read } } });
		running.prosody.hosts["example.com"].sessions = {};
		local lib = running.module:require("preferences");
		return lib, running.prosody.hosts["example.com"].sessions, function () return reads; end;
	end

	it("is read once for each time that he is online, if he said nothing", function ()
		local lib, sessions, reads = preferences(function () end);
		for _ = 1, 2 do assert.is_true(lib.is_wanted("alice", bob)); end
		assert.equal(2, reads());
		sessions.alice = {};
		for _ = 1, 2 do assert.is_true(lib.is_wanted("alice", bob)); end
		assert.equal(3, reads());
		sessions.alice.archive_prefs = { [false] = false }; -- he says so
		assert.is_false(lib.is_wanted("alice", bob));
		sessions.alice = {};
		assert.is_true(lib.is_wanted("alice", bob));
		assert.equal(4, reads());
	end);

	it("is nothing if it cannot be read", function ()
		local answer = { nil, "the disk is gone" };
		local lib, sessions = preferences(function () return answer[1], answer[2]; end);
		sessions.alice = {};
		assert.is_false(lib.is_wanted("alice", bob));
		answer[2] = nil;
		assert.is_true(lib.is_wanted("alice", bob));
	end);

	it("is what the operator says now", function ()
		local running = server.new({ default_archive_policy = "always" });
		running.prosody.hosts["example.com"].sessions = { alice = { archive_prefs = {} } };
		local lib = running.module:require("preferences");
		assert.is_true(lib.is_wanted("alice", bob));
		running.config.default_archive_policy = "never";
		running.global_hooks["config-reloaded"]();
		assert.is_false(lib.is_wanted("alice", bob));
	end);
end);

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

local function sessions()
	local found = {};
	for _, name in ipairs({ "phone", "laptop" }) do
		found[name] = { full_jid = "alice@example.com/"..name, username = "alice", host = "example.com", want_carbons = "urn:xmpp:carbons:2" };
	end
	found.phone.wasm_publishes_keys = true;
	return found;
end

-- As mod_carbons: asks once, then looks at what each session asked for.
local function copied(running, stanza, all)
	running.prosody.bare_sessions["alice@example.com"] = { sessions = all };
	local got, payload = {}, nil;
	local event = { stanza = stanza, origin = server.client(alice) };
	fire(running, "pre-message/bare", event, -0.5, function ()
		payload = { stanza = event.stanza, session = event.origin };
		if not fire(running, "carbons-should-copy", payload, -1, function () return true; end) then return; end
		for name, session in pairs(all) do if session.want_carbons then got[#got + 1] = name; end end
	end);
	table.sort(got);
	return got, payload.reason;
end

describe("copies", function ()
	for _, case in ipairs({ { "pass", { "laptop", "phone" } }, { "drop", {} }, { "raise", {} }, { "limit", { "phone" } } }) do
		it("go where the ruling says: "..case[1], function ()
			local all = sessions();
			assert.same(case[2], (copied(start(), message(case[1]), all)));
			for _, session in pairs(all) do assert.equal("urn:xmpp:carbons:2", session.want_carbons); end
		end);
	end

	-- What mod_carbons would send no copy, it may not send one of which nobody was asked either.
	local function of_incoming(to, all, top)
		local running, chain = start();
		running.prosody.bare_sessions[bob] = { sessions = all, top_resources = top };
		for _, session in pairs(all) do running.prosody.full_sessions[session.full_jid] = session; end
		local event, wanting = { stanza = message("drop", { from = "carol@example.org/x", to = to }), origin = server.peer("s2sin") }, 0;
		fire(running, "message/"..(to:find("/") and "full" or "bare"), event, -0.5, function ()
			fire(running, "carbons-should-copy", { stanza = event.stanza, session = event.origin }, -1, function () return true; end);
			for _, session in pairs(all) do wanting = wanting + (session.want_carbons and 1 or 0); end
		end);
		for _, session in pairs(all) do assert.equal(session.had, session.want_carbons); end
		return #chain.decisions, wanting;
	end
	local function device(name, priority, want)
		local wanted = want ~= false and "urn:xmpp:carbons:2" or nil;
		return { full_jid = bob.."/"..name, priority = priority, want_carbons = wanted, had = wanted };
	end
	local phone, laptop, tablet = device("phone", 0), device("laptop", 5), device("tablet", 0, false);
	local incoming_cases = {
		-- what, to, devices, those that get it, how often is a policy asked, who asks for copies while mod_carbons looks
		{ "there is one device", bob, { phone }, { phone }, 0, 0 };
		{ "it is for the only device", bob.."/phone", { phone }, { phone }, 0, 0 };
		{ "no other asked for them", bob.."/phone", { phone, tablet }, { phone, tablet }, 0, 0 };
		{ "another asked for them", bob.."/tablet", { phone, tablet }, { phone, tablet }, 1, 1 };
		{ "it is for one of two", bob.."/phone", { phone, laptop }, { laptop }, 1, 2 };
		{ "one of two has the higher priority", bob, { phone, laptop }, { laptop }, 1, 2 };
		{ "both have the same", bob, { phone, device("desk", 0) }, { phone }, 0, 0 };
		{ "none of them is available", bob, { phone }, nil, 1, 1 };
		{ "it is for one that is gone", bob.."/gone", { phone, laptop }, { laptop }, 1, 2 };
	};
	for _, case in ipairs(incoming_cases) do
		it("are asked about "..case[5].." times when "..case[1], function ()
			assert.same({ case[5], case[6] }, { of_incoming(case[2], case[3], case[4]) });
		end);
	end

	it("of what a user sends are not asked about when he has one device", function ()
		local running, chain = start();
		local session = server.client(alice);
		session.want_carbons = "urn:xmpp:carbons:2";
		running.prosody.bare_sessions["alice@example.com"] = { sessions = { phone = session } };
		local event, wanted = { stanza = message("drop"), origin = session }, nil;
		fire(running, "pre-message/bare", event, -0.5, function ()
			fire(running, "carbons-should-copy", { stanza = event.stanza, session = session }, -1, function () return true; end);
			wanted = session.want_carbons;
		end);
		assert.is_nil(wanted);
		assert.same({ 0, "urn:xmpp:carbons:2" }, { #chain.decisions, session.want_carbons });
	end);

	it("are asked about whoever wants them, when nobody knows which way it goes", function ()
		local running, chain = start();
		running.prosody.bare_sessions[bob] = { sessions = { phone = phone } };
		assert.is_false(running.hooks["carbons-should-copy"][1]({ stanza = message("drop"), session = server.client(alice) }));
		assert.equal(1, #chain.decisions);
	end);

	-- A policy that is asked about a copy on its way may have a message sent.
	local nested = {
		-- how the other message is ruled, does it come to its end, who wants copies of the first after it, and when both are through
		{ "pass", true, 0, 2 };
		{ "limited", true, 0, 2 };
		{ "limited", false, 2, 2 }; -- as nobody does
	};
	for number, case in ipairs(nested) do
		it("go to nobody else because a policy sends a message while they are sent, case "..number, function ()
			local running, manner, is_ruling = server.new({}), "limited", false;
			local all = { phone = { want_carbons = "urn:xmpp:carbons:2" }, laptop = { want_carbons = "urn:xmpp:carbons:2" } };
			running.prosody.bare_sessions[bob] = { sessions = all };
			local copies = running.module:require("carbons").new({ rule = function () return { passes = true, manner = manner }; end },
				function () return is_ruling; end);
			local function wanting()
				local count = 0;
				for _, session in pairs(all) do count = count + (session.want_carbons and 1 or 0); end
				return count;
			end
			local payload = { stanza = message("hi", { from = "carol@example.org/x", to = bob }), session = {} };
			local function begin()
				copies.before({}, "incoming");
				assert.equal(2, wanting());
				copies.should_copy(payload);
				assert.equal(manner == "limited" and 0 or 2, wanting());
			end
			begin();
			is_ruling, manner = true, case[1] == "limited" and "limited" or nil;
			begin();
			if case[2] then copies.after(); else copies.before({}, "incoming"); end
			assert.equal(case[3], wanting());
			is_ruling = false;
			copies.after();
			copies.before({}, "incoming"); -- the next stanza
			assert.equal(case[4], wanting());
			copies.after();
			assert.equal(2, wanting());
			assert.is_false(copies.is_under_way());
		end);
	end

	it("say why not", function ()
		local _, reason = copied(start(), message("drop"), sessions());
		assert.equal("asked to", reason);
	end);
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
