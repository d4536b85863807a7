local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local fake_native = require "fake_native";
local st = require "util.stanza";

local alice, bob = "alice@example.com/phone", "bob@example.org/desk";

local function start(behaviour, config, options)
	options = options or {};
	options.native = fake_native.new(behaviour);
	local running = server.new(config or { wasm_policies = { e2ee = {} } }, options).load();
	return running, options.native.chains[1];
end

local function message(body, attributes)
	local attr = { from = alice, to = bob, type = "chat", id = "m1" };
	for name, value in pairs(attributes or {}) do attr[name] = value or nil; end
	return st.message(attr):text_tag("body", body):reset();
end

local function error_of(session)
	local reply = session.sent[1];
	if not reply then return nil; end
	local error_tag = reply:get_child("error");
	return error_tag.attr.type.." "..error_tag.tags[1].name.." "..(error_tag:get_child_text("text", "urn:ietf:params:xml:ns:xmpp-stanzas") or "");
end

describe("hooks", function ()
	it("are there once per event, at one priority, all three kinds", function ()
		local running = start();
		for _, kind in ipairs({ "message", "presence", "iq" }) do
			for _, event in ipairs({ "pre-%s/bare", "pre-%s/full", "pre-%s/host", "%s/bare", "%s/full" }) do
				local ours = 0;
				for _, handler in ipairs(running.handlers[event:format(kind)]) do
					if handler[2] == 95 then ours = ours + 1; end
				end
				assert.equal(1, ours);
			end
			for _, handler in ipairs(running.handlers[kind.."/host"] or {}) do assert.is_not.equal(95, handler[2]); end
		end
	end);

	it("on a component are those of arrival, its own address too", function ()
		local running = start(nil, nil, { host = "rooms.example.com" });
		assert.is_nil(running.hooks["pre-message/bare"]);
		assert.is_truthy(running.hooks["message/bare"]);
		assert.is_truthy(running.hooks["message/host"]);
	end);
end);

describe("a verdict", function ()
	local cases = {
		-- body, attributes, handled, error to the sender
		{ "hello", {}, nil, nil };
		{ "refuse", {}, true, "modify policy-violation Not here." };
		{ "refuse", { type = false }, true, "modify policy-violation Not here." };
		{ "refuse", { type = "error" }, true, nil };
		{ "refuse", { to = false }, true, "modify policy-violation Not here." };
		{ "drop", {}, true, nil };
		{ "raise", {}, true, "wait policy-violation This server cannot check messages at the moment, so it does not deliver them." };
		{ "nonsense", {}, true, "wait policy-violation This server cannot check messages at the moment, so it does not deliver them." };
		{ "break_edit", {}, true, "wait policy-violation This server cannot check messages at the moment, so it does not deliver them." };
		{ "raise", { type = "error" }, true, nil };
		{ "edit", {}, nil, nil };
	};
	for number, case in ipairs(cases) do
		it(("is applied: %s, case %d"):format(case[1], number), function ()
			local running, session = start(), server.client(alice);
			local handled = running.fire("pre-message/bare", message(case[1], case[2]), session);
			assert.equal(case[3], handled);
			assert.equal(case[4], error_of(session));
		end);
	end

	it("never becomes an error to a room or for presence", function ()
		local running = start({ interests = { message = { incoming = true }, presence = { outgoing = true } } });
		local room = running.prosody.hosts["rooms.example.com"];
		room.send = function () error("an error was sent to the room"); end
		assert.is_true(running.fire("message/full", message("refuse", { from = "room@rooms.example.com/nick", to = alice }), room));
		local session = server.client(alice);
		local presence = st.presence({ from = alice }):text_tag("status", "x"):text_tag("body", "refuse"):reset();
		assert.is_true(running.fire("pre-presence/bare", presence, session));
		assert.same({}, session.sent);
	end);

	it("is a drop when even the error cannot be sent", function ()
		local running, session = start(), server.client(alice);
		session.send = function () error("the connection is gone"); end
		assert.is_true(running.fire("pre-message/bare", message("refuse"), session));
		assert.is_true(running.fire("pre-message/bare", message("raise"), session));
	end);
end);

describe("a stanza of which nobody knows whether it is wanted", function ()
	it("is refused, and is not under way for ever", function ()
		local running = start({ interests = { message = { outgoing = { ["urn:x"] = true } } } });
		local broken = message("pass");
		broken.tags[1] = { name = "body" };
		assert.is_true(running.fire("pre-message/bare", broken, server.client(alice)));
		assert.is_truthy(running.logged("^error: Judging a stanza failed"));
		assert.is_true((pcall(running.module.save)));
	end);
end);

describe("an edit", function ()
	it("changes what leaves in place", function ()
		local running, stanza = start(), message("edit");
		local _, event = running.fire("pre-message/bare", stanza, server.client(alice));
		assert.equal(stanza, event.stanza);
		assert.equal("changed", stanza:get_child_text("body"));
	end);

	it("changes what arrives in a copy, others may get the same table", function ()
		local running, stanza = start(), message("edit", { from = bob, to = alice });
		local _, event = running.fire("message/bare", stanza, server.peer("s2sin"));
		assert.equal("edit", stanza:get_child_text("body"));
		assert.equal("changed", event.stanza:get_child_text("body"));
	end);
end);

describe("asking", function ()
	it("says who, which way and whether again", function ()
		local running, chain = start({ interests = { message = { outgoing = true, incoming = true, incoming_only = true } } });
		local session, stanza = server.client(alice), message("hello", { to = "carol@example.com" });
		local event = { origin = session, stanza = stanza };
		running.hooks["pre-message/bare"][1](event);
		running.hooks["message/bare"][1](event);
		running.fire("message/bare", message("hello", { from = bob, to = alice }), server.peer("s2sin"));
		local function words(decision) return { decision.asked, decision[1], decision[2], decision[3], decision[4] and decision[4].judged or false }; end
		assert.same({ "message", "outgoing", "user", "user", false }, words(chain.decisions[1]));
		assert.same({ "message", "incoming", "user", "user", true }, words(chain.decisions[2]));
		assert.same({ "message", "incoming", "remote", "user", false }, words(chain.decisions[3]));
		assert.equal("hello", chain.decisions[1].stanza:get_child_text("body"));
	end);

	it("is left out when all let such stanzas pass, on their way in", function ()
		local all = { outgoing = true, incoming = true, incoming_only = true };
		local exempt = { { "to-client" }, { "from-contact" } };
		local both = { { "to-client", "from-contact" } };
		local cases = {
			-- interests beside `all`, sender, recipient, is it asked about?
			{ {}, "carol", alice, true };
			{ { exempt = exempt }, "carol", alice, false };
			{ { exempt = exempt }, "carol", "alice@example.com", true };
			{ { exempt = exempt }, "bob", "alice@example.com", false };
			{ { exempt = both }, "bob", "alice@example.com", true };
			{ { exempt = both }, "carol", alice, true };
			{ { exempt = both }, "bob", alice, false };
			{ { exempt_only = exempt }, "bob", alice, true };
		};
		for number, case in ipairs(cases) do
			local interests = {};
			for name, value in pairs(all) do interests[name] = value; end
			for name, value in pairs(case[1]) do interests[name] = value; end
			local running, chain = start({ interests = { message = interests } });
			package.loaded["core.rostermanager"].load_roster = function () return { ["bob@example.org"] = { subscription = "both" } }; end;
			running.prosody.full_sessions[alice] = server.client(alice);
			running.fire("message/full", message("hello", { from = case[2].."@example.org", to = case[3] }), server.peer("s2sin"));
			assert.equal(case[4] and 1 or 0, #chain.decisions, number);
			running.fire("pre-message/full", message("hello", { from = alice, to = "bob@example.org/x" }), server.client(alice));
			assert.equal(case[4] and 2 or 1, #chain.decisions, number); -- what leaves is always asked about
		end
	end);

	-- As mod_presence does it: the same stanza in an event of its own.
	it("says again when a subscription is sent on, and not when presence goes to a contact", function ()
		local running, chain = start({ interests = { presence = { outgoing = true, incoming = true, incoming_only = true } } });
		local session = server.client(alice);
		local asking = st.presence({ from = alice, to = "carol@example.com/desk", type = "subscribe" });
		running.fire("pre-presence/full", asking, session);
		asking.attr.from, asking.attr.to = "alice@example.com", "carol@example.com";
		running.fire("presence/bare", asking, session);
		local broadcast = st.presence({ from = alice });
		running.fire("pre-presence/bare", broadcast, session);
		broadcast.attr.to = "carol@example.com";
		running.fire("presence/bare", broadcast, session);
		local again = {};
		for number, decision in ipairs(chain.decisions) do again[number] = decision[4] and decision[4].judged or false; end
		assert.same({ false, true, false, false }, again);
	end);

	local presence = st.presence({ from = alice });
	local interesting = st.iq({ from = alice, type = "set", id = "1" }):tag("q", { xmlns = "urn:test" }):reset();
	local cases = {
		{ "nobody wants presence", {}, "pre-presence/bare", presence, 0 };
		{ "everybody wants presence", { presence = { outgoing = true } }, "pre-presence/bare", presence, 1 };
		{ "only what arrives", { presence = { incoming = true } }, "pre-presence/bare", presence, 0 };
		{ "the namespace is wanted", { iq = { outgoing = { ["urn:test"] = true } } }, "pre-iq/bare", interesting, 1 };
		{ "another is wanted", { iq = { outgoing = { ["urn:other"] = true } } }, "pre-iq/bare", interesting, 0 };
		{ "the stream's is wanted", { message = { outgoing = { ["jabber:client"] = true } } }, "pre-message/bare", message("x"), 1 };
	};
	for _, case in ipairs(cases) do
		it("happens "..case[5].." times when "..case[1], function ()
			local running, chain = start({ interests = case[2] });
			assert.is_nil((running.fire(case[3], case[4], server.client(alice))));
			assert.equal(case[5], #chain.decisions);
		end);
	end

	it("comes with the subscription, if a policy asks for it", function ()
		local rosters = { alice = { ["bob@example.org"] = { subscription = "both" } } };
		local running, chain = start({ needs_roster = true }, nil, { rosters = rosters });
		running.fire("pre-message/bare", message("hello"), server.client(alice));
		running.fire("message/bare", message("hello", { from = bob, to = alice }), server.peer("s2sin"));
		running.fire("pre-message/bare", message("hello", { to = "eve@example.org" }), server.client(alice));
		assert.equal("both", chain.decisions[1][4].subscription);
		assert.equal("both", chain.decisions[2][4].subscription);
		assert.equal("none", chain.decisions[3][4].subscription);
	end);
end);

describe("effects", function ()
	it("notify the sender without being judged themselves", function ()
		local running, chain = start();
		local session = server.client(alice);
		running.fire("pre-message/bare", message("notify"), session);
		local notice = session.sent[1];
		assert.equal("headline example.com "..alice, notice.attr.type.." "..notice.attr.from.." "..notice.attr.to);
		assert.equal("Notice.", notice:get_child_text("body"));
		running.fire("message/full", notice, running.prosody.hosts["example.com"]);
		assert.equal(1, #chain.decisions);
	end);

	it("do not notify strangers", function ()
		local running = start();
		local peer = server.peer("s2sin");
		running.fire("message/bare", message("notify", { from = bob, to = alice }), peer);
		assert.same({}, peer.sent);
		assert.same({}, running.sent);
	end);

	it("are kept in the store", function ()
		local running = start();
		running.fire("pre-message/bare", message("store"), server.client(alice));
		assert.equal("base64:AHZhbHVl", running.stores["policy:e2ee"].key);
		assert.same({ key = "\0value" }, running.module:require("store").read("e2ee"));
	end);

	it("are one line in the log", function ()
		local running = start();
		running.fire("pre-message/bare", message("log"), server.client(alice));
		assert.is_truthy(running.logged("^warn: e2ee: a line and more$"));
	end);

	it("that fail are logged and change nothing", function ()
		local running = start(nil, nil, { stores = { broken = true } });
		assert.is_nil((running.fire("pre-message/bare", message("store"), server.client(alice))));
		assert.is_truthy(running.logged("^error: Writing the store of policy e2ee failed"));
	end);
end);

describe("the log", function ()
	it("has one line per decision, without names or texts", function ()
		local running = start();
		running.fire("pre-message/bare", message("refuse"), server.client(alice));
		assert.is_truthy(running.logged("^debug: decision policy=e2ee hook=message%-policy kind=message direction=outgoing "
			.."verdict=bounce reason=asked_to us=1%.5$"));
		running.fire("pre-message/bare", message("hello"), server.client(alice));
		assert.is_truthy(running.logged("policy=%- hook=message%-policy kind=message direction=outgoing verdict=pass reason=%- us=1%.5$"));
		running.fire("pre-message/bare", message("edit"), server.client(alice));
		assert.is_truthy(running.logged("verdict=edit"));
		assert.is_nil(running.logged("alice"));
	end);

	it("reports failures once a minute", function ()
		local running = start();
		for _ = 1, 100 do running.fire("pre-message/bare", message("raise"), server.client(alice)); end
		local reports = 0;
		for _, line in ipairs(running.log) do
			if line:find("^error: Judging") then reports = reports + 1; end
		end
		assert.equal(1, reports);
	end);
end);
