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
			assert.equal(case[2], parties.destination(st.message({ to = case[1] })));
		end);
	end
end);
