-- Copies for the other devices of a user, as mod_carbons makes them.
local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";
local keeping = require "keeping_server";
local alice, bob, message, start, fire = keeping.alice, keeping.bob, keeping.message, keeping.start, keeping.fire;

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
