-- Inactive clients, with Prosody's own filters and a stand-in for mod_smacks.
local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local filters = require "util.filters";
local st = require "util.stanza";
local bob = "bob@example.com/phone";

local function message(text, attr)
	attr = attr or {};
	return st.message({ from = attr.from or "alice@example.com/desk", to = bob, type = attr.type or "chat" }, text);
end

local function texts(session)
	local found = {};
	for i, stanza in ipairs(session.sent) do found[i] = stanza.name == "message" and stanza:get_child_text("body") or stanza.name; end
	return table.concat(found, " ");
end

local function start(behaviour, config)
	behaviour = behaviour or {};
	behaviour.hears = behaviour.hears or { ["delivery-policy"] = true };
	behaviour.interests = {};
	config = config or {};
	config.wasm_policies = { e2ee = { path = "/fake/e2ee.wasm" } };
	local native = fake_native.new(behaviour);
	local running = server.new(config, { native = native });
	running.prosody.hosts["example.com"].sessions = {};
	running.load();
	running.settle();
	running.chain = native.chains[1];
	return running;
end

-- A client whose stanzas go through Prosody's filters, and is known to the host.
local function connect(running)
	local session = server.client(bob);
	session.conn = {};
	filters.initialize(session);
	session.send = function (stanza)
		stanza = session.filter("stanzas/out", stanza);
		if stanza then table.insert(session.sent, stanza); end
		return true;
	end;
	running.prosody.hosts["example.com"].sessions.bob = { sessions = { phone = session } };
	return session;
end

local function say(running, session, state)
	session.state = state;
	running.module:fire_event("csi-client-"..state, { origin = session, stanza = st.stanza(state) });
end

local function inactive(behaviour, config)
	local running = start(behaviour, config);
	local session = connect(running);
	say(running, session, "inactive");
	return running, session;
end

describe("an inactive client", function ()
	local cases = {
		{ "at once", { "pass" }, "pass", "" },
		{ "held until it is active", { "limit" }, "", "limit" },
		{ "held until something goes at once", { "limit", "pass" }, "limit pass", "" },
		{ "only the newest under one key", { "replace", "limit", "replace" }, "", "limit replace" },
		{ "discarded", { "drop", "limit", "drop" }, "", "limit" },
		{ "changed", { "edit" }, "changed", "" },
		{ "at once when the policy fails", { "limit", "raise" }, "limit raise", "" },
		{ "at once when an edit cannot be made", { "break_edit" }, "break_edit", "" },
		{ "at once when it is refused, which means nothing here", { "refuse" }, "refuse", "" },
	};
	for _, case in ipairs(cases) do
		it("gets what is "..case[1], function ()
			local running, session = inactive();
			for _, text in ipairs(case[2]) do session.send(message(text)); end
			assert.equal(case[3], texts(session));
			session.sent = {};
			say(running, session, "active");
			assert.equal(case[4], texts(session));
			session.send(message("limit"));
			assert.equal(case[4] == "" and "limit" or case[4].." limit", texts(session), "an active client is not asked about");
		end);
	end

	it("gets iqs and what is no stanza at once, after what is held", function ()
		for _, stanza in ipairs({ st.iq({ type = "result", id = "1" }), st.stanza("r", { xmlns = "urn:xmpp:sm:3" }) }) do
			local running, session = inactive();
			session.send(message("limit"));
			session.send(stanza);
			assert.equal("limit "..stanza.name, texts(session));
			assert.equal(1, #running.chain.decisions);
		end
	end);

	it("gets what is held with the moment in which it would have been delivered", function ()
		local running, session = inactive();
		local room = { from = "room@rooms.example.com/a", type = "groupchat" };
		for _, case in ipairs({ { nil, true }, { "victim@elsewhere", true }, { "alice@example.com", true }, { "example.com", false },
			{ "bob@example.com", false }, { "room@rooms.example.com", false, room }, { "room@rooms.example.com", true } }) do
			local original = message("limit", case[3]);
			if case[1] then original:tag("delay", { xmlns = "urn:xmpp:delay", from = case[1], stamp = "old" }):up(); end
			session.send(original);
			assert.equal(case[1] and 2 or 1, #original.tags, "others may have the same stanza");
			say(running, session, "active");
			local stamps = {};
			for delay in session.sent[1]:childtags("delay", "urn:xmpp:delay") do stamps[#stamps + 1] = delay.attr.from; end
			assert.same({ case[1], case[2] and "bob@example.com" or nil }, { case[1] and stamps[1], stamps[case[1] and 2 or 1] });
			session.sent = {};
			say(running, session, "inactive");
		end
	end);

	it("gets what is held as soon as it sends something", function ()
		local _, session = inactive();
		session.send(message("limit"));
		session.filter("bytes/in", " ");
		assert.equal("limit", texts(session));
	end);

	it("is asked about with what it is called in the room, and who is asked about is nobody's session", function ()
		local running, session = inactive();
		session.directed = { ["room@elsewhere/bobby"] = true };
		session.send(message("pass", { from = "room@elsewhere/alice", type = "groupchat" }));
		session.send(message("pass"));
		local first, second = table.unpack(running.chain.decisions);
		assert.same({ "delivery", "incoming", "user", "bobby" }, { first.asked, first[1], first[3], first[4].nickname });
		assert.is_nil(second[4].nickname);
		assert.equal("user", second[2]);
	end);

	it("is asked about for presence, too", function ()
		local running, session = inactive();
		session.send(st.presence({ from = "alice@example.com/desk", to = bob }));
		assert.equal("presence-delivery", running.chain.decisions[1].asked);
	end);

	it("is not asked about over BOSH for what is no stanza, and is for what is one", function ()
		local running, session = inactive();
		local bosh = message("limit");
		bosh.attr.xmlns = "jabber:client";
		session.send(bosh);
		assert.equal("", texts(session));
		assert.equal(" ", session.filter("stanzas/out", " "));
		assert.equal("limit", texts(session));
		assert.is_nil(running.logged("failed"));
	end);

	it("gets its own presence back at once", function ()
		local running, session = inactive();
		session.send(st.presence({ from = bob }));
		assert.same({ "presence", 0 }, { texts(session), #running.chain.decisions });
	end);

	local function presence_of(nick, attr, ...)
		attr = attr or {};
		local stanza = st.presence({ from = "room@elsewhere/"..nick, to = bob, type = attr.type }):tag("x", { xmlns = "http://jabber.org/protocol/muc#user" });
		for _, code in ipairs({ ... }) do stanza:tag("status", { code = code }):up(); end
		return stanza:reset();
	end

	local nicknames = {
		{ "that of the room", { "new" }, { presence_of("new", nil, "110") }, "new" },
		{ "the new one", { "old", "new" },
			{ presence_of("old", nil, "110"), presence_of("old", { type = "unavailable" }, "303", "110"), presence_of("new", nil, "110") }, "new" },
		{ "not that of somebody else", { "mine" }, { presence_of("other") }, "mine" },
		{ "not what somebody says who is no room", {}, { presence_of("mine", nil, "110") }, nil },
		{ "nobody's when there are several", { "old", "new" }, {}, nil },
		{ "nobody's after leaving", {}, { presence_of("mine", nil, "110"), presence_of("mine", { type = "unavailable" }, "110") }, nil },
	};
	for _, case in ipairs(nicknames) do
		it("has as nickname in a room elsewhere "..case[1], function ()
			local running, session = inactive();
			running.prosody.full_sessions[bob] = session;
			session.directed = {};
			for _, nick in ipairs(case[2]) do session.directed["room@elsewhere/"..nick] = true; end
			for _, stanza in ipairs(case[3]) do running.module:fire_event("presence/full", { stanza = stanza }); end
			session.send(message("pass", { from = "room@elsewhere/alice", type = "groupchat" }));
			assert.equal(case[4], running.chain.decisions[1][4].nickname);
		end);
	end

	for _, hears in ipairs({ {}, { ["message-policy"] = true } }) do
		it("is as without mod_wasm when nobody wants to be asked", function ()
			local running, session = inactive({ hears = hears });
			session.send(message("limit"));
			assert.same({ "limit", 0 }, { texts(session), #running.chain.decisions });
		end);
	end

	it("gets everything while nobody can be asked", function ()
		local running = start({ chain_error = "there is no memory" });
		local session = connect(running);
		say(running, session, "inactive");
		session.send(message("limit"));
		assert.equal("limit", texts(session));
	end);
end);

describe("what is held", function ()
	it("is at most as much as mod_csi_simple holds, then all of it goes, oldest first", function ()
		local _, session = inactive(nil, { csi_queue_size = 3 });
		for i = 1, 7 do session.send(message("limit", { from = "alice@example.com/"..i })); end
		local from = {};
		for i, stanza in ipairs(session.sent) do from[i] = stanza.attr.from:match("%d$"); end
		assert.equal("123456", table.concat(from));
	end);

	it("is at most so many bytes; what is larger than all of them is not held", function ()
		local _, session = inactive();
		local function padded(bytes) return message("limit"):text_tag("padding", ("x"):rep(bytes), { xmlns = "urn:padding" }); end
		session.send(padded(800000));
		assert.equal(0, #session.sent);
		session.send(padded(400000));
		assert.equal(1, #session.sent);
		session.send(padded(1100000));
		assert.equal(3, #session.sent);
		local many = message("limit");
		for _ = 1, 3480 do many:tag("x"):up(); end
		session.send(many);
		session.send(message("limit"));
		assert.equal(4, #session.sent, "elements weigh, too");
	end);

	it("fits into the queue of mod_smacks with what is there", function ()
		local _, session = inactive(nil, { smacks_max_queue_size = 10 });
		local unacknowledged = 0;
		session.smacks, session.outgoing_stanza_queue = "urn:xmpp:sm:3", { count_unacked = function () return unacknowledged; end };
		unacknowledged = 5;
		for _ = 1, 5 do session.send(message("limit")); end
		assert.equal(4, #session.sent);
		unacknowledged = 9;
		session.send(message("limit"));
		assert.equal(6, #session.sent, "what cannot wait does not");
	end);

	it("goes when the last policy that wants to be asked goes", function ()
		local running, session = inactive();
		session.send(message("limit"));
		running.config.wasm_policies = {};
		running.global_hooks["config-reloaded"]();
		assert.equal("limit", texts(session));
	end);

	it("goes when mod_wasm is unloaded, and nothing of it stays", function ()
		local running, session = inactive();
		session.send(message("limit"));
		running.module.unload();
		assert.equal("limit", texts(session));
		session.send(message("limit"));
		assert.equal("limit limit", texts(session));
	end);

	it("is held again for those who were inactive before mod_wasm was loaded", function ()
		local native = fake_native.new({ hears = { ["delivery-policy"] = true }, interests = {} });
		local running = server.new({ wasm_policies = { e2ee = { path = "/fake/e2ee.wasm" } } }, { native = native });
		running.prosody.hosts["example.com"].sessions = {};
		local session = connect(running);
		session.state = "inactive";
		running.load();
		running.settle();
		session.send(message("limit"));
		assert.equal("", texts(session));
	end);
end);

describe("a connection that is lost", function ()
	-- As mod_smacks: counts at the end of the filters, keeps what nobody acknowledged.
	local function with_smacks(session, token)
		session.smacks, session.resumption_token, session.queue = "urn:xmpp:sm:3", token, {};
		session.outgoing_stanza_queue = { count_unacked = function () return #session.queue; end };
		filters.add_filter(session, "stanzas/out", function (stanza)
			table.insert(session.queue, stanza);
			return not session.hibernating and stanza or nil;
		end, -999);
	end

	local function queued(session)
		local found = {};
		for i, stanza in ipairs(session.queue) do found[i] = stanza:get_child_text("body"); end
		return table.concat(found, " ");
	end

	it("keeps what is held out of the queue until something follows, and in order", function ()
		local running, session = inactive();
		with_smacks(session, "token");
		session.send(message("limit"));
		running.module:fire_event("pre-resource-unbind", { session = session });
		session.hibernating = 1;
		assert.equal("", queued(session));
		session.send(message("replace"));
		session.send(message("pass"));
		assert.equal("limit replace pass", queued(session));
		session.send(message("limit"));
		-- A new connection has filters of its own.
		session.hibernating, session.filters, session.sent = nil, nil, {};
		filters.initialize(session);
		running.module:fire_event("smacks-hibernation-end", { resumed = session });
		assert.same({ "limit", "active" }, { texts(session), session.state });
		session.send(message("limit"));
		assert.equal("limit limit", texts(session), "a new stream begins active");
	end);

	it("gives what is held to mod_smacks when the session ends for good", function ()
		for _, hibernating in ipairs({ false, 1 }) do
			local running, session = inactive();
			with_smacks(session, nil);
			session.hibernating = hibernating or nil;
			session.send(message("limit"));
			running.module:fire_event("pre-resource-unbind", { session = session });
			assert.equal("limit", queued(session));
		end
	end);

	it("keeps what is held out of a stream that mod_smacks has given up, until it is given back", function ()
		local running, session = inactive();
		session.send(message("limit"));
		session.smacks = false;
		session.send(message("pass"));
		assert.equal("pass", texts(session));
		running.module:fire_event("pre-resource-unbind", { session = session });
		assert.equal(1, #running.sent);
	end);

	it("gives the rest to mod_smacks when one of them fails", function ()
		local running, session = inactive();
		with_smacks(session, nil);
		for _, text in ipairs({ "limit", "limit" }) do session.send(message(text)); end
		local count = 0;
		filters.add_filter(session, "stanzas/out", function (stanza)
			count = count + 1;
			if count == 1 then error("there is no connection"); end
			return stanza;
		end, 0);
		running.module:fire_event("pre-resource-unbind", { session = session });
		assert.same({ "limit", "inactive" }, { queued(session), session.state });
	end);

	local orphans = {
		{ "a chat message", message("limit"), 1 },
		{ "a message without type", st.message({ from = "alice@example.com/desk", to = bob }, "limit"), 1 },
		{ "a headline", message("limit", { type = "headline" }), 0 },
		{ "what was said in a room", message("limit", { type = "groupchat", from = "room@rooms.example.com/a" }), 0 },
		{ "a private message from a room", message("limit", { from = "room@rooms.example.com/a" }), 0 },
		{ "the user's own", message("limit", { from = "bob@example.com" }), 0 },
		{ "an error", message("limit", { type = "error" }), 0 },
	};
	for _, case in ipairs(orphans) do
		it(("without mod_smacks sends back %d of %s"):format(case[3], case[1]), function ()
			local running, session = inactive();
			session.send(st.clone(case[2]));
			running.module:fire_event("pre-resource-unbind", { session = session });
			assert.equal(case[3], #running.sent);
			if case[3] == 1 then assert.is_truthy(running.sent[1]:find("error/{urn:ietf:params:xml:ns:xmpp-stanzas}recipient-unavailable")); end
		end);
	end

	it("without mod_smacks sends nothing back that another device may have", function ()
		local online, low, unseen = { presence = {}, priority = 5 }, { presence = {}, priority = 0 }, {};
		for _, case in ipairs({ { bob, online, 1 }, { "bob@example.com", online, 0 }, { "bob@example.com", low, 1 }, { "bob@example.com", unseen, 1 } }) do
			local running, session = inactive();
			session.priority = 5;
			running.prosody.hosts["example.com"].sessions.bob.sessions.laptop = case[2];
			local stanza = message("limit");
			stanza.attr.to = case[1];
			session.send(stanza);
			running.module:fire_event("pre-session-close", { session = session });
			assert.equal(case[3], #running.sent);
		end
	end);

	it("without mod_smacks leaves to others what they look after", function ()
		local running, session = inactive();
		running.module:hook("delivery/failure", function (event) return event.session == session; end);
		session.send(message("limit"));
		running.module:fire_event("pre-resource-unbind", { session = session });
		assert.equal(0, #running.sent);
	end);
end);

describe("beside mod_csi_simple", function ()
	it("what comes as far is important", function ()
		local running, session = inactive();
		assert.is_true(running.module:fire_event("csi-is-stanza-important", { stanza = message("x"), session = session }));
		local without = inactive({ hears = {} });
		assert.is_nil(without.module:fire_event("csi-is-stanza-important", { stanza = message("x"), session = session }));
	end);

	it("everything passes while it lets everything pass", function ()
		local running, session = inactive();
		running.prosody.hosts["example.com"].modules.csi_simple = {};
		session.send(message("limit"));
		session.state = "flushing";
		session.send(message("limit"));
		assert.equal("limit limit", texts(session));
		running.prosody.hosts["example.com"].modules.csi_simple = nil; -- unloaded, which leaves the state
		session.send(message("limit"));
		assert.equal("limit limit", texts(session));
	end);
end);
