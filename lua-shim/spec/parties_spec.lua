local folder = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or ".";
package.path = folder.."/?.lua;"..package.path;
local server = require "server";

local fake_server = server.new({});
local parties = fake_server.module:require("parties");
local hosts = fake_server.prosody.hosts;
local st = require "util.stanza";

describe("the source", function ()
	local session = { c2s = { type = "c2s" }, s2sin = { type = "s2sin" }, component = { type = "component" } };
	local cases = {
		-- origin, from, who
		{ session.c2s, "alice@example.com/phone", "user" };
		{ session.s2sin, "bob@example.org", "remote" };
		{ session.component, "bot@gateway.example.com", "component" };
		{ session.component, "room@rooms.example.com/nick", "component" }; -- it may claim any address
		{ hosts["rooms.example.com"], "room@rooms.example.com/nick", "room" };
		{ hosts["gateway.example.com"], "gateway.example.com", "component" };
		{ hosts["upload.example.com"], "upload.example.com", "service" };
		{ hosts["example.com"], "alice@example.com", "user" };
		{ hosts["example.com"], "example.com", "service" };
		{ hosts["example.com"], nil, "service" };
		{ nil, "bob@example.org", "remote" };
	};
	for number, case in ipairs(cases) do
		it(("is %s for %s, case %d"):format(case[3], tostring(case[2]), number), function ()
			assert.equal(case[3], parties.source(case[1], st.message({ from = case[2] })));
		end);
	end
end);

describe("the destination", function ()
	local cases = {
		{ nil, "user" };
		{ "bob@example.com", "user" };
		{ "bob@example.com/phone", "user" };
		{ "example.com", "service" };
		{ "example.com/echo", "service" };
		{ "upload.example.com", "service" };
		{ "someone@upload.example.com", "service" };
		{ "room@rooms.example.com", "room" };
		{ "room@rooms.example.com/nick", "room" };
		{ "rooms.example.com", "room" };
		{ "bot@gateway.example.com", "component" };
		{ "bob@example.org", "remote" };
		{ "example.org", "remote" };
	};
	for _, case in ipairs(cases) do
		it(("is %s for %s"):format(case[2], tostring(case[1])), function ()
			assert.equal(case[2], parties.destination({ type = "c2s" }, st.message({ to = case[1] })));
		end);
	end
end);

describe("a room elsewhere", function ()
	local alice = { type = "c2s", directed = { ["room@rooms.example.org/alice"] = true } };
	fake_server.prosody.full_sessions["alice@example.com/phone"] = alice;
	local s2sin, component = { type = "s2sin" }, { type = "component" };
	local function message(from, to, type) return st.message({ from = from, to = to, type = type }); end

	it("is a room to whom has entered it", function ()
		for _, case in ipairs({
			-- origin, from, to, type, who
			{ s2sin, "room@rooms.example.org/bob", "alice@example.com/phone", "groupchat", "room" };
			{ s2sin, "room@rooms.example.org", "alice@example.com/phone", "groupchat", "room" };
			{ s2sin, "room@rooms.example.org/bob", "alice@example.com/phone", "chat", "remote" };
			{ s2sin, "bob@example.org/x", "alice@example.com/phone", "groupchat", "remote" };
			{ s2sin, "room@rooms.example.org/bob", "carol@example.com/phone", "groupchat", "remote" };
			{ s2sin, "room@rooms.example.org/bob", "alice@example.com", "groupchat", "remote" };
			{ component, "room@rooms.example.org/bob", "alice@example.com/phone", "groupchat", "room" };
			{ component, "bob@gateway.example.com", "alice@example.com/phone", "groupchat", "component" };
		}) do
			assert.equal(case[5], parties.source(case[1], message(case[2], case[3], case[4])), case[2]);
		end
	end);

	it("is one to whom writes there", function ()
		assert.equal("room", parties.destination(alice, message(nil, "room@rooms.example.org", "groupchat")));
		assert.equal("remote", parties.destination(alice, message(nil, "room@rooms.example.org", "chat")));
		assert.equal("remote", parties.destination(alice, message(nil, "bob@example.org", "groupchat")));
		assert.equal("remote", parties.destination({ type = "c2s" }, message(nil, "room@rooms.example.org", "groupchat")));
	end);
end);
