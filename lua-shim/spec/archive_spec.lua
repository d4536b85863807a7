-- The archives of users: what mod_mam stores and hands on, and who wanted it.
local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local st = require "util.stanza";
local keeping = require "keeping_server";
local alice, bob, message, start, fire = keeping.alice, keeping.bob, keeping.message, keeping.start, keeping.fire;

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
